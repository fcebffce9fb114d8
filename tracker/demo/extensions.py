"""Sample extensions: before their dates some duties were put off and one was not; what is still open waits."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle

from tracker.demo.quarters import People
from tracker.ledger import extensions
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.standing import duty_facts
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Plan
from tracker.rules.extensions import Application, ExtensionLevel
from tracker.rules.reports import Verdict
from tracker.rules.standing import DutyFacts
from tracker.rules.summary import has_a_deadline

_HOUR = time(2)  # ten o'clock in Shanghai, as UTC
_BEFORE, _MORE = timedelta(days=15), timedelta(days=60)
_APPROVED, _REFUSED = (Verdict.ACCEPT, Verdict.ACCEPT), (Verdict.RETURN,)
_DECIDED = (_APPROVED, _REFUSED, _APPROVED)
_WAITING: tuple[tuple[Verdict, ...], ...] = ((Verdict.ACCEPT,), ())  # at the leader's desk, at the office's

Story = tuple[DutyFacts, date, tuple[Verdict, ...]]  # the duty, the day of the application, what the levels said


def play(plan: Plan, people: People, leader: Person, until: date) -> None:
    """Three applications that were decided in their time, and one or two that wait, as far as the plan has dates."""
    dated = [facts for facts in duty_facts(Duty.plan_id == plan.id, until) if has_a_deadline(facts) and facts.due]
    for facts, day, verdicts in [*_decided(dated, until), *_waiting(dated, until)]:
        duty = db.session.get_one(Duty, facts.id)
        asked = Application((facts.due or day) + _MORE, _reason(facts), "（示例）已完成方案制定和前期准备。")
        extension = extensions.apply(_act(people.handlers[duty.unit_id], day), duty, asked)
        _decide(extension.id, verdicts, (people.clerk, leader), day)


def _decided(dated: list[DutyFacts], until: date) -> Iterator[Story]:
    past = [(facts, facts.due - _BEFORE) for facts in dated if facts.due and facts.due < until]
    past.sort(key=lambda pair: pair[0].done_on is not None)  # what stays undone shows most
    for (facts, day), verdicts in zip(past[: len(_DECIDED)], cycle(_DECIDED), strict=False):
        yield facts, day, verdicts


def _waiting(dated: list[DutyFacts], until: date) -> Iterator[Story]:
    ahead = [facts for facts in dated if facts.due and facts.due >= until and not facts.done_on]
    for facts, verdicts in zip(ahead, _WAITING, strict=False):
        yield facts, until - timedelta(days=3), verdicts


def _reason(duty: DutyFacts) -> str:
    return f"（示例）“{duty.label}”涉及多个单位会签，所需数据尚未汇总，按期完成有困难。"


def _decide(extension_id: int, verdicts: tuple[Verdict, ...], judges: tuple[Person, Person], day: date) -> None:
    levels = (ExtensionLevel.OFFICE, ExtensionLevel.LEADER)
    for number, (verdict, level, judge) in enumerate(zip(verdicts, levels, judges, strict=False), 1):
        by = _act(judge, day + timedelta(days=number))
        extension = extensions.case_of(by.organisation_id, extension_id, None).extension
        reason = "" if verdict is Verdict.ACCEPT else "（示例）理由不充分，请抓紧办理，按原定时限完成。"
        extensions.judge(by, extension, level, verdict, reason, extension.version)


def _act(person: Person, day: date) -> Act:
    return Act(person.organisation_id, person, datetime.combine(day, _HOUR, UTC), day)
