"""What a form asks for: carried out, or refused beside the field that is to blame."""

from collections.abc import Callable

from wtforms import Field

from tracker.ledger.db import transaction
from tracker.rules.refusals import Invalid


def carried_out(field: Field, verb: Callable[[], object]) -> bool:
    """Carry out one act; where it is refused, say so at the field, which keeps what was typed."""
    try:
        with transaction():
            verb()
    except Invalid as refusal:
        field.errors = [*field.errors, refusal.sentence]
        return False
    return True
