"""Mail over SMTP."""

import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol

from tracker.sending.parcel import NotSent, Parcel, in_words

SECONDS = 20


class MailServer(Protocol):
    """`security` is "none", "starttls" or "tls"; `sender` is the address that mails come from."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def security(self) -> str: ...
    @property
    def user(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def sender(self) -> str: ...


def message_of(parcel: Parcel, sender: str, at: datetime) -> EmailMessage:
    """The key is in Message-ID: a mail that is sent twice is shown once by most mail programs."""
    message = EmailMessage()
    message["Subject"] = parcel.subject
    message["From"] = Address("工作计划台账", addr_spec=sender)
    message["To"] = parcel.address
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{parcel.key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(parcel.text)
    return message


def send(server: MailServer, parcel: Parcel, at: datetime) -> None:
    """Hand the mail to the server; raise NotSent where it does not take it."""
    try:
        with _connected(server) as connection:
            connection.send_message(message_of(parcel, server.sender, at))
    except smtplib.SMTPRecipientsRefused as fault:
        lasting = all(code >= 500 for code, _ in fault.recipients.values())
        raise NotSent(f"邮件服务器不接受收件地址 {parcel.address}。", lasting=lasting) from fault
    except smtplib.SMTPAuthenticationError as fault:
        raise NotSent("邮件服务器不接受用户名或密码，请系统管理员核对邮件设置。") from fault
    except (smtplib.SMTPException, OSError, ssl.SSLError) as fault:
        raise NotSent(f"邮件服务器 {server.host} 暂时无法发送，{in_words(fault)}。") from fault


def _connected(server: MailServer) -> smtplib.SMTP:
    connection = _opened(server)
    try:
        if server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _opened(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=SECONDS)
