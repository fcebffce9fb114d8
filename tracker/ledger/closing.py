"""Before a quarter is closed (关账检查): what is missing, and what would be sealed now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import db
from tracker.ledger.snapshot_content import content_of
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.inspections import Inspection
from tracker.ledger.tables.plans import Item, Plan
from tracker.rules import closing as rules
from tracker.rules.closing import About, Lack, Missing
from tracker.rules.extensions import OPEN
from tracker.rules.inspections import InspectionState
from tracker.rules.quarters import Quarter
from tracker.rules.snapshots import Snapshot


@dataclass(frozen=True)
class Check:
    """What the closing page shows: `content` is what would be sealed now."""

    content: Snapshot
    missing: Mapping[Lack, list[Missing]]

    @property
    def listed(self) -> list[str]:
        """The units that would be named as not having reported, in the register's order."""
        return [self.content.unit_by_id[f.unit_id].name for f in self.content.filings if f.missing]


def check(plan: Plan, quarter: Quarter, as_of: date) -> Check:
    content = content_of(plan, quarter, as_of)
    found: dict[Lack, list[Missing]] = {lack: [] for lack in Lack}
    for one in _missing(plan, quarter, content):
        found[one.lack].append(one)
    return Check(content, found)


def _missing(plan: Plan, quarter: Quarter, content: Snapshot) -> Iterator[Missing]:
    yield from rules.lacking_reports(content)
    yield from _extensions(plan, quarter)
    yield from _objections(plan, quarter)
    yield from rules.lacking_rectifications(content)
    yield from rules.lacking_instructions(content)
    yield from _inspections(plan, quarter)
    yield from _calendar(quarter)


def _extensions(plan: Plan, quarter: Quarter) -> Iterator[Missing]:
    """Applied for and not decided, of what fell due by the quarter's end."""
    query = (
        select(Extension)
        .join(Extension.duty)
        .where(Duty.plan_id == plan.id, Duty.quarter <= quarter, Extension.state.in_(OPEN))
        .order_by(Extension.id)
        .options(joinedload(Extension.duty).options(joinedload(Duty.unit), joinedload(Duty.item)))
    )
    for each in db.session.scalars(query):
        what = f"第{each.duty.item.position}项 {each.duty.label}"
        yield Missing(Lack.EXTENSIONS, About.EXTENSION, each.id, each.duty.unit.name, what)


def _objections(plan: Plan, quarter: Quarter) -> Iterator[Missing]:
    query = (
        select(Finding)
        .join(Finding.item)
        .where(Item.plan_id == plan.id, Finding.quarter == quarter, Finding.objected_on.is_not(None))
        .order_by(Finding.id)
        .options(joinedload(Finding.unit))
    )
    for finding in db.session.scalars(query):
        yield Missing(Lack.OBJECTIONS, About.FINDING, finding.id, finding.unit.name, finding.problem[:30])


def _inspections(plan: Plan, quarter: Quarter) -> Iterator[Missing]:
    """Planned or under way, and without a conclusion."""
    settled = (InspectionState.CONCLUDED, InspectionState.PUBLISHED, InspectionState.CANCELLED)
    query = select(Inspection).where(Inspection.plan_id == plan.id, Inspection.quarter == quarter)
    for each in db.session.scalars(query.where(Inspection.state.not_in(settled)).order_by(Inspection.id)):
        yield Missing(Lack.INSPECTION, About.INSPECTION, each.id, "", f"{each.title}（{each.state.label}）")


def _calendar(quarter: Quarter) -> Iterator[Missing]:
    """The report is due in the month after the quarter: its year's holidays decide the day."""
    calendar = work_calendar()
    for year in sorted({quarter.year, quarter.next.year}):
        if not calendar.is_certain(date(year, 1, 1)):
            yield Missing(Lack.CALENDAR, About.CALENDAR, year, "", f"{year}年的工作日历尚未公布")
