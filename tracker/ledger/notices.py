"""Notices of the ladder: proposed by the daily job or the office, issued with a number, received, answered, closed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVarTuple

from sqlalchemy import Date, Select, Subquery, and_, case, exists, func, insert, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from tracker.ledger import events, tidings
from tracker.ledger.acts import Act
from tracker.ledger.alert_rules import rule_on
from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import db, put_rows
from tracker.ledger.standing import Scope, counts_as_done, duty_facts, is_owed, moved_due
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.notices import Notice, NoticeMatter
from tracker.ledger.tables.plans import Item
from tracker.rules import notices as rules
from tracker.rules.dates import written
from tracker.rules.notices import Ladder, NoticeKind, NoticeState, Reach, Taken
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal
from tracker.rules.standing import DutyFacts, DutyState
from tracker.rules.tidings import TidingKind

MOST_MATTERS = 200
Ts = TypeVarTuple("Ts")
LONGEST_RECEIVER = 64


@dataclass(frozen=True)
class NoticeText:
    """What the office writes of a notice."""

    matter: str
    basis: str
    demand: str
    reply_due: date | None


# Proposing


def propose(organisation_id: int, as_of: date) -> int:
    """Draw up what the ladder calls for on the day, one paper for each unit and step; return how many were added.

    Duties that an open proposal names already are passed over, so that running it again adds nothing; what does not
    go on one paper is left for the next day's.
    """
    events.hold(organisation_id)
    called, ladder = called_for(organisation_id, as_of), rule_on(organisation_id, as_of).ladder
    if not called:
        return 0
    reply_due = work_calendar().add_workdays(as_of, ladder.reply_days)
    papers = [
        _row(organisation_id, unit_id, kind, as_of, _first_words(kind, len(ids)), reply_due)
        for (unit_id, kind), ids in called.items()
    ]
    made = db.session.execute(insert(Notice).returning(Notice.unit_id, Notice.kind, Notice.id), papers)
    matters = [(notice_id, duty_id) for unit_id, kind, notice_id in made.all() for duty_id in called[unit_id, kind]]
    put_rows(NoticeMatter, ("notice_id", "duty_id"), matters)
    return len(papers)


def called_for(
    organisation_id: int, as_of: date, ladder: Ladder | None = None
) -> dict[tuple[int, NoticeKind], list[int]]:
    """By unit and step the duties about which a paper is to go out: as many as one paper names, longest overdue first.

    Read row by row and kept to that number: memory does not grow with what is overdue.
    """
    reaches = rules.reaches(ladder or rule_on(organisation_id, as_of).ladder, as_of, work_calendar())
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for unit_id, duty_id, number in db.session.connection().execute(_calling(organisation_id, as_of, reaches)):
        of_paper = found[unit_id, number]
        if len(of_paper) < MOST_MATTERS:
            of_paper.append(duty_id)
    return {(unit_id, reaches[number].kind): ids for (unit_id, number), ids in sorted(found.items())}


def _calling(organisation_id: int, as_of: date, reaches: Sequence[Reach]) -> Select[int, int, int]:
    """Overdue duties that no open proposal names, with the number of the step that is to follow on their last."""
    moved, last = moved_due(organisation_id, as_of), _last_steps(organisation_id)
    due = case((moved.c.new_due > Duty.answer_by, moved.c.new_due), else_=Duty.answer_by)
    step, issued_on = func.coalesce(last.c.step, 0), func.coalesce(last.c.issued_on, date.min, type_=Date)
    called = [
        and_(step >= each.above.start, step < each.above.stop, due <= each.due, issued_on <= each.issued)
        for each in reaches
    ]
    proposed = exists().where(
        NoticeMatter.duty_id == Duty.id, Notice.id == NoticeMatter.notice_id, Notice.state == NoticeState.PROPOSED
    )
    done = exists().where(counts_as_done(as_of))
    latest = max(each.due for each in reaches)
    return (
        select(Duty.unit_id, Duty.id, case(*((held, number) for number, held in enumerate(called))))
        .outerjoin(moved, moved.c.duty_id == Duty.id)
        .outerjoin(last, last.c.duty_id == Duty.id)
        .where(Duty.organisation_id == organisation_id, Duty.answer_by <= latest, is_owed(as_of), ~done, ~proposed)
        .where(or_(*called))
        .order_by(due, Duty.id)
        .execution_options(yield_per=1000)
    )


def _last_steps(organisation_id: int) -> Subquery:
    """Of every duty about which papers went out: the highest step, and when the last paper of that step went out."""
    step = case(*((Notice.kind == kind, kind.step) for kind in NoticeKind))
    order = (step.desc(), Notice.issued_on.desc())
    place = func.row_number().over(partition_by=NoticeMatter.duty_id, order_by=order).label("place")
    issued = (
        select(NoticeMatter.duty_id, step.label("step"), Notice.issued_on, place)
        .join(NoticeMatter.notice)
        .where(Notice.organisation_id == organisation_id, Notice.issued_on.is_not(None))
        .subquery()
    )
    return select(issued.c.duty_id, issued.c.step, issued.c.issued_on).where(issued.c.place == 1).subquery()


def _overdue(organisation_id: int, unit_id: int, as_of: date) -> Iterable[DutyFacts]:
    wanted = (Duty.organisation_id == organisation_id) & (Duty.unit_id == unit_id) & (Duty.answer_by < as_of)
    return (duty for duty in duty_facts(wanted, as_of) if duty.state(as_of) is DutyState.OVERDUE)


def steps_taken(duty_ids: Sequence[int]) -> Mapping[int, list[Taken]]:
    """By duty the papers that went out about it, oldest first."""
    rows = db.session.execute(
        select(NoticeMatter.duty_id, Notice.kind, Notice.issued_on)
        .join(NoticeMatter.notice)
        .where(NoticeMatter.duty_id.in_(duty_ids), Notice.issued_on.is_not(None))
        .order_by(Notice.issued_on, Notice.id)
    )
    taken: dict[int, list[Taken]] = defaultdict(list)
    for duty_id, kind, issued_on in rows:
        assert issued_on is not None  # the query asks for those that went out
        taken[duty_id].append(Taken(kind, issued_on))
    return taken


def _first_words(kind: NoticeKind, number: int) -> NoticeText:
    """What a proposal says until the office has gone over it."""
    return NoticeText(
        matter=f"{number} 项任务逾期未办结",
        basis="经领导小组办公室核对台账，你单位承担的下列任务已超过规定时限。",
        demand=_DEMANDS[kind],
        reply_due=None,
    )


_DEMANDS = {
    NoticeKind.URGING: "请抓紧办理，并在回复期限前将办理情况和完成日期书面反馈领导小组办公室。",
    NoticeKind.SUPERVISION: "上述任务至今未办结。请主要负责人牵头研究，明确责任人和完成日期，并在回复期限前书面反馈。",
    NoticeKind.CIRCULAR: "上述任务至今未办结，现予通报。请认真查找原因，限期完成，并在回复期限前书面报告整改情况。",
    NoticeKind.TALK: "上述任务至今未办结。请主要负责人于　　月　　日　　时到　　　　　　参加约谈，说明情况，"
    "并提交书面材料。",
}


def _row(
    organisation_id: int, unit_id: int, kind: NoticeKind, today: date, text: NoticeText, reply_due: date
) -> dict[str, Any]:
    """A proposal's columns."""
    return {
        "organisation_id": organisation_id,
        "unit_id": unit_id,
        "kind": kind,
        "state": NoticeState.PROPOSED,
        "year": today.year,
        "matter": text.matter,
        "basis": text.basis,
        "demand": text.demand,
        "reply_due": text.reply_due or reply_due,
        "proposed_on": today,
        "version": 1,
    }


# Acts


def write(by: Act, kind: NoticeKind, unit_id: int, duty_ids: Sequence[int]) -> Notice:
    """The office's own proposal about some of a unit's overdue duties; raise Invalid without any."""
    wanted = (Duty.organisation_id == by.organisation_id) & (Duty.unit_id == unit_id) & Duty.id.in_(duty_ids)
    duties = [duty for duty in duty_facts(wanted, by.today) if duty.state(by.today) is DutyState.OVERDUE]
    if not duties or len(duties) > MOST_MATTERS:
        raise Invalid(f"请选择 1 至 {MOST_MATTERS} 项已逾期的事项。已办结或未到期的事项不能催办。")
    reply_due = work_calendar().add_workdays(by.today, rule_on(by.organisation_id, by.today).ladder.reply_days)
    words = _first_words(kind, len(duties))
    notice = Notice(**_row(by.organisation_id, unit_id, kind, by.today, words, reply_due))
    notice.matters = [NoticeMatter(duty_id=duty.id) for duty in duties]
    db.session.add(notice)
    db.session.flush()
    events.record(by, "propose", "notice", notice.id, after={"kind": kind, "duties": [duty.id for duty in duties]})
    return notice


def issue(by: Act, notice: Notice, text: NoticeText) -> Notice:
    """Send it out under the next number of its kind and year.  The same issue sent twice is one act."""
    events.hold(by.organisation_id)
    db.session.refresh(notice)
    if notice.state is not NoticeState.PROPOSED and notice.issued_by_id == by.person_id:
        return notice
    rules.check_may(notice.state, [NoticeState.PROPOSED], "发出")
    if text.reply_due is None or text.reply_due <= by.today:
        raise Invalid("回复期限应晚于今天。")
    _check_matters(notice, by.today)
    notice.matter = rules.check_text("事由", text.matter)[:300]
    notice.basis, notice.demand = rules.check_text("依据", text.basis), _demand_of(text)
    notice.reply_due, notice.state, notice.year = text.reply_due, NoticeState.ISSUED, by.today.year
    notice.number = _next_number(by.organisation_id, notice.kind, notice.year)
    notice.issued_on, notice.issued_at, notice.issued_by_id = by.today, by.at, by.person_id
    db.session.flush()
    events.record(by, "issue", "notice", notice.id, after=_for_event(notice))
    number = f"收到{notice.kind.label}（{rules.number_of(notice.kind, notice.year, notice.number)}）"
    asked = f"请签收，并于{written(notice.reply_due)}前回复"
    tidings.tell(by, notice.unit_id, TidingKind.NOTICE, notice.id, number, notice.matter, asked)
    return notice


def _demand_of(text: NoticeText) -> str:
    return rules.check_filled(rules.check_text("办理要求", text.demand))


def _check_matters(notice: Notice, today: date) -> None:
    """Not twice within the interval; and what was done meanwhile is no longer pressed for."""
    ids = [matter.duty_id for matter in notice.matters]
    open_still = {duty.id for duty in duty_facts(Duty.id.in_(ids), today) if duty.state(today) is DutyState.OVERDUE}
    if not open_still:
        raise Refusal("所列事项均已办结，无需发出。请选择“不予发出”。")
    for matter in list(notice.matters):
        if matter.duty_id not in open_still:
            notice.matters.remove(matter)
            db.session.delete(matter)
    calendar, ladder = work_calendar(), rule_on(notice.organisation_id, today).ladder
    for steps in steps_taken(list(open_still)).values():
        rules.check_interval(steps[-1], today, calendar, ladder)


def _next_number(organisation_id: int, kind: NoticeKind, year: int) -> int:
    """Without gaps: counted under the organisation's hold, and never given back."""
    last = select(func.max(Notice.number)).where(
        Notice.organisation_id == organisation_id, Notice.kind == kind, Notice.year == year
    )
    return (db.session.scalar(last) or 0) + 1


def _for_event(notice: Notice) -> dict[str, object]:
    return {
        "kind": notice.kind,
        "year": notice.year,
        "number": notice.number,
        "demand": notice.demand,
        "reply_due": notice.reply_due.isoformat() if notice.reply_due else None,
        "duties": [matter.duty_id for matter in notice.matters],
    }


def drop(by: Act, notice: Notice, reason: str) -> None:
    """A proposal that is not to go out, and why."""
    rules.check_may(notice.state, [NoticeState.PROPOSED], "取消")
    notice.close_reason = rules.check_text("不予发出的理由", reason)
    notice.state, notice.closed_on = NoticeState.DROPPED, by.today
    events.record(by, "drop", "notice", notice.id, after={"reason": notice.close_reason})


def receive(by: Act, notice: Notice, units: Iterable[int], receiver: str) -> None:
    """The unit signs for it: who (签收人) and when."""
    _check_own(notice, units)
    if notice.received_at is not None:
        return
    rules.check_may(notice.state, [NoticeState.ISSUED], "签收")
    receiver = receiver.strip() or (by.person.name if by.person else "")
    if not receiver or len(receiver) > LONGEST_RECEIVER:
        raise Invalid(f"请填写签收人姓名，最多 {LONGEST_RECEIVER} 字。")
    notice.received_by, notice.received_at, notice.state = receiver, by.at, NoticeState.RECEIVED
    events.record(by, "receive", "notice", notice.id, after={"received_by": receiver})


def reply(by: Act, notice: Notice, units: Iterable[int], text: str) -> None:
    """The unit answers; until it is closed a later answer takes the place of an earlier one, kept by the history."""
    _check_own(notice, units)
    rules.check_may(notice.state, [NoticeState.RECEIVED, NoticeState.REPLIED], "回复")
    before = {"reply": notice.reply} if notice.reply else None
    notice.reply = rules.check_text("回复内容", text)
    notice.replied_at, notice.replied_by_id, notice.state = by.at, by.person_id, NoticeState.REPLIED
    events.record(by, "reply", "notice", notice.id, before, {"reply": notice.reply})


def close(by: Act, notice: Notice, reason: str) -> None:
    """The office takes the matter as settled, and says on what ground."""
    rules.check_may(notice.state, [NoticeState.ISSUED, NoticeState.RECEIVED, NoticeState.REPLIED], "办结")
    notice.close_reason = rules.check_text("办结意见", reason)
    notice.state, notice.closed_on = NoticeState.CLOSED, by.today
    events.record(by, "close", "notice", notice.id, after={"reason": notice.close_reason})


def _check_own(notice: Notice, units: Iterable[int]) -> None:
    if notice.unit_id not in set(units):
        raise Forbidden("只有收文单位的人员可以签收和回复。")


# Finding


def notice_of(organisation_id: int, notice_id: int, scope: Scope) -> Notice:
    """With its matters; a unit never sees a proposal about it, which is the office's own paper until it goes out."""
    notice = db.session.scalar(_with_matters(select(Notice).where(Notice.id == notice_id)))
    if notice is None or notice.organisation_id != organisation_id:
        raise NotFound
    if scope is not None and (notice.unit_id not in scope or notice.issued_on is None):
        raise NotFound
    return notice


def notices_of(
    organisation_id: int,
    scope: Scope,
    *,
    state: NoticeState | None = None,
    unit_id: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Notice]:
    """Proposals first, then the newest."""
    query = _seen(select(Notice), organisation_id, scope, state, unit_id)
    order = (Notice.issued_on.is_not(None), Notice.issued_on.desc(), Notice.id.desc())
    query = query.order_by(*order).limit(limit).offset(offset).options(joinedload(Notice.unit))
    return list(db.session.scalars(query.options(selectinload(Notice.matters))))


def count(organisation_id: int, scope: Scope, unit_id: int | None = None) -> Mapping[NoticeState, int]:
    query = _seen(select(Notice.state, func.count()), organisation_id, scope, None, unit_id).group_by(Notice.state)
    return dict(tuple(row) for row in db.session.execute(query))


def _seen(query: Select, organisation_id: int, scope: Scope, state: NoticeState | None, unit_id: int | None) -> Select:  # type: ignore[type-arg]
    query = query.where(Notice.organisation_id == organisation_id)
    if scope is not None:
        query = query.where(Notice.unit_id.in_(scope), Notice.issued_on.is_not(None))
    if state is not None:
        query = query.where(Notice.state == state)
    return query if unit_id is None else query.where(Notice.unit_id == unit_id)


def _with_matters(query: Select[*Ts]) -> Select[*Ts]:
    return query.options(
        joinedload(Notice.unit),
        joinedload(Notice.issued_by),
        joinedload(Notice.replied_by),
        selectinload(Notice.matters).joinedload(NoticeMatter.duty).joinedload(Duty.item).joinedload(Item.plan),
    )


def overdue_of_unit(organisation_id: int, unit_id: int, as_of: date) -> list[tuple[Duty, date]]:
    """What the unit could be pressed for, each with the day by which it was due as things stand; the oldest first."""
    late = {duty.id: duty.answer_by_now or as_of for duty in _overdue(organisation_id, unit_id, as_of)}
    query = select(Duty).join(Duty.item).where(Duty.id.in_(late)).order_by(Duty.id)
    found = db.session.scalars(query.options(contains_eager(Duty.item)))
    return sorted(((duty, late[duty.id]) for duty in found), key=lambda each: each[1])
