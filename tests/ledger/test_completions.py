"""What is done between reports is noted with its own day, and taken back with a reason."""

from datetime import date, timedelta

import pytest

from tests.conftest import TODAY
from tests.reporting import Q1, Quarter, content, duty_of_kind, report_duty, review, state_of, submit
from tracker.ledger import completions, events
from tracker.ledger.db import transaction
from tracker.rules.duties import DutyKind
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.rules.reports import Verdict
from tracker.rules.standing import DutyState

pytestmark = pytest.mark.usefixtures("app_context")
YESTERDAY = TODAY - timedelta(days=1)


def first_check(cast):
    """Due on 31 March, heard of by 7 April."""
    return duty_of_kind(cast, DutyKind.RECURRING, 2)


def complete(cast, duty, done_on, note="", on=TODAY, by="handler"):
    with transaction():
        completions.complete(cast.act(by, on), duty, done_on, note)


def test_the_works_day_counts_and_late_stays_late(cast):
    duty = first_check(cast)
    complete(cast, duty, date(2025, 4, 2))
    held = completions.noted(duty)
    assert (held.done_on, held.recorded_on, held.recorded_by_id) == (date(2025, 4, 2), TODAY, cast.people["handler"])
    assert state_of(duty, TODAY) is DutyState.DONE_LATE
    assert state_of(duty, YESTERDAY) is DutyState.OPEN, "nobody had said so yet"


def test_the_same_word_sent_twice_is_one(cast):
    duty = first_check(cast)
    for _ in range(2):
        complete(cast, duty, YESTERDAY, "已检查")
    assert [event.act for event in completions.history(duty)] == ["complete"]


def test_another_day_for_what_is_done_is_refused(cast):
    duty = first_check(cast)
    complete(cast, duty, YESTERDAY)
    with pytest.raises(Refusal, match="先撤回"):
        complete(cast, duty, TODAY)


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(2005, 4, 1)])
def test_a_day_to_come_and_one_long_past_are_refused(cast, day):
    with pytest.raises(Invalid, match="完成日期"):
        complete(cast, first_check(cast), day)


def test_reports_and_counts_are_not_noted_here(cast):
    with pytest.raises(Refusal, match="填报"):
        complete(cast, report_duty(cast), TODAY)
    with pytest.raises(Refusal, match="累计"):
        complete(cast, duty_of_kind(cast, DutyKind.COUNT, 1, "东镇", Quarter(2025, 4)), TODAY)


def test_it_can_be_noted_after_the_report_was_accepted(cast):
    report = submit(cast, content(), report_duty(cast, item=2))
    review(cast, report, Verdict.ACCEPT)
    complete(cast, first_check(cast), YESTERDAY)
    assert state_of(first_check(cast), TODAY) is DutyState.DONE_LATE


def test_what_a_report_ticked_is_not_taken_back_here(cast):
    duty = first_check(cast)
    submit(cast, content(done={duty.id: YESTERDAY}), report_duty(cast, item=2))
    with pytest.raises(Refusal, match="退回该季度填报"), transaction():
        completions.take_back(cast.act(), duty, "依据不足")


def test_taking_back_needs_a_reason_and_counts_from_today(cast):
    duty = first_check(cast)
    complete(cast, duty, date(2025, 3, 30), on=YESTERDAY)
    with pytest.raises(Invalid, match="理由"), transaction():
        completions.take_back(cast.act("handler"), duty, " ")
    for _ in range(2):
        with transaction():
            completions.take_back(cast.act("handler"), duty, "填错事项")
    assert (state_of(duty, YESTERDAY), state_of(duty, TODAY)) == (DutyState.DONE, DutyState.OPEN)
    assert [event.act for event in completions.history(duty)] == ["complete", "take_back"]
    assert events.first_break(cast.county) is None


def test_what_the_office_does_not_acknowledge_is_told_with_its_reason(cast):
    duty = first_check(cast)
    complete(cast, duty, YESTERDAY)
    with transaction():
        completions.take_back(cast.act(), duty, "没有检查记录", office=True)
    last = completions.history(duty)[-1]
    assert (last.act, last.after["reason"]) == ("disallow", "没有检查记录")
    complete(cast, duty, TODAY, "已补检查记录")
    assert state_of(duty, TODAY) is DutyState.DONE_LATE


def test_there_is_nothing_to_take_back_of_what_is_open(cast):
    with pytest.raises(Refusal, match="没有可撤回"), transaction():
        completions.take_back(cast.act(), first_check(cast), "理由")


def test_a_strangers_duty_is_not_found(cast):
    duty = first_check(cast)
    for organisation, scope in ((cast.neighbour, None), (cast.county, frozenset({cast.units["东镇"]}))):
        with pytest.raises(NotFound):
            completions.duty_of(organisation, duty.id, scope)
    assert completions.duty_of(cast.county, duty.id, frozenset({cast.units["县司法局"]})) is duty
    assert str(duty.quarter) == str(Q1)
