"""Against a real SMTP server on this machine."""

import smtplib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler
from aiosmtpd.smtp import AuthResult

from config import MailSettings
from tracker.sending import mail
from tracker.sending.parcel import NotSent, Parcel

AT = datetime(2025, 4, 3, 4, tzinfo=UTC)
PARCEL = Parcel("digest-1-5-2025-04-03", "jingban@example.com", "今日提醒", "您单位有 3 项任务临近期限。\n请及时填报。")


class Postbox(Handler):
    def __init__(self):
        super().__init__()
        self.mails, self.refuses = [], False

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.refuses:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def prepare_message(self, session, envelope):
        return message_from_bytes(envelope.original_content or envelope.content, policy=policy.default)

    def handle_message(self, message):
        self.mails.append(message)


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    yield from _serving(Postbox())


def _serving(handler, **options):
    with socket.create_server(("127.0.0.1", 0)) as free:
        handler.port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port, **options)
    controller.start()
    yield handler
    controller.stop()


def server(port, user=""):
    return MailSettings("127.0.0.1", port, "none", user, "Mima-2025" if user else "", "taizhang@example.gov.cn")


def test_a_mail_arrives_with_its_chinese_words(postbox):
    mail.send(server(postbox.port), PARCEL, AT)
    [arrived] = postbox.mails
    assert arrived["Subject"] == "今日提醒"
    assert arrived["From"].addresses[0].display_name == "工作计划台账"
    assert arrived.get_content().splitlines() == PARCEL.text.splitlines()


def test_a_second_copy_carries_the_same_message_id(postbox):
    mail.send(server(postbox.port), PARCEL, AT)
    mail.send(server(postbox.port), PARCEL, AT)
    first, second = postbox.mails
    assert first["Message-ID"] == second["Message-ID"] == "<digest-1-5-2025-04-03@example.gov.cn>"


def test_an_address_that_does_not_exist_is_not_tried_for_ever(postbox):
    postbox.refuses = True
    with pytest.raises(NotSent, match="jingban@example.com") as refused:
        mail.send(server(postbox.port), PARCEL, AT)
    assert refused.value.lasting


def test_a_server_that_is_down_is_tried_again():
    with pytest.raises(NotSent, match="暂时无法发送，对方拒绝连接。") as refused:
        mail.send(server(1), PARCEL, AT)
    assert not refused.value.lasting


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
def test_it_signs_in_where_the_server_asks():
    def knows(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"Mima-2025", handled=False)

    box = Postbox()
    for _ in _serving(box, authenticator=knows, auth_require_tls=False, auth_required=True):
        mail.send(server(box.port, "taizhang"), PARCEL, AT)
        assert len(box.mails) == 1
        wrong = MailSettings("127.0.0.1", box.port, "none", "taizhang", "cuowu", "taizhang@example.gov.cn")
        with pytest.raises(NotSent, match="用户名或密码"):
            mail.send(wrong, PARCEL, AT)


def test_starttls_is_not_skipped_where_the_server_has_none(postbox):
    """A mail that was to travel sealed does not travel open."""
    sealed = MailSettings("127.0.0.1", postbox.port, "starttls", "", "", "taizhang@example.gov.cn")
    with pytest.raises(NotSent):
        mail.send(sealed, PARCEL, AT)
    assert postbox.mails == []
    assert issubclass(smtplib.SMTPNotSupportedError, smtplib.SMTPException)
