from datetime import timedelta

import pytest

from tests.conftest import TODAY, noon
from tracker.ledger import leases, messages
from tracker.ledger.db import transaction
from tracker.ledger.messages import Outgoing
from tracker.rules.channels import ChannelKind

NOW = noon(TODAY)


def _beat(app, at):
    with app.app_context(), transaction():
        leases.hold("scheduler", "p", at)


def test_while_no_scheduler_runs_pages_are_served_and_it_says_so(app, client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"], answer.json["scheduler"]) == (200, "degraded", "silent")


def test_it_is_ready_while_the_scheduler_gives_signs_of_life(app, client):
    _beat(app, NOW - timedelta(minutes=4))
    assert client.get("/readyz").json["status"] == "ok"


def test_a_scheduler_that_fell_silent_is_told(app, client, as_):
    _beat(app, NOW - timedelta(minutes=6))
    assert client.get("/readyz").json["scheduler"] == "silent"
    assert "已停止活动" in as_("admin").get("/status").text


def test_the_process_is_alive_without_a_scheduler(client):
    assert client.get("/healthz").json == {"status": "ok"}


def test_the_status_page_says_that_mail_has_no_server(as_):
    assert "未设置，不发送邮件" in as_("clerk").get("/status").text


def _put(app, cast, not_before):
    with app.app_context(), transaction():
        one = Outgoing("k", ChannelKind.MAIL, "a@example.com", "提醒", "3 项", not_before=not_before)
        messages.put(cast.county, one, NOW - timedelta(hours=20))


@pytest.mark.parametrize(
    ("waiting", "told"), [(timedelta(minutes=61), "late"), (timedelta(minutes=59), "ok"), (-timedelta(hours=3), "ok")]
)
def test_a_message_that_could_have_left_an_hour_ago_is_told(app, client, as_, cast, waiting, told):
    _beat(app, NOW)
    _put(app, cast, NOW - waiting)
    answer = client.get("/readyz").json
    assert (answer["messages"], answer["status"]) == (told, "ok" if told == "ok" else "degraded")
    assert ("未能送达" in as_("admin").get("/status").text) is (told == "late")


def test_a_message_that_failed_has_been_waiting_since_it_was_put_in(app, client, cast):
    _put(app, cast, NOW)
    with app.app_context(), transaction():
        [waiting] = messages.messages_of(cast.county, None, 10, 0)
        messages.failed(waiting, "无法连接。", NOW)
    assert client.get("/readyz").json["messages"] == "late"
