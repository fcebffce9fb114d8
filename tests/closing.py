"""Sealed quarters for tests: what the cast handed in, and the seal; inside an application context."""

from datetime import date

from tests.conftest import Cast
from tests.reporting import Q1, content, rate, report_duty, review, submit
from tracker.ledger import corrections, plans, snapshots
from tracker.ledger.db import transaction
from tracker.ledger.tables.snapshots import Correction, Snapshot
from tracker.rules.quarters import Quarter
from tracker.rules.reports import Verdict

SEALING = date(2025, 4, 25)
REPORTED = date(2025, 4, 3)
LATER = date(2025, 5, 20)


def report_first_item(cast: Cast, done: str = "60", on: date = REPORTED) -> None:
    """县司法局 reports on the first item, with a rate of so many per cent, and the office accepts it."""
    duty = report_duty(cast)
    said = content("已建成专栏，预公开草案6件。", {rate(cast): done}, problems="人手不足。")
    report = submit(cast, said, duty, on=on)
    review(cast, report, Verdict.ACCEPT, on=on)


def seal(
    cast: Cast,
    by: str = "clerk",
    on: date = SEALING,
    as_of: date | None = None,
    quarter: Quarter = Q1,
    plan_id: int | None = None,
) -> Snapshot:
    """The cast's own plan where none is named."""
    with transaction():
        plan = plans.plan_of(cast.county, plan_id or cast.plan)
        return snapshots.seal(cast.act(by, on), plan, quarter, as_of or on, leads=by == "leader")


def correct(cast: Cast, snapshot: Snapshot, *items: int, on: date = LATER, reason: str = "数据录入有误") -> Correction:
    """Open the reports of 县司法局 on these items."""
    duties = [report_duty(cast, item).id for item in items]
    with transaction():
        return corrections.start(cast.act(on=on), snapshot, duties, reason, leads=False)


def finish(cast: Cast, correction: Correction, on: date = LATER) -> Snapshot:
    with transaction():
        return corrections.finish(cast.act(on=on), correction, leads=False)
