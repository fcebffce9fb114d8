"""Sample findings: what a check found at some units, in every state of its rectification, one of them found again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from tracker.demo.quarters import People
from tracker.ledger import findings
from tracker.ledger.acts import Act
from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import db
from tracker.ledger.findings import FindingText
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.plans import Item, Plan
from tracker.rules.duties import DutyKind
from tracker.rules.findings import FindingAct, FindingSource, default_due
from tracker.rules.quarters import Quarter, quarters_of

_HOUR = time(2)  # ten o'clock in Shanghai, as UTC
_NOTIFIED, _PLANNED = FindingAct.NOTIFY, FindingAct.PLAN
_MENDED = (_NOTIFIED, _PLANNED, FindingAct.SUBMIT)
_CLOSED = (*_MENDED, FindingAct.CLOSE)
_LONG = timedelta(days=120)  # after which nothing is left open
_RECENT = timedelta(days=8)

_WORDS = {
    FindingAct.PLAN: "（示例）措施：补齐缺项并建立每月核对制度；责任人：分管负责人；完成日期：整改期限前五日。",
    FindingAct.SUBMIT: "（示例）缺项已补齐，已指定专人每月核对，佐证材料见公开专栏。",
    FindingAct.RETURN: "（示例）抽查仍有两处未更新，请继续整改。",
    FindingAct.CLOSE: "（示例）经网上核对和电话核实，问题已整改到位，同意销号。",
    FindingAct.OBJECT: "（示例）该内容已于检查前一日更新，请予复核。",
}


@dataclass(frozen=True)
class Tale:
    """A unit's item, by its place among those that report, and how far the matter came.

    `back` counts quarters; what is `recent` was found a few days ago, and is not due yet.
    """

    share: int
    source: FindingSource
    criterion: str
    problem: str
    steps: tuple[FindingAct, ...]
    back: int = 0
    recent: bool = False


_TALES = (
    Tale(
        0,
        FindingSource.INSPECTION,
        "及时",
        "专栏内容两个月未更新",
        (*_MENDED, FindingAct.RETURN, FindingAct.SUBMIT, FindingAct.CLOSE),
        1,
    ),
    Tale(0, FindingSource.INSPECTION, "及时", "专栏内容再次逾期未更新", (_NOTIFIED, _PLANNED)),
    Tale(1, FindingSource.SUPERIOR, "全面", "应公开事项缺少办理结果", _MENDED, recent=True),
    Tale(2, FindingSource.PUBLIC, "准确", "公布的联系电话无法接通", (_NOTIFIED,), recent=True),
    Tale(3, FindingSource.MONITORING, "准确", "页面存在错别字和失效链接", (*_MENDED, FindingAct.RETURN)),
    Tale(4, FindingSource.DEPUTIES, "制度落实", "意见办理未按规定反馈", (_NOTIFIED, FindingAct.OBJECT), recent=True),
    Tale(5, FindingSource.INSPECTION, "全面", "佐证材料不全", (), recent=True),
)


def play(plan: Plan, people: People, inspector: Person, until: date) -> None:
    """Of the last quarters that were over by then; a plan that has just begun has none."""
    over = [quarter for quarter in quarters_of(plan.year) if quarter.end + timedelta(days=20) < until]
    shares = list(_shares(plan))
    for tale in _TALES:
        if tale.back < len(over) and shares:
            _tell(tale, shares[tale.share % len(shares)], over[-1 - tale.back], people, inspector, until)


def _shares(plan: Plan) -> Iterator[Duty]:
    """One item of each unit."""
    reports = (Duty.plan_id == plan.id, Duty.kind == DutyKind.QUARTER_REPORT, Duty.cancelled_on.is_(None))
    seen = set[int]()
    for duty in db.session.scalars(select(Duty).where(*reports).order_by(Duty.item_id, Duty.unit_id, Duty.id)):
        if duty.unit_id not in seen:
            seen.add(duty.unit_id)
            yield duty


def _tell(tale: Tale, share: Duty, quarter: Quarter, people: People, inspector: Person, until: date) -> None:
    day = min(quarter.end + timedelta(days=15), until)
    long_over = day + _LONG < until
    if tale.recent and not long_over:
        day = max(day, until - _RECENT)
    by = _act(inspector, day)
    finding = findings.record(by, share.unit, _text(tale, share.item, quarter, day))
    for step in _CLOSED if long_over else tale.steps:
        day = min(day + timedelta(days=2), until)
        if step is FindingAct.NOTIFY:
            findings.notify(_act(people.clerk, day), [finding])
            continue
        _take(step, finding, people, day)


def _take(step: FindingAct, finding: Finding, people: People, day: date) -> None:
    of_unit = step in (FindingAct.PLAN, FindingAct.SUBMIT, FindingAct.OBJECT)
    by = _act(people.handlers[finding.unit_id] if of_unit else people.clerk, day)
    findings.take(by, finding, step, _WORDS[step], finding.version)


def _text(tale: Tale, item: Item, quarter: Quarter, day: date) -> FindingText:
    return FindingText(
        quarter=quarter,
        source=tale.source,
        criterion=tale.criterion,
        problem=f"（示例）{tale.problem}。",
        basis="（示例）工作计划要求公开内容全面、准确、及时，公开制度落实到位。",
        demand="（示例）请立即补正，举一反三自查同类问题，并明确专人负责。",
        due=default_due(day, work_calendar()),
        item=item,
    )


def _act(person: Person, day: date) -> Act:
    return Act(person.organisation_id, person, datetime.combine(day, _HOUR, UTC), day)
