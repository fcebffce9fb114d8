"""What calls for an alert on a day, in the database's words: a count on every page cannot fetch every duty.

Each kind of alert has one source (`ledger/alert_sources.py`); all of them give the same columns, so that they can be
raised, counted and listed as one.  `rules.alerts` says which step of a kind holds; here its windows become a CASE.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, case, literal, select, union_all

from tracker.ledger.alert_rules import rule_on
from tracker.ledger.alert_sources import Source, later_day, sources, values_of
from tracker.ledger.standing import Scope
from tracker.ledger.tables.alerts import Alert
from tracker.rules.alerts import AlertKind, Audience, Steps, Window, windows

COLUMNS = ("subject", "subject_id", "duty_id", "unit_id", "kind", "step", "due")
MOST_SHAPES = 32  # of audiences and steps


class Matters(NamedTuple):
    """What calls for an alert, with its `audience`; to be asked with the values."""

    matter: Subquery
    values: Mapping[str, object]


def matters(
    organisation_id: int, audiences: Iterable[Audience], as_of: date, scope: Scope = None, steps: Steps | None = None
) -> Matters:
    """With the step that holds on the day; `steps` are the office's where none are given.

    What is open is looked for once for all audiences.  The same audiences and steps get the same subquery, so that
    what is asked of it can be remembered by it.
    """
    held = _held(audiences, as_of, steps or rule_on(organisation_id, as_of).steps)
    values = values_of(organisation_id, scope, as_of, max((found[0].last for found in held.values()), default=as_of))
    for called, found in held.items():
        for window in found:
            values[_edge(*called, window.step, "first")] = window.first
            values[_edge(*called, window.step, "last")] = window.last
    shape = tuple((*called, tuple(window.step for window in found)) for called, found in held.items())
    return Matters(_matters(shape, scope is not None), values)


def _held(
    audiences: Iterable[Audience], as_of: date, steps: Steps
) -> Mapping[tuple[AlertKind, Audience], Sequence[Window]]:
    """The steps that speak to each audience on the day; of a kind those first that hold for the latest days."""
    every = {(kind, each): windows(kind, each, as_of, steps) for each in audiences for kind in AlertKind}
    return {called: held for called, held in every.items() if held}


@lru_cache(MOST_SHAPES)
def _matters(shape: tuple[tuple[AlertKind, Audience, tuple[int, ...]], ...], scoped: bool) -> Subquery:
    of_kind = sources(scoped)
    found = union_all(*(_calling(of_kind[kind], kind, audience, steps) for kind, audience, steps in shape))
    # Within the subquery, so that what is done with it is an INSERT or SELECT from its first word on: the driver of
    # SQLite counts the rows of no other.
    tables = list(dict.fromkeys(source.found for source in of_kind.values()))
    return found.add_cte(*tables, nest_here=True).subquery("matter")


def _calling(source: Source, kind: AlertKind, audience: Audience, steps: Sequence[int]) -> Select[Any]:
    """The source's matters at the step that holds for each."""
    found = source.found.c
    held = [
        Window(step, *(later_day(_edge(kind, audience, step, edge)) for edge in ("first", "last"))) for step in steps
    ]
    step = case(*((found.due.between(each.first, each.last), each.step) for each in held))
    return select(
        literal(source.subject, Alert.subject.type).label("subject"),
        found.subject_id,
        found.duty_id,
        found.unit_id,
        literal(kind, Alert.kind.type).label("kind"),
        step.label("step"),
        found.due,
        literal(audience, Alert.audience.type).label("audience"),
    ).where(source.only, found.due.between(held[-1].first, held[0].last))


def _edge(kind: AlertKind, audience: Audience, step: int, edge: str) -> str:
    return f"{kind}_{audience}_{edge}_{step}".replace("-", "before_")
