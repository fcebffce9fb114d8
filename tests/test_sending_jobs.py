"""The outbox is emptied by the process that holds the lease."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import TODAY, noon
from tracker import clock, jobs
from tracker.ledger import messages
from tracker.ledger.db import transaction
from tracker.ledger.messages import MessageState, Outgoing
from tracker.rules.channels import ChannelKind
from tracker.sending.parcel import NotSent

NOW = noon(TODAY)


@pytest.fixture
def world(app_context, monkeypatch):
    """A receiver that takes what comes unless it is down, and a clock that can be moved."""

    class World:
        now, down, lasting, went = NOW, False, False, []

    world = World()
    world.went = []

    def send(kind, parcel, at, listed):
        if world.down:
            raise NotSent("无法连接。", lasting=world.lasting)
        world.went.append(parcel.key)

    monkeypatch.setattr(jobs.bots, "send", send)
    monkeypatch.setattr(clock, "now", lambda: world.now)
    world.settings = app_context.config["SETTINGS"]
    return world


def put(cast, *keys):
    with transaction():
        for key in keys:
            messages.put(cast.county, Outgoing(key, ChannelKind.WEBHOOK, "https://a.example/", "提醒", "3 项"), NOW)


def test_four_schedulers_at_once_send_each_message_once(world, cast):
    put(cast, "a", "b")
    assert [jobs.send_waiting(world.settings, f"p{number}") for number in range(4)] == [2, 0, 0, 0]
    assert world.went == ["a", "b"]


def test_a_receiver_that_is_down_for_a_day_loses_nothing_and_is_not_hammered(world, cast):
    put(cast, "a", "b")
    world.down = True
    for _ in range(24 * 60):
        jobs.send_waiting(world.settings, "p")
        world.now += timedelta(minutes=1)
    assert messages.counts(cast.county)[MessageState.FAILING] >= 1
    world.down = False
    for _ in range(7 * 60):
        jobs.send_waiting(world.settings, "p")
        world.now += timedelta(minutes=1)
    assert sorted(world.went) == ["a", "b"]
    assert messages.counts(cast.county)[MessageState.SENT] == 2


def test_a_failing_receiver_is_asked_once_a_turn(world, cast):
    put(cast, "a", "b", "c")
    world.down = True
    jobs.send_waiting(world.settings, "p")
    assert messages.counts(cast.county) == {MessageState.FAILING: 1, MessageState.WAITING: 2}


def test_mail_without_a_server_waits_and_says_so(world, cast):
    with transaction():
        messages.put(cast.county, Outgoing("m", ChannelKind.MAIL, "a@example.com", "提醒", "3 项"), NOW)
    assert jobs.send_waiting(world.settings, "p") == 0
    [waiting] = messages.messages_of(cast.county, None, 10, 0)
    assert "尚未设置邮件服务器" in waiting.last_error


def test_a_fault_of_ours_stops_nothing(world, cast, monkeypatch):
    put(cast, "a")

    def breaks(*_):
        raise ValueError("a slip")

    monkeypatch.setattr(jobs.bots, "send", breaks)
    assert jobs.send_waiting(world.settings, "p") == 0
    assert messages.messages_of(cast.county, MessageState.FAILING, 10, 0)[0].last_error.startswith("发送时系统出错")


def test_who_died_while_sending_leaves_the_rest_to_the_next(world, cast):
    put(cast, "a")
    jobs.send_waiting(world.settings, "gone")
    put(cast, "b")
    assert jobs.send_waiting(world.settings, "next") == 0
    world.now += timedelta(minutes=2)
    assert jobs.send_waiting(world.settings, "next") == 1


def test_a_message_that_leads_to_a_page_names_its_address_where_the_ledger_knows_its_own(world, cast, monkeypatch):
    texts = []
    monkeypatch.setattr(jobs.mail, "send", lambda _server, parcel, _at: texts.append(parcel.text))
    server = replace(world.settings, mail=object())
    for number, base_url in enumerate(("", "https://gongkai.example.gov.cn")):
        more = {"path": "/tidings/"}
        with transaction():
            one = Outgoing(f"t{number}", ChannelKind.MAIL, "a@example.com", "办理消息", "1. 甲。", more=more)
            messages.put(cast.county, one, NOW)
        jobs.send_waiting(replace(server, base_url=base_url), "p")
    assert texts == ["1. 甲。", "1. 甲。\n\n查看：https://gongkai.example.gov.cn/tidings/"]


def test_who_lost_the_lease_while_a_receiver_was_slow_sends_no_more(world, cast, monkeypatch):
    put(cast, "a", "b")
    quick = jobs.bots.send

    def slow(*parcel):
        quick(*parcel)
        if len(world.went) == 1:
            world.now += timedelta(minutes=2)
            jobs.send_waiting(world.settings, "other")

    monkeypatch.setattr(jobs.bots, "send", slow)
    jobs.send_waiting(world.settings, "slow")
    assert world.went == ["a", "a", "b"]  # the first was not marked yet: at least once, under the same key
