from datetime import UTC, datetime, timedelta

import pytest

from tracker.rules.channels import ChannelKind, QuietHours, checked_address, checked_email, next_try
from tracker.rules.refusals import Invalid

AT = datetime(2025, 4, 3, 4, tzinfo=UTC)


def test_a_receiver_that_is_down_for_a_day_loses_nothing():
    now, attempts = AT, 0
    while now < AT + timedelta(days=1):
        attempts += 1
        now = next_try(attempts, AT, now)
    assert now is not None
    assert attempts < 12  # and is not hammered either


def test_after_a_week_it_is_given_up():
    assert next_try(30, AT, AT + timedelta(days=6, hours=23)) is None


@pytest.mark.parametrize(
    ("hour", "expected"), [(21, (3, 21)), (22, (4, 7)), (23, (4, 7)), (3, (3, 7)), (7, (3, 7)), (12, (3, 12))]
)
def test_quiet_hours_over_midnight_end_in_the_morning(hour, expected):
    over = QuietHours(22, 7).over(AT.replace(hour=hour))
    assert (over.day, over.hour) == expected


def test_quiet_hours_at_noon_end_the_same_day():
    assert QuietHours(12, 14).over(AT.replace(hour=13, minute=30)) == AT.replace(hour=14)


@pytest.mark.parametrize("written", ["", "ftp://a.example", "javascript:alert(1)", "http://", "http://u:p@a.example/"])
def test_an_address_that_is_none_is_refused(written):
    with pytest.raises(Invalid):
        checked_address(ChannelKind.WEBHOOK, written)


@pytest.mark.parametrize("written", ["zhang", "zhang@", "@a.cn", "a@b", "a b@c.cn", "张@c.cn", "a@c.cn\nBcc: x@y.cn"])
def test_a_mail_address_that_is_none_is_refused(written):
    with pytest.raises(Invalid):
        checked_email(written)


def test_no_mail_address_is_a_choice():
    assert checked_email(" ") == ""
