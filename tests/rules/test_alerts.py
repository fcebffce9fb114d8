from datetime import date, timedelta

import pytest

from tracker.rules.alerts import (
    DEFAULT_STEPS,
    AlertKind,
    Audience,
    KindSteps,
    alert_kind,
    alert_light,
    audience_of,
    step_on,
    told,
    windows,
)
from tracker.rules.duties import DutyKind
from tracker.rules.lights import Light
from tracker.rules.permissions import Role
from tracker.rules.standing import DutyFacts

DUE = date(2025, 4, 7)


def duty(answer_by: date | None = DUE, done_on: date | None = None, kind=DutyKind.MILESTONE) -> DutyFacts:
    return DutyFacts(1, 1, 1, True, kind, "8月底前", None, answer_by, answer_by, done_on)


def steps(kind: AlertKind, audience: Audience, days: range) -> list[int | None]:
    """The step that holds so many days after the day, for each of them."""
    return [step_on(kind, audience, DUE, DUE + timedelta(days=each)) for each in days]


@pytest.mark.parametrize(
    ("days_late", "kind"),
    [
        (-16, None),
        (-15, AlertKind.DUE_SOON),
        (0, AlertKind.DUE_SOON),
        (1, AlertKind.OVERDUE),
        (400, AlertKind.OVERDUE),
    ],
)
def test_a_duty_speaks_up_fifteen_days_before_its_day_and_is_overdue_the_day_after(days_late, kind):
    assert alert_kind(duty(), DUE + timedelta(days=days_late)) is kind


def test_a_report_that_is_overdue_is_a_missing_report():
    report = duty(kind=DutyKind.QUARTER_REPORT)
    assert alert_kind(report, DUE) is AlertKind.DUE_SOON
    assert alert_kind(report, DUE + timedelta(days=1)) is AlertKind.REPORT_MISSING


def test_a_duty_that_is_done_says_nothing():
    assert alert_kind(duty(done_on=date(2025, 4, 30)), date(2025, 5, 1)) is None


def test_a_duty_without_a_date_says_nothing():
    assert alert_kind(duty(answer_by=None), DUE) is None


def test_a_step_holds_until_the_next_is_reached():
    assert steps(AlertKind.DUE_SOON, Audience.UNIT, range(-16, 2)) == (
        [None] + [-15] * 8 + [-7] * 4 + [-3] * 3 + [0] + [None]
    )
    assert steps(AlertKind.OVERDUE, Audience.UNIT, range(9)) == [None] + [1] * 6 + [7] * 2
    assert steps(AlertKind.OVERDUE, Audience.UNIT, range(29, 32)) == [15, 30, 30]


def test_the_office_hears_from_the_first_day_and_the_leader_from_the_fifteenth():
    assert steps(AlertKind.OVERDUE, Audience.OFFICE, range(2)) == [None, 1]
    assert steps(AlertKind.OVERDUE, Audience.LEADER, range(13, 17)) == [None, None, 15, 15]
    assert steps(AlertKind.DUE_SOON, Audience.OFFICE, range(-15, 1)) == [None] * 16
    assert steps(AlertKind.RETURNED, Audience.OFFICE, range(6, 8)) == [None, 7]
    assert steps(AlertKind.SILENT, Audience.UNIT, range(99, 101)) == [None, 100]


def test_on_every_day_at_most_one_step_of_a_kind_holds():
    for kind in AlertKind:
        for audience in Audience:
            found = windows(kind, audience, DUE)
            assert all(later.last < earlier.first for earlier, later in zip(found, found[1:], strict=False))


def test_whatever_the_office_or_a_leader_hears_the_unit_has_heard():
    assert all(of_kind.heard_by(Audience.UNIT, at) for of_kind in DEFAULT_STEPS.values() for at in of_kind.days)


def test_an_offices_own_steps_take_the_place_of_the_default():
    own = {**DEFAULT_STEPS, AlertKind.DUE_SOON: KindSteps((-10, 0)), AlertKind.OVERDUE: KindSteps((5,), leader=5)}
    assert [
        step_on(AlertKind.DUE_SOON, Audience.UNIT, DUE, DUE - timedelta(days=each), own) for each in (11, 10, 0)
    ] == [
        None,
        -10,
        0,
    ]
    assert alert_kind(duty(), DUE + timedelta(days=4), own) is None
    assert step_on(AlertKind.OVERDUE, Audience.LEADER, DUE, DUE + timedelta(days=5), own) == 5
    assert windows(AlertKind.OVERDUE, Audience.OFFICE, DUE, own) == []


def test_the_ends_of_the_calendar_are_no_fault():
    assert step_on(AlertKind.DUE_SOON, Audience.UNIT, date.max, date.max) == 0
    assert step_on(AlertKind.OVERDUE, Audience.UNIT, date.min, date.max) == 30
    assert windows(AlertKind.OVERDUE, Audience.UNIT, date.min)


def test_a_light_says_how_many_days():
    assert alert_light(AlertKind.OVERDUE, DUE, DUE + timedelta(days=12)).text == "● 红 逾期 12 天"
    assert alert_light(AlertKind.DUE_SOON, DUE, DUE - timedelta(days=3)).text == "▲ 黄 3 天后到期"
    assert alert_light(AlertKind.DUE_SOON, DUE, DUE).reason == "今天到期"
    assert alert_light(AlertKind.DUE_SOON, DUE, DUE).light is Light.YELLOW
    assert alert_light(AlertKind.SILENT, DUE, DUE + timedelta(days=40)).text == "▲ 黄 40 天未填报"
    assert alert_light(AlertKind.RETURNED, DUE, DUE + timedelta(days=3)).reason == "退回 3 天未重报"


@pytest.mark.parametrize(
    ("roles", "audience"),
    [
        ({Role.UNIT_HANDLER}, Audience.UNIT),
        ({Role.UNIT_HEAD}, Audience.UNIT),
        ({Role.GROUP_OFFICE}, Audience.OFFICE),
        ({Role.GROUP_OFFICE, Role.UNIT_HANDLER}, Audience.OFFICE),
        ({Role.GROUP_LEADER}, Audience.LEADER),
        ({Role.GROUP_DEPUTY, Role.UNIT_HEAD}, Audience.LEADER),
        ({Role.INSPECTOR}, Audience.OFFICE),
    ],
)
def test_a_person_hears_as_what_the_posts_make_of_them(roles, audience):
    assert audience_of(roles) is audience


def test_counts_are_told_worst_first():
    counts = {AlertKind.DUE_SOON: 2, AlertKind.OVERDUE: 1, AlertKind.RETURNED: 0}
    assert told(counts) == "已逾期 1 项，即将到期 2 项"
