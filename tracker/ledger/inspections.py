"""Inspections (检查): planned, notified under a number, arranged, concluded, published or cancelled.

What the units and the checkers do of it is in `inspection_parts` and `inspection_results`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from tracker.ledger import accounts, events, tidings, units
from tracker.ledger.acts import Act
from tracker.ledger.calendar import work_calendar
from tracker.ledger.db import db
from tracker.ledger.standing import standings
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.inspections import Inspection, InspectionChecker, InspectionPart
from tracker.ledger.tables.plans import Item, Plan
from tracker.rules import inspections as rules
from tracker.rules import sampling
from tracker.rules.dates import written
from tracker.rules.inspections import Checker, Dates, InspectionAct, InspectionState, Method, Reach
from tracker.rules.permissions import Action, can
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, Refusal, Stale
from tracker.rules.sampling import Candidate
from tracker.rules.tidings import TidingKind, because


@dataclass(frozen=True)
class InspectionText:
    """What the office writes of an inspection.

    `unit_ids` count where units are chosen; `sample_size`, `seed` and `by_group` where they are drawn.
    """

    title: str
    basis: str
    criteria: Sequence[str]
    methods: Sequence[Method]
    dates: Dates
    checkers: Sequence[int]
    reach: Reach = Reach.ALL
    unit_ids: Sequence[int] = ()
    sample_size: int = 0
    seed: str = ""
    by_group: bool = False
    answer_days: int = rules.DEFAULT_ANSWER_DAYS


# Planning


def plan(by: Act, of: Plan, quarter: Quarter, text: InspectionText) -> Inspection:
    """A new one, with its units and a day and a checker to each; nobody is told of it yet."""
    inspection = Inspection(
        organisation_id=by.organisation_id,
        plan_id=of.id,
        quarter=quarter,
        state=InspectionState.PLANNED,
        year=by.today.year,
        planned_on=by.today,
        planned_by_id=by.person_id,
        roster=[],
        draws=0,
    )
    _write(by, inspection, text)
    db.session.add(inspection)
    db.session.flush()
    events.record(by, "plan", "inspection", inspection.id, after=_written(inspection))
    return inspection


def edit(by: Act, inspection: Inspection, text: InspectionText, version: int) -> None:
    """Until it is notified; a sample that is drawn again is counted, so that nobody draws until it suits."""
    begin(by, inspection, InspectionAct.EDIT, version)
    before = _written(inspection)
    _write(by, inspection, text)
    db.session.flush()
    if _written(inspection) != before:
        events.record(by, "edit", "inspection", inspection.id, before, _written(inspection))


def _write(by: Act, inspection: Inspection, text: InspectionText) -> None:
    rules.check_dates(text.dates)
    rules.check_answer_days(text.answer_days)
    inspection.title = rules.check_text("检查名称", text.title, rules.LONGEST_TITLE)
    inspection.basis = rules.check_text("检查依据", text.basis)
    inspection.criteria = list(rules.check_criteria(text.criteria))
    inspection.methods = [each.value for each in Method if each in text.methods]
    if not inspection.methods:
        raise Invalid("请至少选择一种检查方式。")
    inspection.starts_on, inspection.ends_on = text.dates.starts_on, text.dates.ends_on
    inspection.self_check_due, inspection.answer_days = text.dates.self_check_due, text.answer_days
    _set_team(by, inspection, text.checkers)
    _set_parts(inspection, _reached(by, inspection, text), by.today)


def _set_team(by: Act, inspection: Inspection, checkers: Sequence[int]) -> None:
    possible = {person.id: person for person in possible_checkers(by.organisation_id, by.today)}
    if unknown := set(checkers) - set(possible):
        raise Invalid(f"有 {len(unknown)} 名所选人员不能担任检查人员，请重新选择。")
    if not checkers or len(checkers) > rules.MOST_CHECKERS:
        raise Invalid(f"请选择检查人员，最多 {rules.MOST_CHECKERS} 名。")
    held = {member.person_id: member for member in inspection.team}
    inspection.team = [held.get(id_) or _member(possible[id_], by.today) for id_ in dict.fromkeys(checkers)]


def _member(person: Person, today: date) -> InspectionChecker:
    posts = (post for post in person.posts if post.held_on(today) and can([post.role], Action.INSPECT))
    return InspectionChecker(person=person, person_id=person.id, role=next(post.role.label for post in posts))


def _reached(by: Act, inspection: Inspection, text: InspectionText) -> list[Candidate]:
    """The units that are checked; a sample keeps what it was drawn with."""
    roster = candidates(by.organisation_id, inspection.plan_id, inspection.quarter, by.today)
    if not roster:
        raise Invalid(f"{inspection.quarter.label}没有承担任务的单位，无法安排检查。")
    inspection.reach = text.reach
    if text.reach is not Reach.SAMPLE:
        inspection.sample_size, inspection.seed, inspection.by_group = None, "", False
        inspection.roster, inspection.algorithm = [], ""
        chosen = [each for each in roster if text.reach is Reach.ALL or each.unit_id in set(text.unit_ids)]
        if not chosen:
            raise Invalid("请选择被检查单位。")
        return chosen
    drawn = sampling.draw(roster, text.sample_size, text.seed, by_group=text.by_group)
    told = [[each.unit_id, each.name, each.group] for each in roster]
    asked = (text.seed.strip(), text.sample_size, text.by_group, told)
    if asked != (inspection.seed, inspection.sample_size, inspection.by_group, inspection.roster):
        inspection.draws += 1
    inspection.seed, inspection.sample_size, inspection.by_group, inspection.roster = asked
    inspection.algorithm = sampling.ALGORITHM
    return drawn


def _set_parts(inspection: Inspection, reached: Sequence[Candidate], today: date) -> None:
    """The units in the roster's order, each with a day and a checker who is not of it."""
    dates = Dates(inspection.starts_on, inspection.ends_on, None)
    days = rules.visit_days(len(reached), dates, work_calendar())
    in_charge = rules.assigned([each.unit_id for each in reached], team_of(inspection, today))
    held = {part.unit_id: part for part in inspection.parts}
    parts = [held.get(each.unit_id) or InspectionPart(unit_id=each.unit_id, items=[]) for each in reached]
    for part, day in zip(parts, days, strict=True):
        part.visit_on, part.checker_id = day, in_charge[part.unit_id]
    inspection.parts = parts


def team_of(inspection: Inspection, today: date) -> list[Checker]:
    people = (member.person or db.session.get_one(Person, member.person_id) for member in inspection.team)
    return [Checker(person.id, frozenset(accounts.own_units(person, today))) for person in people]


def possible_checkers(organisation_id: int, today: date) -> list[Person]:
    """Who may be named: inspectors and the office, with an account that is open."""
    people = accounts.people_of(organisation_id)
    return [each for each in people if each.active and can(accounts.roles_on(each, today), Action.INSPECT)]


def candidates(organisation_id: int, plan_id: int, quarter: Quarter, today: date) -> list[Candidate]:
    """The roster: the units that have a share in the quarter, in the order of the register, each with its group."""
    with_shares = {unit_id for _, unit_id in standings(plan_id, quarter, today).shares}
    groups: dict[int, str] = {}
    for group in units.groups_of(organisation_id):
        for unit in units.roster(group, today):
            groups.setdefault(unit.id, group.name)
    listed = (unit for unit in units.units_on(organisation_id, today) if unit.id in with_shares)
    return [Candidate(unit.id, unit.name, groups.get(unit.id, unit.kind.label)) for unit in listed]


def _written(inspection: Inspection) -> dict[str, object]:
    day = inspection.self_check_due
    return {
        "title": inspection.title,
        "basis": inspection.basis,
        "criteria": list(inspection.criteria),
        "methods": list(inspection.methods),
        "reach": inspection.reach,
        "units": [part.unit_id for part in inspection.parts],
        "seed": inspection.seed,
        "sample_size": inspection.sample_size,
        "by_group": inspection.by_group,
        "draws": inspection.draws,
        "checkers": [member.person_id for member in inspection.team],
        "starts_on": inspection.starts_on.isoformat(),
        "ends_on": inspection.ends_on.isoformat(),
        "self_check_due": day.isoformat() if day else None,
        "answer_days": inspection.answer_days,
    }


# Notifying, and what follows


def notify(by: Act, inspection: Inspection, version: int) -> None:
    """Send it out under the next number of the year: criteria, units and what is checked of each are fixed by it."""
    begin(by, inspection, InspectionAct.NOTIFY, version)
    if inspection.ends_on < by.today:
        raise Refusal("检查时间已过，请先修改起止日期再发出通知。")
    if alone := [part.unit.name for part in inspection.parts if part.checker_id is None]:
        raise Refusal(f"{'、'.join(alone[:5])}没有可安排的检查人员（不得由本单位人员检查），请增加检查人员。")
    _fix_items(inspection, by.today)
    inspection.year, inspection.notified_on, inspection.notified_by_id = by.today.year, by.today, by.person_id
    inspection.number = _next_number(by.organisation_id, inspection.year)
    move(inspection, InspectionAct.NOTIFY)
    number = rules.number_of(inspection.year, inspection.number)
    events.record(by, "notify", "inspection", inspection.id, after={"number": number, "units": len(inspection.parts)})
    when = f"时间为{written(inspection.starts_on)}至{written(inspection.ends_on)}"
    self_check = f"并于{written(inspection.self_check_due)}前完成自查" if inspection.self_check_due else ""
    _tell_all(by, inspection, f"收到检查通知（{number}）", inspection.title, when, "请签收", self_check)


def _tell_all(by: Act, inspection: Inspection, *parts: str) -> None:
    for part in inspection.parts:
        if not part.excused:
            tidings.tell(by, part.unit_id, TidingKind.INSPECTION, inspection.id, *parts)


def _fix_items(inspection: Inspection, today: date) -> None:
    shares = standings(inspection.plan_id, inspection.quarter, today).shares
    position = _positions({item_id for item_id, _ in shares})
    for part in inspection.parts:
        mine = [item_id for item_id, unit_id in shares if unit_id == part.unit_id]
        part.items = sorted(mine, key=lambda item_id: position[item_id])


def _positions(item_ids: Collection[int]) -> dict[int, int]:
    rows = db.session.execute(select(Item.id, Item.position).where(Item.id.in_(item_ids)))
    return {row[0]: row[1] for row in rows}


def _next_number(organisation_id: int, year: int) -> int:
    """Notices of inspection of a year, without gaps: counted under the organisation's hold, and never given back."""
    of_year = (Inspection.organisation_id == organisation_id, Inspection.year == year)
    return (db.session.scalar(select(func.max(Inspection.number)).where(*of_year)) or 0) + 1


def arrange(by: Act, inspection: Inspection, part: InspectionPart, checker_id: int, visit_on: date) -> None:
    """Another day or checker for a unit; never one of the unit."""
    begin(by, inspection, InspectionAct.ARRANGE)
    checker = next((each for each in team_of(inspection, by.today) if each.person_id == checker_id), None)
    if checker is None:
        raise Invalid("请从本次检查的检查人员中选择。")
    rules.check_apart(part.unit_id, checker.own_units)
    if not inspection.starts_on <= visit_on <= inspection.ends_on:
        raise Invalid("检查日期须在检查起止日期之内。")
    before = {"checker": part.checker_id, "visit_on": part.visit_on.isoformat() if part.visit_on else None}
    part.checker_id, part.visit_on = checker_id, visit_on
    after = {"checker": checker_id, "visit_on": visit_on.isoformat()}
    if before != after:
        db.session.flush()
        told = after | {"unit": part.unit.name}
        events.record(by, "arrange", "inspection", inspection.id, before, told)


def go_on_site(by: Act, inspection: Inspection) -> None:
    """The check begins; recording the first result does the same."""
    begin(by, inspection, InspectionAct.GO_ON_SITE)
    move(inspection, InspectionAct.GO_ON_SITE)
    events.record(by, "go_on_site", "inspection", inspection.id)


def conclude(by: Act, inspection: Inspection, conclusion: str, version: int) -> None:
    """What the check comes to, given to the units; not before each has confirmed the facts, or let its days pass."""
    begin(by, inspection, InspectionAct.CONCLUDE, version)
    open_ = [part for part in inspection.parts if not part.known.is_settled(by.today)]
    if open_:
        told = "、".join(f"{part.unit.name}（{part.known.stand.label}）" for part in open_[:5])
        raise Refusal(f"还有 {len(open_)} 个单位未办完：{told}{'等' if len(open_) > 5 else ''}。办完后再作出结论。")
    inspection.conclusion, inspection.concluded_on = rules.check_text("检查结论", conclusion), by.today
    move(inspection, InspectionAct.CONCLUDE)
    events.record(by, "conclude", "inspection", inspection.id, after={"text": inspection.conclusion})
    _tell_all(by, inspection, inspection.title, f"已作出结论：{inspection.conclusion}")


def publish(by: Act, inspection: Inspection, where: str, version: int) -> None:
    """Note that the outcome was made known, and where: an address, or the number of a circular."""
    begin(by, inspection, InspectionAct.PUBLISH, version)
    inspection.published_at, inspection.published_on = rules.check_text("通报文号或公布网址", where, 500), by.today
    move(inspection, InspectionAct.PUBLISH)
    events.record(by, "publish", "inspection", inspection.id, after={"text": inspection.published_at})


def cancel(by: Act, inspection: Inspection, reason: str, version: int) -> None:
    """Before anybody was checked; its number stays taken, and units that were told read why."""
    begin(by, inspection, InspectionAct.CANCEL, version)
    inspection.cancel_reason, inspection.cancelled_on = rules.check_text("取消理由", reason), by.today
    move(inspection, InspectionAct.CANCEL)
    events.record(by, "cancel", "inspection", inspection.id, after={"text": inspection.cancel_reason})
    if inspection.notified_on:
        _tell_all(by, inspection, inspection.title, "已取消", because(inspection.cancel_reason))


def begin(by: Act, inspection: Inspection, act: InspectionAct, version: int | None = None) -> None:
    """Hold it against others; check that it may be done, and that it is as its reader saw it."""
    events.hold(by.organisation_id)
    db.session.expire(inspection)
    if version is not None and inspection.version != version:
        raise Stale("该检查在您打开之后已有变化，请对照最新情况后再办理。", theirs=inspection)
    rules.state_after(inspection.state, act)


def move(inspection: Inspection, act: InspectionAct) -> None:
    inspection.state = rules.state_after(inspection.state, act)
    db.session.flush()
