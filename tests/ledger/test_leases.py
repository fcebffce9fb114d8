from datetime import timedelta

from tests.conftest import TODAY, noon
from tracker.ledger import leases
from tracker.ledger.db import transaction

NOW = noon(TODAY)


def hold(holder, at=NOW):
    with transaction():
        return leases.hold("scheduler", holder, at)


def test_of_two_one_holds_it(app_context):
    assert hold("a") is True
    assert hold("b") is False


def test_the_holder_renews_it(app_context):
    hold("a")
    assert hold("a", NOW + leases.LASTS - timedelta(seconds=1)) is True
    assert hold("b", NOW + leases.LASTS) is False


def test_who_falls_silent_loses_it(app_context):
    hold("a")
    assert hold("b", NOW + leases.LASTS) is True
    assert hold("a", NOW + leases.LASTS) is False


def test_who_ends_in_order_leaves_it_to_the_next_at_once(app_context):
    hold("a")
    with transaction():
        leases.give_back("scheduler", "a", NOW)
    assert hold("b") is True


def test_it_shows_the_last_sign_of_life(app_context):
    assert leases.last_beat("scheduler") is None
    hold("a")
    assert leases.last_beat("scheduler") == NOW
