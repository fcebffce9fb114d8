"""Inspections for tests: planning, notifying, recording, and what follows; inside an application context."""

from collections.abc import Sequence
from datetime import date
from itertools import count

from tests.conftest import TODAY, Cast
from tests.reporting import Q1
from tracker.ledger import inspection_lists, inspection_parts, inspection_results, inspections
from tracker.ledger.db import db, transaction
from tracker.ledger.inspection_results import Entry, Outcome
from tracker.ledger.inspections import InspectionText
from tracker.ledger.tables.inspections import Inspection, InspectionPart
from tracker.ledger.tables.plans import Plan
from tracker.rules.inspection_results import STANDARD_CRITERIA, Answer, Verdict
from tracker.rules.inspections import Dates, Method, Reach

DATES = Dates(date(2025, 4, 7), date(2025, 4, 18), date(2025, 4, 10))
_number = count(1)


def text(cast: Cast, checkers: Sequence[str] = ("inspector", "clerk"), **more) -> InspectionText:
    known = {
        "title": "第一季度检查",
        "basis": "计划要求每季度检查。",
        "criteria": STANDARD_CRITERIA,
        "methods": [Method.ON_SITE],
        "dates": DATES,
        "checkers": [cast.people[login] for login in checkers],
    }
    return InspectionText(**(known | more))


def planned(cast: Cast, by="clerk", on: date = TODAY, **more) -> Inspection:
    with transaction():
        plan = db.session.get_one(Plan, cast.plan)
        return inspections.plan(cast.act(by, on), plan, Q1, text(cast, **more))


def notified(cast: Cast, units: Sequence[str] = ("县司法局",), on: date = TODAY, **more) -> Inspection:
    """Of some units alone, so that a test has few verdicts to give."""
    chosen = {"reach": Reach.CHOSEN, "unit_ids": [cast.units[name] for name in units]}
    made = planned(cast, on=on, **(chosen | more))
    with transaction():
        inspections.notify(cast.act("clerk", on), made, made.version)
    return made


def part(cast: Cast, made: Inspection, unit="县司法局") -> InspectionPart:
    return inspection_lists.part_of(made, cast.units[unit], None)


def entry(of: InspectionPart, verdict=Verdict.MET, fact="", item: int | None = 0, criterion="及时", **more) -> Entry:
    """`item` is a place among the part's items, None the unit as a whole."""
    known = {"key": f"test-{next(_number)}", "seen": 0} | more
    item_id = of.items[item] if item is not None else None
    return Entry(known["key"], item_id, criterion, Answer(verdict, fact), known["seen"], more.get("photos", ()))


def record(cast: Cast, of: InspectionPart, what: Entry, by="inspector", on: date = TODAY, *, by_unit=False) -> Outcome:
    with transaction():
        return inspection_results.record(cast.act(by, on), of, what, by_unit=by_unit)


def recorded(cast: Cast, made: Inspection, unit="县司法局", by="inspector", on: date = TODAY, bad=()) -> InspectionPart:
    """Every place of the part is met, but for those that `bad` names by place of the item and criterion."""
    of = part(cast, made, unit)
    for place in range(len(of.items)):
        for criterion in made.criteria:
            failed = (place, criterion) in bad
            verdict = Verdict.NOT_MET if failed else Verdict.MET
            record(cast, of, entry(of, verdict, "两个月未更新。" if failed else "", place, criterion), by, on)
    return of


def facts_sent(cast: Cast, made: Inspection, unit="县司法局", on: date = TODAY, **more) -> InspectionPart:
    of = recorded(cast, made, unit, on=on, **more)
    with transaction():
        inspection_parts.send_facts(cast.act("inspector", on), of)
    return of
