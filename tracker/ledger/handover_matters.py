"""What lies open at a post on a day: the list that its successor gets."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Load, contains_eager, joinedload, load_only
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.orm.strategy_options import _AbstractLoad

from tracker.ledger import alerts
from tracker.ledger.db import db
from tracker.ledger.reports import answers_the_duty
from tracker.ledger.standing import duty_facts, is_owed
from tracker.ledger.tables.accounts import Post
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.imports import Draft
from tracker.ledger.tables.plans import Item, Plan
from tracker.ledger.tables.reports import QuarterReport
from tracker.ledger.tables.units import Unit
from tracker.rules import reviews
from tracker.rules.alerts import AlertKind, audience_of
from tracker.rules.dates import written
from tracker.rules.duties import DutyKind
from tracker.rules.extensions import OPEN
from tracker.rules.handovers import SOON_DAYS, Listing, Matter, MatterKind, carries_matters
from tracker.rules.permissions import Role, can
from tracker.rules.reports import ReportState
from tracker.rules.standing import DutyFacts, DutyState

Owner = int | None  # a unit, or None for the organisation


def listing(post: Post, as_of: date) -> Listing:
    """All that lies open at the post, and how many alerts repeat it."""
    matters = open_matters(post.person.organisation_id, [post], as_of)[post.id]
    return Listing(as_of, (*matters, *_alerts(post, as_of)))


def open_matters(organisation_id: int, posts: Collection[Post], as_of: date) -> dict[int, list[Matter]]:
    """By post, what lies open; the number of queries does not grow with the posts."""
    working = [post for post in posts if carries_matters(post.role)]
    units = {post.unit_id for post in working if post.unit_id is not None}
    of_unit = _of_units(organisation_id, units, as_of) if units else {}
    of_role = {role: list(_of_role(organisation_id, role)) for role in {post.role for post in working}}
    order = list(MatterKind)
    return {
        post.id: sorted(
            [matter for owner, matter in of_role.get(post.role, ()) if owner in (None, post.unit_id)]
            + of_unit.get(post.unit_id or 0, []),
            key=lambda matter: order.index(matter.kind),
        )
        for post in posts
    }


# Of a unit: what its people have to write and to do


def _of_units(organisation_id: int, units: Collection[int], as_of: date) -> dict[int, list[Matter]]:
    found: dict[int, list[Matter]] = defaultdict(list)
    for unit_id, matter in (*_to_write(units, as_of), *_due(organisation_id, units, as_of)):
        found[unit_id].append(matter)
    return found


def _to_write(units: Collection[int], as_of: date) -> Iterator[tuple[int, Matter]]:
    """Of every quarter that has begun, what is not handed in."""
    rows = db.session.execute(
        select(Duty, QuarterReport)
        .join(Duty.item)
        .outerjoin(QuarterReport, answers_the_duty())
        .where(
            Duty.kind == DutyKind.QUARTER_REPORT,
            Duty.unit_id.in_(units),
            is_owed(as_of),
            or_(QuarterReport.id.is_(None), QuarterReport.state.in_((ReportState.DRAFT, ReportState.RETURNED))),
        )
        .order_by(Duty.quarter, Item.plan_id, Item.position)
        .options(_named(contains_eager(Duty.item)), joinedload(QuarterReport.saved_by))
    )
    for duty, report in rows:
        if duty.report_quarter.start <= as_of:
            yield duty.unit_id, _report_to_write(duty, report)


def _report_to_write(duty: Duty, report: QuarterReport | None) -> Matter:
    kinds = {ReportState.RETURNED: MatterKind.RETURNED, ReportState.DRAFT: MatterKind.BEGUN}
    note = f"{duty.report_quarter.label}填报，{_by(duty.answer_by)}"
    if report and report.saved_by:
        note += f"；{report.saved_by.name}"
    return Matter(
        kind=kinds[report.state] if report else MatterKind.TO_WRITE,
        record="duty",
        record_id=duty.id,
        place=_place(duty.item),
        title=duty.item.short,
        note=note,
        item_id=duty.item_id,
        saved_at=report.saved_at if report else None,
    )


def _due(organisation_id: int, units: Collection[int], as_of: date) -> Iterator[tuple[int, Matter]]:
    """Duties beside the reports that are overdue, or fall due soon."""
    last = as_of + timedelta(days=SOON_DAYS)
    concerned = (
        Duty.organisation_id == organisation_id,
        Duty.kind != DutyKind.QUARTER_REPORT,
        Duty.unit_id.in_(units),
        Duty.answer_by <= last,
    )
    owed = [duty for duty in duty_facts(and_(*concerned), as_of) if _presses(duty, as_of)]
    items = _items({duty.item_id for duty in owed})
    for duty in sorted(owed, key=lambda duty: duty.answer_by or last):
        yield duty.unit_id, _duty_to_do(duty, items[duty.item_id], as_of)


def _presses(duty: DutyFacts, as_of: date) -> bool:
    left = duty.days_left(as_of)
    return duty.ended_on is None and left is not None and left <= SOON_DAYS


def _duty_to_do(duty: DutyFacts, item: Item, as_of: date) -> Matter:
    late, left = duty.state(as_of) is DutyState.OVERDUE, duty.days_left(as_of) or 0
    how = f"逾期 {-left} 天" if late else f"还有 {left} 天"
    return Matter(
        kind=MatterKind.OVERDUE if late else MatterKind.DUE_SOON,
        record="item_duty",
        record_id=duty.id,
        place=_place(item),
        title=f"{item.short}：{duty.label}",
        note=f"{_by(duty.answer_by)}，{how}",
        item_id=item.id,
    )


# Of a role: what waits for its word


def _of_role(organisation_id: int, role: Role) -> Iterator[tuple[Owner, Matter]]:
    """With the unit concerned where only its own head or handler has to do with it."""
    of_a_unit = role in (Role.UNIT_HEAD, Role.UNIT_HANDLER)
    for report in _reports(organisation_id, _waiting_states(role)):
        yield (report.unit_id if of_a_unit else None), _report_to_review(report)
    for extension in _extensions(organisation_id):
        yield (extension.duty.unit_id if of_a_unit else None), _extension(extension)
    if role is Role.GROUP_OFFICE:
        for draft in _drafts(organisation_id):
            yield None, _draft(draft)


def _waiting_states(role: Role) -> list[ReportState]:
    """Of the reports that wait for a verdict which the role gives."""
    levels = [level for level, action in reviews.ACTIONS.items() if can([role], action)]
    return [state for level in levels for state in reviews.waiting_states(level)]


def _reports(organisation_id: int, states: Collection[ReportState]) -> Iterable[QuarterReport]:
    if not states:
        return ()
    return db.session.scalars(
        select(QuarterReport)
        .join(QuarterReport.item)
        .where(QuarterReport.organisation_id == organisation_id, QuarterReport.state.in_(states))
        .order_by(QuarterReport.saved_at, QuarterReport.id)
        .options(_named(contains_eager(QuarterReport.item)), joinedload(QuarterReport.unit).load_only(Unit.name))
    )


def _report_to_review(report: QuarterReport) -> Matter:
    note = f"{report.unit.name}，{report.quarter.label}填报"
    item = report.item
    return Matter(MatterKind.TO_REVIEW, "quarter_report", report.id, _place(item), item.short, note, item.id)


def _extensions(organisation_id: int) -> Iterable[Extension]:
    return db.session.scalars(
        select(Extension)
        .join(Extension.duty)
        .where(Extension.organisation_id == organisation_id, Extension.state.in_(OPEN))
        .order_by(Extension.id)
        .options(
            _named(contains_eager(Extension.duty).joinedload(Duty.item)),
            contains_eager(Extension.duty).joinedload(Duty.unit),
        )
    )


def _extension(extension: Extension) -> Matter:
    duty, item = extension.duty, extension.duty.item
    note = f"{duty.unit.name}，{written(extension.applied_on)}申请延至{written(extension.new_due)}"
    title = f"{item.short}：{duty.label}"
    return Matter(MatterKind.EXTENSION, "extension", extension.id, _place(item), title, note, item.id)


def _drafts(organisation_id: int) -> Iterable[Draft]:
    return db.session.scalars(
        select(Draft)
        .where(Draft.organisation_id == organisation_id, Draft.closed_at.is_(None))
        .order_by(Draft.id)
        .options(load_only(Draft.title))
    )


def _draft(draft: Draft) -> Matter:
    return Matter(MatterKind.DRAFT, "draft", draft.id, "", draft.title)


def _alerts(post: Post, as_of: date) -> Iterator[Matter]:
    """One line for each kind of alert that stands."""
    if not carries_matters(post.role):
        return
    scope = frozenset({post.unit_id}) if post.unit_id else None
    counted = alerts.count_alerts(post.person.organisation_id, scope, as_of, audience_of([post.role]))
    for place, kind in enumerate(AlertKind):
        if counted[kind]:
            yield Matter(MatterKind.ALERTS, "alerts", place, "", f"{kind.label} {counted[kind]} 条")


# Words


def _named(item: _AbstractLoad) -> ORMOption:
    """Loads no more of an item than the list says of it."""
    named = item.load_only(Item.position, Item.task, Item.plan_id)
    return named.joinedload(Item.plan).load_only(Plan.title, Plan.year)


def _items(item_ids: Collection[int]) -> Mapping[int, Item]:
    query = select(Item).where(Item.id.in_(item_ids)).options(_named(Load(Item)))
    return {item.id: item for item in db.session.scalars(query)}


def _place(item: Item) -> str:
    return f"{item.plan.titled_with_year}第 {item.position} 项"


def _by(day: date | None) -> str:
    return f"{written(day)}前报送" if day else "时限待定"
