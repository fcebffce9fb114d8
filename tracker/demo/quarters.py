"""Sample reports: what the units of a plan handed in, quarter by quarter, and what the office said of it.

Drawn at random from a seed of the plan's own, so that the same plan always has the same story: most units
report in time, a few late, a few have theirs returned and mend it, and a few say nothing.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from operator import attrgetter

from sqlalchemy import Select, select

from tracker.ledger import report_ticks, reports, reviews
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.report_content import ReportContent
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import ItemTarget, Plan
from tracker.ledger.tables.reports import QuarterReport
from tracker.rules.duties import DutyKind
from tracker.rules.figures import Exclusion, Figure, Rate, is_computed
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportState, ReportText, ReviewLevel, Verdict
from tracker.rules.targets import Op

_REASONS = (
    "（示例）进展情况过于笼统，请补充完成时间、数量和公开位置。",
    "（示例）请补充佐证材料，并说明存在问题的原因。",
)
_GROUNDS = ("（示例）申请人主动撤回", "（示例）依法转由上级机关办理")
_BEHIND = (ProgressClass.BEHIND, ProgressClass.OTHER)
_MISSING = "（示例）配合单位尚未填报：已电话催报，补报后更新。"
_CLASSES = {
    ProgressClass.ON_SCHEDULE: 60,
    ProgressClass.COMPLETED: 18,
    ProgressClass.AHEAD: 8,
    ProgressClass.BEHIND: 10,
    ProgressClass.OTHER: 4,
}


@dataclass(frozen=True)
class Chapter:
    """One unit's report on one item for one quarter: `comes_in` days after (before: negative) the day it is due."""

    duty: Duty
    comes_in: date
    progress_class: ProgressClass
    returned: bool
    does_its_duties: bool


@dataclass(frozen=True)
class People:
    """Who writes for which unit, and who reviews: the units' heads, where they are asked, and the office."""

    handlers: dict[int, Person]
    clerk: Person
    heads: dict[int, Person] = field(default_factory=dict)


def play(plan: Plan, people: People, until: date, hour: time = time(2)) -> int:
    """Hand in and review the sample reports due before `until`, in the order of time; return how many came in."""
    chance = random.Random(f"{plan.title}/{plan.year}")  # noqa: S311
    chapters = sorted(_chapters(plan, chance, until), key=attrgetter("comes_in"))
    if plan.year == until.year:
        chapters = _left_open(chapters, plan, until)
    lying = _left_lying(chapters, people)
    for chapter in chapters:
        if chapter in lying:
            _hand_in(chapter, people, hour)
        else:
            _tell(chapter, people, until, hour)
    return len(chapters)


def _left_lying(chapters: list[Chapter], people: People) -> list[Chapter]:
    """The first head has the unit's last two reports still to approve."""
    first = next(iter(people.heads), None)
    return [chapter for chapter in chapters if chapter.duty.unit_id == first][-2:]


def _left_open(chapters: list[Chapter], plan: Plan, until: date) -> list[Chapter]:
    """A year that is still running has work for everybody: two reports are missing, four just came, one is back."""
    last = max((chapter.duty.quarter for chapter in chapters if chapter.duty.quarter), default=None)
    missing = [chapter for chapter in chapters if chapter.duty.quarter == last and chapter.duty.lead][1:3]
    early = list(db.session.scalars(_reports_owed(plan).where(Duty.quarter == Quarter.of(until), Duty.lead)))[:4]
    return [chapter for chapter in chapters if chapter not in missing] + [
        Chapter(duty, until - timedelta(days=1 if number else 3), ProgressClass.ON_SCHEDULE, not number, False)
        for number, duty in enumerate(early)
    ]


def _chapters(plan: Plan, chance: random.Random, until: date) -> Iterator[Chapter]:
    for duty in db.session.scalars(_reports_owed(plan)):
        assert duty.due is not None
        fate = chance.random()
        days = chance.randint(-9, 0) if fate < 0.94 else chance.randint(1, 20)
        progress_class = chance.choices(list(_CLASSES), list(_CLASSES.values()))[0]
        returned, does_its_duties = chance.random() < 0.06, chance.random() < 0.97
        chapter = Chapter(duty, duty.due + timedelta(days), progress_class, returned, does_its_duties)
        if fate < 0.99 and chapter.comes_in < until:
            yield chapter


def _reports_owed(plan: Plan) -> Select[Duty]:
    return select(Duty).where(Duty.plan_id == plan.id, Duty.kind == DutyKind.QUARTER_REPORT).order_by(Duty.due, Duty.id)


def _hand_in(chapter: Chapter, people: People, hour: time) -> tuple[QuarterReport, ReportContent]:
    by = _act(people.handlers[chapter.duty.unit_id], chapter.comes_in, hour)
    content = ReportContent(_text(chapter), _figures(chapter), _done(chapter), _MISSING)
    return reports.submit(by, chapter.duty, content, None), content


def _tell(chapter: Chapter, people: People, until: date, hour: time) -> None:
    duty = chapter.duty
    report, content = _hand_in(chapter, people, hour)
    _approve(report, people, chapter.comes_in, hour)
    looked_at = chapter.comes_in + timedelta(days=2)
    if looked_at >= until:
        return
    clerk = _act(people.clerk, looked_at, hour)
    if not chapter.returned:
        reviews.review(clerk, report, Verdict.ACCEPT, "", 1)
        return
    reviews.review(clerk, report, Verdict.RETURN, _REASONS[duty.id % len(_REASONS)], 1)
    _mend(duty, people, content, looked_at + timedelta(days=3), until, hour)


def _mend(duty: Duty, people: People, content: ReportContent, day: date, until: date, hour: time) -> None:
    """The unit hands in again what was returned, if there is time for it before the story ends."""
    report = reports.report_on(duty)
    if report is None or day + timedelta(days=2) >= until:
        return
    text = replace(content.text, progress=content.text.progress + "已补充公开位置和完成时间。")
    reports.submit(_act(people.handlers[duty.unit_id], day, hour), duty, replace(content, text=text), report.version)
    _approve(report, people, day, hour)
    reviews.review(_act(people.clerk, day + timedelta(days=1), hour), report, Verdict.ACCEPT, "", 2)


def _approve(report: QuarterReport, people: People, day: date, hour: time) -> None:
    """The unit's head, where one is asked, approves on the day of the hand-in."""
    if report.state is ReportState.IN_UNIT:
        by, version = _act(people.heads[report.unit_id], day, hour), len(report.versions)
        reviews.review(by, report, Verdict.ACCEPT, "", version, level=ReviewLevel.UNIT)


def _act(person: Person, day: date, hour: time) -> Act:
    return Act(person.organisation_id, person, datetime.combine(day, hour, UTC), day)


def _text(chapter: Chapter) -> ReportText:
    subject = chapter.duty.item.short.rstrip("。,，")
    behind = chapter.progress_class in _BEHIND
    return ReportText(
        progress=f"（示例）围绕“{subject}”，本季度已按分工推进，相关信息已在政府网站专栏公开，并指定专人负责。",
        achievements="（示例）公开渠道更加畅通，群众查询更加方便。" if not behind else "",
        problems="（示例）人员调整，部分材料报送不及时，进度有所滞后。" if behind else "",
        next_steps="（示例）下一季度继续完善台账，按时更新公开内容。",
        progress_class=chapter.progress_class,
    )


def _figures(chapter: Chapter) -> dict[int, Figure]:
    return {target.id: _figure(target, chapter) for target in chapter.duty.item.targets}


def _figure(target: ItemTarget, chapter: Chapter) -> Figure:
    """What the target asks, or a little less where the unit is behind; what adds up grows by a fourth a quarter."""
    behind = chapter.progress_class in _BEHIND
    if is_computed(target.text, target.target):
        return Figure.of(_rate(target, chapter.duty.id, short=2 if behind else 0))
    quarters = chapter.duty.report_quarter.number - (1 if behind else 0)
    asked = target.value * quarters / 4 if target.target.adds_up else target.target.over_its_period.value
    return Figure(asked.to_integral_value(ROUND_FLOOR if target.op is Op.AT_MOST else ROUND_CEILING))


def _rate(target: ItemTarget, chance: int, short: int) -> Rate:
    exclusions = () if chance % 3 else (Exclusion(Decimal(1), _GROUNDS[chance % len(_GROUNDS)]),)
    due = Rate(None, Decimal(20 + chance % 30), exclusions)
    assert due.counted is not None
    enough = (due.counted * target.value / 100).to_integral_value(
        ROUND_FLOOR if target.op is Op.AT_MOST else ROUND_CEILING
    )
    return replace(due, done=max(min(enough, due.counted) - short, Decimal(0)))


def _done(chapter: Chapter) -> dict[int, date]:
    """The dated duties that fall into the quarter, ticked on their day or shortly before."""
    if not chapter.does_its_duties:
        return {}
    return {
        duty.id: min(duty.due, chapter.comes_in)
        for duty in report_ticks.open_duties(chapter.duty)
        if duty.due and duty.quarter == chapter.duty.quarter
    }
