"""Sample inspections: one of a past quarter from plan to conclusion, and one of a few drawn units that is under way."""

from datetime import UTC, date, datetime, time, timedelta

from tracker.demo.quarters import People
from tracker.ledger import inspection_findings, inspection_parts, inspection_results, inspections, plans, verified
from tracker.ledger.acts import Act
from tracker.ledger.inspection_results import Entry
from tracker.ledger.inspections import InspectionText
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.inspections import Inspection, InspectionPart
from tracker.ledger.tables.plans import Plan
from tracker.ledger.verified import Said
from tracker.rules.inspection_results import STANDARD_CRITERIA, Answer, Verdict
from tracker.rules.inspections import Dates, Method, Reach
from tracker.rules.quarters import Quarter, quarters_of
from tracker.rules.reports import ProgressClass

_HOUR = time(2)  # ten o'clock in Shanghai, as UTC
_UNITS = 4
_FACTS = {
    Verdict.MOSTLY_MET: "（示例）专栏已建成，个别栏目更新间隔超过一个月。",
    Verdict.NOT_MET: "（示例）抽查三条应公开信息，一条未公开，两条超过规定时限。",
}
_CONCLUSION = (
    "（示例）总体情况：被检查单位能够按计划推进，台账基本完整。主要问题：个别单位公开不及时、佐证材料不全。"
    "下一步要求：有问题的单位限期整改，其他单位对照自查，办公室按期核查销号。"
)


def play(plan: Plan, people: People, inspector: Person, until: date) -> None:
    """A plan that has just begun has none."""
    over = [quarter for quarter in quarters_of(plan.year) if quarter.end + timedelta(days=30) < until]
    if not over:
        return
    past = over[-2] if len(over) > 1 else over[-1]
    _conclude(_held(plan, past, people, inspector, past.end + timedelta(days=8), until), people, past, until)
    _begin(plan, over[-1], people, inspector, until)


def _plan(
    plan: Plan, quarter: Quarter, people: People, inspector: Person, day: date, title: str, seed: str
) -> Inspection:
    size = min(_UNITS, len(inspections.candidates(plan.organisation_id, plan.id, quarter, day)))
    text = InspectionText(
        title=title,
        basis="（示例）根据本年度工作计划关于每季度检查公开内容是否全面、准确、及时，公开制度是否落实到位的要求。",
        criteria=STANDARD_CRITERIA,
        methods=[Method.MATERIALS, Method.ON_SITE, Method.ONLINE],
        dates=Dates(day, day + timedelta(days=10), day + timedelta(days=5)),
        checkers=[inspector.id, people.clerk.id],
        reach=Reach.SAMPLE,
        sample_size=size,
        seed=seed,
    )
    made = inspections.plan(_act(people.clerk, day), plan, quarter, text)
    inspections.notify(_act(people.clerk, day), made, made.version)
    return made


def _held(plan: Plan, quarter: Quarter, people: People, inspector: Person, day: date, until: date) -> Inspection:
    """Received, checked and the facts sent; the unit of every second one says something of them."""
    made = _plan(plan, quarter, people, inspector, day, f"{quarter.label}工作计划落实情况检查（示例）", "20230801")
    for number, part in enumerate(made.parts):
        at = min(part.visit_on or day, until)
        handler = people.handlers[part.unit_id]
        inspection_parts.receive(_act(handler, day), part, handler.name)
        _check(part, inspector, at, number)
        inspection_parts.send_facts(_act(inspector, at), part)
        inspection_parts.confirm(_act(handler, at), part, "（示例）情况属实。" if number % 2 else "", part.version)
    return made


def _check(part: InspectionPart, inspector: Person, day: date, number: int) -> None:
    """Most is met; of every second unit one thing is not, and becomes a finding."""
    by, criteria = _act(inspector, day), part.inspection.criteria
    for place, item_id in enumerate(part.items):
        for order, criterion in enumerate(criteria):
            verdict = _verdict(number, place, order)
            answer = Answer(verdict, _FACTS.get(verdict, ""))
            entry = Entry(f"demo-{part.id}-{item_id}-{order}", item_id, criterion, answer)
            result = inspection_results.record(by, part, entry).result
            if verdict is Verdict.NOT_MET:
                _say_behind(by, part, item_id)
                inspection_findings.make_finding(by, result, ProgressClass.BEHIND)


def _verdict(number: int, place: int, order: int) -> Verdict:
    if place == 0 and order == 2 and number % 2 == 0:
        return Verdict.NOT_MET
    return Verdict.MOSTLY_MET if (number + place + order) % 7 == 0 else Verdict.MET


def _say_behind(by: Act, part: InspectionPart, item_id: int) -> None:
    inspection = part.inspection
    [item] = plans.items_of(inspection.plan, only=[item_id])
    said = Said(ProgressClass.BEHIND, "（示例）现场核实尚有内容未公开。", inspection)
    verified.say(by, item, part.unit_id, inspection.quarter, said, f"demo-class-{part.id}-{item_id}")


def _conclude(made: Inspection, people: People, quarter: Quarter, until: date) -> None:
    day = min(quarter.end + timedelta(days=24), until)
    by = _act(people.clerk, day)
    inspections.conclude(by, made, _CONCLUSION, made.version)
    inspections.publish(by, made, "（示例）情况通报", made.version)


def _begin(plan: Plan, quarter: Quarter, people: People, inspector: Person, until: date) -> None:
    """Under way: the first unit has checked itself, and the inspector has begun with it."""
    day = until - timedelta(days=2)
    made = _plan(plan, quarter, people, inspector, day, f"{quarter.label}落实情况回头看检查（示例）", "20240115")
    for part in made.parts:
        inspections.arrange(_act(people.clerk, day), made, part, inspector.id, until)
    first = made.parts[0]
    handler = people.handlers[first.unit_id]
    inspection_parts.receive(_act(handler, day), first, handler.name)
    for item_id in first.items[:1]:
        for order, criterion in enumerate(made.criteria):
            self_entry = Entry(f"demo-self-{first.id}-{order}", item_id, criterion, Answer(Verdict.MET))
            inspection_results.record(_act(handler, day), first, self_entry, by_unit=True)
        entry = Entry(f"demo-first-{first.id}", item_id, made.criteria[0], Answer(Verdict.MET))
        inspection_results.record(_act(inspector, until), first, entry)


def _act(person: Person, day: date) -> Act:
    return Act(person.organisation_id, person, datetime.combine(day, _HOUR, UTC), day)
