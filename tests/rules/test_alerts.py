from datetime import date, timedelta

import pytest

from tracker.rules.alerts import SOON_DAYS, AlertKind, alert_kind, alert_light, last_soon_day
from tracker.rules.duties import DutyKind
from tracker.rules.lights import Light
from tracker.rules.standing import DutyFacts

DUE = date(2025, 4, 7)


def duty(answer_by: date | None = DUE, done_on: date | None = None) -> DutyFacts:
    return DutyFacts(1, 1, 1, True, DutyKind.MILESTONE, "8月底前", None, answer_by, answer_by, done_on)


@pytest.mark.parametrize(
    ("days_before", "kind"),
    [
        (SOON_DAYS + 1, None),
        (SOON_DAYS, AlertKind.DUE_SOON),
        (0, AlertKind.DUE_SOON),
        (-1, AlertKind.OVERDUE),
        (-400, AlertKind.OVERDUE),
    ],
)
def test_a_duty_speaks_up_a_week_before_its_day_and_is_overdue_the_day_after(days_before, kind):
    assert alert_kind(duty(), DUE - timedelta(days=days_before)) is kind


def test_a_duty_that_is_done_says_nothing():
    assert alert_kind(duty(done_on=date(2025, 4, 30)), date(2025, 5, 1)) is None


def test_a_duty_without_a_date_says_nothing():
    assert alert_kind(duty(answer_by=None), DUE) is None


def test_the_end_of_the_calendar_is_no_fault():
    assert last_soon_day(date.max) == date.max


def test_a_light_says_how_many_days():
    assert alert_light(DUE, DUE + timedelta(days=12)).text == "● 红 逾期 12 天"
    assert alert_light(DUE, DUE - timedelta(days=3)).text == "▲ 黄 3 天后到期"
    assert alert_light(DUE, DUE).reason == "今天到期"
    assert alert_light(DUE, DUE).light is Light.YELLOW
