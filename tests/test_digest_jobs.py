"""The daily job and the outbox together, against a real mail server on this machine."""

import hashlib
import hmac
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from config import MailSettings
from tests import extending
from tests.conftest import TODAY
from tests.sending.test_bots import receiving
from tests.sending.test_mail import Postbox
from tracker import clock, jobs
from tracker.ledger import channels, leases, messages, preferences
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.alerts import Alert, JobRun
from tracker.ledger.tables.messages import Message
from tracker.ledger.tables.notices import Notice
from tracker.rules.channels import ChannelKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT_ONCE = 4


@pytest.fixture
def office(app_context, cast, monkeypatch):
    """A handler and a clerk who want mail, a mail server, and a clock that goes from hour to hour."""

    class Office:
        now = datetime(TODAY.year, TODAY.month, TODAY.day, 6, tzinfo=SHANGHAI)
        postbox = Postbox()

        def settings(self):
            return app_context.config["SETTINGS"]

        def run(self, day: date, hour: int = 6) -> list[str]:
            """The day's job and two turns of the outbox; to whom mails arrived."""
            self.now, before = datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI), len(self.postbox.mails)
            jobs.daily_alerts(clock.today("Asia/Shanghai"))
            for _ in range(2):
                jobs.send_waiting(self.settings(), "p")
            return sorted(mail["To"] for mail in self.postbox.mails[before:])

    made = Office()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    with transaction():
        for login in ("handler", "clerk"):
            preferences.choose(cast.act(login), email=f"{login}@example.gov.cn", mail=True, quiet=None)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = MailSettings("127.0.0.1", port, "none", "", "", "taizhang@example.gov.cn")
    app_context.config["SETTINGS"] = replace(made.settings(), mail=server, base_url="https://gongkai.example.gov.cn")
    controller = Controller(made.postbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield made
    controller.stop()


@pytest.fixture
def receiver():
    yield from receiving()


BOTH = ["clerk@example.gov.cn", "handler@example.gov.cn"]


def test_one_mail_reaches_each_person_on_a_day_however_often_the_job_runs(office, cast):
    assert office.run(date(2025, 4, 8)) == BOTH
    assert office.run(date(2025, 4, 8), 7) == office.run(date(2025, 4, 8), 23) == []
    [mail] = [each for each in office.postbox.mails if each["To"].startswith("handler")]
    assert mail["Subject"] == "工作计划台账提醒：已逾期 1 项，季度未填报 2 项"
    assert "https://gongkai.example.gov.cn/alerts/" in mail.get_content()
    assert mail["Message-ID"].startswith(f"<digest-{cast.county}-{cast.people['handler']}-2025-04-08@")


def test_a_scheduler_that_was_dead_for_three_days_sends_one_mail_and_raises_one_step(office, cast):
    assert office.run(date(2025, 4, 5)) == ["handler@example.gov.cn"]
    assert office.run(date(2025, 4, 9)) == BOTH
    days = db.session.scalars(select(Alert.raised_on).where(Alert.raised_on > date(2025, 4, 5))).all()
    assert set(days) == {date(2025, 4, 9)}
    assert len(days) == 2 * 8


def test_over_the_end_of_a_quarter_each_day_tells_its_own_and_nothing_twice(office, cast):
    arrived = {}
    for number in range(12):
        day = date(2025, 6, 27) + timedelta(days=number)
        if mails := office.run(day):
            arrived[day.isoformat()] = mails
    # the first day tells what has stood since April; the second quarter's reports are due on 7 July
    assert arrived == {
        "2025-06-27": BOTH,
        "2025-06-30": ["handler@example.gov.cn"],
        "2025-07-04": ["handler@example.gov.cn"],
        "2025-07-07": ["handler@example.gov.cn"],
        "2025-07-08": BOTH,
    }


def test_a_mail_server_that_is_down_for_a_day_loses_nothing_and_doubles_nothing(office, cast):
    whole = office.settings()
    app_settings = replace(whole, mail=replace(whole.mail, port=1))
    office.now = datetime(2025, 4, 8, 6, tzinfo=SHANGHAI)
    jobs.daily_alerts(date(2025, 4, 8))
    for _ in range(24):
        jobs.send_waiting(app_settings, "p")
        office.now += timedelta(hours=1)
    assert office.postbox.mails == []
    for _ in range(12):
        jobs.send_waiting(whole, "p")
        office.now += timedelta(hours=1)
    assert sorted(mail["To"] for mail in office.postbox.mails) == BOTH


def test_the_day_proposes_the_papers_of_the_ladder(office, cast):
    office.run(date(2025, 4, 22))
    proposed = db.session.scalar(select(func.count()).select_from(Notice))
    assert proposed
    office.run(date(2025, 4, 22), 9)
    assert db.session.scalar(select(func.count()).select_from(Notice)) == proposed


def test_of_four_schedulers_at_once_one_raises_and_one_sends(office, cast, app_context):
    office.now = datetime(2025, 4, 8, 6, tzinfo=SHANGHAI)
    settings = office.settings()

    def run(number: int) -> int:
        with app_context.app_context():
            jobs.daily_alerts(date(2025, 4, 8))
            return jobs.send_waiting(settings, f"p{number}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(run, range(AT_ONCE))) == 2
    assert sorted(mail["To"] for mail in office.postbox.mails) == BOTH
    assert db.session.scalar(select(func.count()).select_from(Message)) == 2
    assert db.session.scalar(select(func.count()).select_from(JobRun)) == 2  # one for each organisation


def test_a_decision_on_an_extension_reaches_its_unit_by_mail_though_a_sender_dies(office, cast, monkeypatch):
    """From the verb to the mail: the one who sends it dies before it is marked, and two others come after."""
    extending.approve(cast, extending.apply(cast))
    office.now = datetime(2025, 4, 3, 13, tzinfo=SHANGHAI)
    with monkeypatch.context() as dying:
        dying.setattr(jobs.messages, "sent", _dies)
        with pytest.raises(KeyboardInterrupt):
            jobs.send_waiting(office.settings(), "first")
    assert jobs.send_waiting(office.settings(), "second") == 0  # the lease of the dead one still holds
    office.now += leases.LASTS
    assert [jobs.send_waiting(office.settings(), holder) for holder in ("second", "third", "second")] == [1, 0, 0]
    first, again = office.postbox.mails
    assert first["To"] == "handler@example.gov.cn"
    assert "延期申请已批准，期限延至2025年10月31日。" in first.get_content()
    assert "https://gongkai.example.gov.cn/tidings/" in first.get_content()
    assert (again["Message-ID"], again.get_content()) == (first["Message-ID"], first.get_content())


def _dies(*_):
    raise KeyboardInterrupt


def test_the_days_digest_reaches_the_offices_own_receiver_signed_and_once(office, cast, receiver):
    with transaction():
        address = f"http://127.0.0.1:{receiver.server_port}/hook"
        channels.add_channel(cast.act(), ChannelKind.WEBHOOK, "工作平台", address, "mishi")
    office.run(date(2025, 4, 8))
    assert receiver.got == []  # an address of the office's own network, which nobody has listed
    [refused] = messages.messages_of(cast.county, messages.MessageState.FAILING, 10, 0)
    assert "系统管理员未将其列入允许的主机" in refused.last_error
    office.now += timedelta(minutes=1)
    listing = replace(office.settings(), listed_hosts=frozenset({"127.0.0.1"}))
    assert [jobs.send_waiting(listing, "p") for _ in range(2)] == [1, 0]
    [(_, headers, body)] = receiver.got
    told = json.loads(body)
    assert told["key"].startswith(f"digest-{cast.county}-channel-")
    assert told["subject"] == refused.subject
    assert "县司法局" in told["text"]
    assert "https://gongkai.example.gov.cn/alerts/" in told["text"]
    signed = hmac.new(b"mishi", headers["X-Ledger-Timestamp"].encode() + b"." + body, hashlib.sha256)
    assert headers["X-Ledger-Signature"] == f"sha256={signed.hexdigest()}"
