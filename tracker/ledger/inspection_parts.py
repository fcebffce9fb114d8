"""What a unit does of an inspection, and what is done with its results: receipt, self-check, facts, word, answer."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.ledger import accounts, events, inspection_results, inspections, tidings
from tracker.ledger.acts import Act
from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import db
from tracker.ledger.standing import Scope
from tracker.ledger.tables.inspections import Inspection, InspectionPart
from tracker.rules import inspection_parts as part_rules
from tracker.rules import inspections as rules
from tracker.rules.dates import written
from tracker.rules.inspection_parts import Stand
from tracker.rules.inspections import InspectionAct, InspectionState
from tracker.rules.permissions import Action
from tracker.rules.refusals import Forbidden, Refusal, Stale
from tracker.rules.tidings import TidingKind, because

LONGEST_NAME = 64

# The unit


def receive(by: Act, part: InspectionPart, name: str) -> None:
    """Sign for the notice (签收); once."""
    _begin(by, part)
    _check_own(by, part)
    if part.received_on:
        return
    if part.inspection.state not in rules.UNDER_WAY:
        raise Refusal(f"该检查目前为“{part.inspection.state.label}”，无需签收。")
    part.received_by = rules.check_text("签收人", name, LONGEST_NAME)
    part.received_on = by.today
    _record(by, part, "receive", part.received_by)


def hand_in_self_check(by: Act, part: InspectionPart, text: str) -> None:
    """The unit's word on itself as a whole; every place has a verdict, and every bad one its fact."""
    _begin(by, part)
    _check_own(by, part)
    part_rules.check_open_to_results(part.known)
    inspections.move(part.inspection, InspectionAct.SELF_CHECK)
    inspection_results.check_whole(part, by_unit=True)
    part.self_check = rules.check_text("自查总体情况", text)
    part.self_checked_on, part.self_checked_by_id = by.today, by.person_id
    if not part.received_on:
        part.received_on, part.received_by = by.today, by.person.name if by.person else ""
    _record(by, part, "self_check", part.self_check)


def confirm(by: Act, part: InspectionPart, remark: str, version: int) -> None:
    """The unit agrees that the facts are as they were found."""
    if _begin(by, part, version, part.remark == remark.strip() and part.known.stand is Stand.CONFIRMED):
        return
    _check_own(by, part)
    part_rules.check_answering(part.known, by.today)
    part.remark = rules.check_length("说明", remark)
    part.confirmed_on, part.confirmed_by_id = by.today, by.person_id
    _record(by, part, "confirm", part.remark)


def object_(by: Act, part: InspectionPart, text: str, version: int) -> None:
    """The unit does not agree; somebody who took no part in the check answers."""
    if _begin(by, part, version, part.objection == text.strip() and part.known.stand is Stand.OBJECTED):
        return
    _check_own(by, part)
    part_rules.check_answering(part.known, by.today)
    part.objection, part.objected_on = rules.check_text("异议内容", text), by.today
    part.answered_on, part.answer = None, ""
    _record(by, part, "object", part.objection)


# Those who check


def send_facts(by: Act, part: InspectionPart) -> None:
    """Give the results to the unit for its word on them; they rest until it has spoken or its days are over."""
    _begin(by, part)
    inspection_results.check_checker(part, by)
    if part.inspection.state is not InspectionState.ON_SITE:
        raise Refusal(f"该检查目前为“{part.inspection.state.label}”，不能送单位确认。")
    part_rules.check_open_to_results(part.known)
    inspection_results.check_whole(part, by_unit=False)
    part.facts_on = by.today
    part.answer_due = work_calendar().add_workdays(by.today, part.inspection.answer_days)
    part.confirmed_on = part.objected_on = part.answered_on = None
    _record(by, part, "send_facts", part.answer_due.isoformat())
    _tell(by, part, f"检查事实已送你单位，请于{written(part.answer_due)}前确认或者提出异议")


def call_back(by: Act, part: InspectionPart, reason: str) -> None:
    """Take the results back to correct them, as long as the unit has not confirmed; it reads why."""
    _begin(by, part)
    inspection_results.check_checker(part, by)
    if part.known.stand is not Stand.FACTS_SENT:
        raise Refusal(f"目前为“{part.known.stand.label}”，不能收回。请查看最新情况。")
    _reopen(part)
    reason = rules.check_text("收回理由", reason)
    _record(by, part, "call_back", reason)
    _tell(by, part, "检查事实已收回更正", because(reason))


def uphold(by: Act, part: InspectionPart, text: str, version: int) -> None:
    """The objection is right: the results go back to the checkers, who correct them and send them again."""
    _answer(by, part, text, version)
    _reopen(part)
    _record(by, part, "uphold", part.answer)
    _tell(by, part, "异议成立，检查事实将更正后再送你单位", because(part.answer))


def dismiss(by: Act, part: InspectionPart, text: str, version: int) -> None:
    """The objection is not right, and the facts stand."""
    _answer(by, part, text, version)
    _record(by, part, "dismiss", part.answer)
    _tell(by, part, "异议不成立，检查事实不变", because(part.answer))


def _answer(by: Act, part: InspectionPart, text: str, version: int) -> None:
    """By somebody who is neither of the unit nor an author of its results."""
    _begin(by, part, version)
    if part.known.stand is not Stand.OBJECTED:
        raise Refusal("该单位没有待答复的异议。请查看最新情况。")
    rules.check_apart(part.unit_id, accounts.own_units(by.person, by.today) if by.person else ())
    rules.check_answerer(by.person_id, inspection_results.authors(part))
    part.answer, part.answered_on = rules.check_text("异议答复", text), by.today
    part.answered_by_id = by.person_id


def _reopen(part: InspectionPart) -> None:
    part.facts_on = part.answer_due = part.confirmed_on = part.objected_on = part.answered_on = None


def excuse(by: Act, part: InspectionPart, reason: str) -> None:
    """Leave the unit out after all, with a reason: it does not stand in the way of the conclusion."""
    _begin(by, part)
    if part.inspection.state not in rules.UNDER_WAY or part.facts_on:
        raise Refusal(f"目前为“{part.known.stand.label}”，不能免查。请查看最新情况。")
    part.excused = rules.check_text("免查理由", reason)
    _record(by, part, "excuse", part.excused)
    _tell(by, part, "你单位本次免查", because(part.excused))


# What every act shares


def _begin(by: Act, part: InspectionPart, version: int | None = None, done: bool = False) -> bool:
    """Hold it against others; True for what was sent twice."""
    events.hold(by.organisation_id)
    db.session.expire(part.inspection)
    db.session.expire(part)
    if done:
        return True
    if version is not None and part.version != version:
        raise Stale("该单位的检查情况在您打开之后已有变化，请对照最新情况后再办理。", theirs=part)
    return False


def _check_own(by: Act, part: InspectionPart) -> None:
    if by.person is None or part.unit_id not in accounts.units_where(by.person, Action.REPORT, by.today):
        raise Forbidden("只有被检查单位的人员可以办理。")


def _record(by: Act, part: InspectionPart, act: str, text: str) -> None:
    db.session.flush()
    after = {"unit": part.unit.name, "text": text, "inspection": part.inspection_id}
    events.record(by, act, "inspection_part", part.id, after=after)


def _tell(by: Act, part: InspectionPart, *said: str) -> None:
    tidings.tell(by, part.unit_id, TidingKind.INSPECTION, part.inspection_id, part.inspection.title, *said)


# Looking them up


def of_units(organisation_id: int, scope: Scope, today: date) -> list[InspectionPart]:
    """What the units in the scope have to do of inspections: to sign for, to check themselves, to confirm."""
    if not scope:
        return []
    query = (
        select(InspectionPart)
        .join(InspectionPart.inspection)
        .where(
            Inspection.organisation_id == organisation_id,
            Inspection.state.in_(rules.UNDER_WAY),
            InspectionPart.unit_id.in_(scope),
            InspectionPart.excused == "",
        )
        .order_by(Inspection.starts_on, InspectionPart.id)
        .options(joinedload(InspectionPart.inspection), joinedload(InspectionPart.unit))
    )
    return [part for part in db.session.scalars(query) if _wants(part, today)]


def _wants(part: InspectionPart, today: date) -> bool:
    known, asked = part.known, part.inspection.self_check_due is not None
    if known.stand is Stand.FACTS_SENT:
        return not known.is_settled(today)
    return known.stand is Stand.TOLD or (known.stand is Stand.RECEIVED and asked)


def of_checker(organisation_id: int, person_id: int) -> list[InspectionPart]:
    """What a person is in charge of in the inspections under way, by day."""
    query = (
        select(InspectionPart)
        .join(InspectionPart.inspection)
        .where(
            Inspection.organisation_id == organisation_id,
            Inspection.state.in_(rules.UNDER_WAY),
            InspectionPart.checker_id == person_id,
            InspectionPart.excused == "",
        )
        .order_by(InspectionPart.visit_on, InspectionPart.id)
        .options(joinedload(InspectionPart.inspection), joinedload(InspectionPart.unit))
    )
    return list(db.session.scalars(query))


def objected(organisation_id: int) -> list[InspectionPart]:
    """Objections to the facts that wait for an answer."""
    query = (
        select(InspectionPart)
        .join(InspectionPart.inspection)
        .where(
            Inspection.organisation_id == organisation_id,
            Inspection.state == InspectionState.ON_SITE,
            InspectionPart.objected_on.is_not(None),
            InspectionPart.answered_on.is_(None),
        )
        .order_by(InspectionPart.objected_on, InspectionPart.id)
        .options(joinedload(InspectionPart.inspection), joinedload(InspectionPart.unit))
    )
    return list(db.session.scalars(query))
