from datetime import timedelta

from tests.conftest import TODAY, noon
from tracker.ledger import leases
from tracker.ledger.db import transaction

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
