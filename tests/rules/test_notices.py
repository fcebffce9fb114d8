from datetime import date, timedelta

import pytest

from tracker.rules.calendar import WorkCalendar
from tracker.rules.notices import (
    DEFAULT_LADDER,
    Ladder,
    NoticeKind,
    NoticeState,
    Taken,
    check_filled,
    check_interval,
    check_may,
    check_text,
    next_step,
    number_of,
    reaches,
)
from tracker.rules.refusals import Invalid, Refusal

CALENDAR = WorkCalendar({})
TUESDAY = date(2025, 4, 8)


def step(days, *taken, today=TUESDAY):
    return next_step(days, taken, today, CALENDAR)


@pytest.mark.parametrize(("days", "expected"), [(0, None), (1, NoticeKind.URGING), (60, NoticeKind.URGING)])
def test_the_first_paper_is_an_urging_however_late_it_is(days, expected):
    assert step(days) is expected


def test_a_step_follows_when_its_days_are_over_and_the_interval_too():
    urged = Taken(NoticeKind.URGING, TUESDAY)
    assert step(12, urged, today=date(2025, 4, 10)) is None
    assert step(12, urged, today=date(2025, 4, 11)) is NoticeKind.SUPERVISION
    assert step(9, urged, today=date(2025, 4, 30)) is None


def test_the_interval_counts_working_days():
    friday = Taken(NoticeKind.URGING, date(2025, 4, 11))
    assert step(12, friday, today=date(2025, 4, 15)) is None
    assert step(12, friday, today=date(2025, 4, 16)) is NoticeKind.SUPERVISION


def test_above_the_last_step_there_is_none():
    taken = [Taken(kind, TUESDAY - timedelta(days=40)) for kind in NoticeKind]
    assert step(400, *taken) is None


def test_a_second_notice_within_the_interval_is_refused_with_the_day_from_which_it_may_go():
    with pytest.raises(Refusal, match="2025年4月11日"):
        check_interval(Taken(NoticeKind.URGING, TUESDAY), date(2025, 4, 9), CALENDAR)
    check_interval(None, TUESDAY, CALENDAR)


def test_a_number_has_hexagonal_brackets_and_no_leading_zero():
    assert number_of(NoticeKind.URGING, 2025, 3) == "催办〔2025〕3号"


def test_a_demand_is_needed():
    with pytest.raises(Invalid, match="办理要求"):
        check_text("办理要求", "  ")


def test_what_is_closed_is_not_closed_again():
    with pytest.raises(Refusal, match="已办结"):
        check_may(NoticeState.CLOSED, [NoticeState.REPLIED], "办结")


def test_a_step_that_the_office_does_not_use_is_passed_over():
    ladder = Ladder(((NoticeKind.SUPERVISION, 5), (NoticeKind.TALK, 30)), interval=3, reply_days=3)
    urged, supervised = (Taken(kind, TUESDAY - timedelta(days=9)) for kind in list(NoticeKind)[:2])
    assert next_step(4, [], TUESDAY, CALENDAR, ladder) is None
    assert next_step(5, [], TUESDAY, CALENDAR, ladder) is NoticeKind.SUPERVISION
    assert next_step(5, [urged], TUESDAY, CALENDAR, ladder) is NoticeKind.SUPERVISION
    assert next_step(29, [supervised], TUESDAY, CALENDAR, ladder) is None
    assert next_step(30, [supervised], TUESDAY, CALENDAR, ladder) is NoticeKind.TALK


def test_no_duty_is_called_for_by_two_steps():
    steps = [step for reach in reaches(DEFAULT_LADDER, TUESDAY, CALENDAR) for step in reach.above]
    assert steps == [0, 1, 2, 3]


def test_a_talk_goes_out_with_its_place_and_hour():
    with pytest.raises(Invalid, match="约谈的时间和地点"):
        check_filled("请主要负责人于　　月　　日　　时到　　　　　　参加约谈。")
    indented = "请主要负责人参加约谈。\n　　时间：4月9日9时\n　　参加人员：主要负责人"
    assert check_filled(indented) == indented
