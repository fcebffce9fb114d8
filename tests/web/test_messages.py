from tests.conftest import TODAY, noon
from tracker.ledger import messages
from tracker.ledger.db import transaction
from tracker.ledger.messages import Outgoing
from tracker.rules.channels import ChannelKind


def _failed(app, cast):
    with app.app_context():
        with transaction():
            messages.put(cast.county, Outgoing("k", ChannelKind.MAIL, "a@example.com", "今日提醒", "3 项"), noon(TODAY))
        with transaction():
            [waiting] = messages.messages_of(cast.county, None, 10, 0)
            messages.failed(waiting, "邮件服务器不接受收件地址。", noon(TODAY), lasting=True)


def test_what_failed_says_why_and_can_be_sent_again(app, as_, cast):
    _failed(app, cast)
    clerk = as_("clerk")
    page = clerk.get("/messages/").text
    assert "已停止重试" in page
    assert "邮件服务器不接受收件地址。" in page
    assert clerk.post("/messages/1/again").status_code == 302
    waiting = clerk.get("/messages/?state=waiting").text
    assert "待发送</td>" in waiting
    assert "起重新发送。上次失败：邮件服务器不接受收件地址。" in waiting


def test_a_stranger_sees_none_of_it(app, as_, cast):
    _failed(app, cast)
    assert "今日提醒" not in as_("stranger").get("/messages/").text
    assert as_("stranger").post("/messages/1/again").status_code == 404


def test_a_state_that_there_is_not_is_told(as_):
    assert as_("clerk").get("/messages/?state=lost").status_code == 422
