"""What the pages of the office's dated rules share: what holds, what is ahead, what was, and the day to begin on."""

from collections.abc import Callable
from datetime import date

from tracker.ledger import dated_rules
from tracker.ledger.db import transaction
from tracker.ledger.tables.dated_rules import DatedRule
from tracker.rules.refusals import Invalid
from tracker.web.access import visitor
from tracker.web.history import in_words


def shown(table: type[DatedRule]) -> dict[str, object]:
    """For `macros/dated_rules.html`."""
    me = visitor()
    versions = dated_rules.versions(table, me.organisation_id)
    begun = [each for each in versions if each.starts_on <= me.today]
    return {
        "version": begun[0] if begun else None,
        "ahead": [each for each in versions if each.starts_on > me.today],
        "past": begun[1:],
        "acts": dated_rules.acts(table, me.organisation_id),
        "in_words": in_words,
    }


def start(typed: str, put: Callable[[date], object]) -> date:
    """Put a rule in force from the day as it was typed; raise Invalid where it is none, or cannot be."""
    try:
        starts_on = date.fromisoformat(typed)
    except ValueError:
        raise Invalid("启用日期不存在，请按 2025-08-31 的格式填写。") from None
    with transaction():
        put(starts_on)
    return starts_on
