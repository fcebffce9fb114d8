from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tests.conftest import TODAY, noon
from tests.reporting import queries
from tracker.ledger import accounts, alerts, channels, digest_lines, digests, preferences
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.messages import Channel, Message
from tracker.rules.alerts import Audience
from tracker.rules.channels import ChannelKind
from tracker.rules.permissions import Role

LATE = date(2025, 4, 22)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def listeners(app_context, cast):
    """One of each audience wants mail."""
    with transaction():
        for login in ("handler", "town", "clerk", "leader"):
            preferences.choose(cast.act(login), email=f"{login}@example.gov.cn", mail=True, quiet=None)


def run(cast, day: date, base_url: str = "") -> int:
    with transaction():
        alerts.raise_alerts(cast.county, day)
        now = datetime(day.year, day.month, day.day, 6, tzinfo=SHANGHAI)
        return digests.put_digests(cast.county, day, now, base_url)


def sent_to(login: str) -> list[Message]:
    query = select(Message).where(Message.address.startswith(login)).order_by(Message.id)
    return list(db.session.scalars(query))


def test_everybody_hears_what_is_new_for_their_part(cast, listeners):
    assert run(cast, LATE) == 4
    [handler], [town], [clerk], [leader] = (sent_to(login) for login in ("handler", "town", "clerk", "leader"))
    assert handler.subject == "工作计划台账提醒：已逾期 1 项，季度未填报 2 项，长期未动 1 项"
    assert town.subject == "工作计划台账提醒：季度未填报 2 项，长期未动 1 项"
    assert clerk.subject == "工作计划台账提醒：已逾期 1 项，季度未填报 7 项，长期未动 4 项"
    assert leader.subject == "工作计划台账提醒：已逾期 1 项，季度未填报 7 项"
    assert handler.key == f"digest-{cast.county}-{cast.people['handler']}-2025-04-22"
    assert "东镇" not in handler.body["text"]
    line = "县司法局：1. 预公开重大行政决策草案，2025年第一季度填报，应于2025年4月7日，未填报 15 天"
    assert line in handler.body["text"]


def test_a_day_without_news_has_no_message_and_a_second_run_sends_none(cast, listeners):
    run(cast, LATE)
    assert run(cast, LATE) == 0
    assert run(cast, LATE + timedelta(days=1)) == 0
    assert run(cast, date(2025, 5, 7)) == 4


def test_before_the_day_the_office_and_leaders_hear_nothing_of_it(cast, listeners):
    run(cast, date(2025, 3, 9))
    run(cast, TODAY)
    assert [len(sent_to(login)) for login in ("handler", "town", "clerk", "leader")] == [1, 1, 0, 0]


def test_who_wants_no_mail_or_is_gone_gets_none(cast, listeners):
    with transaction():
        preferences.choose(cast.act("handler"), email="handler@example.gov.cn", mail=False, quiet=None)
        accounts.person_of(cast.county, cast.people["town"]).active = False
    assert run(cast, LATE) == 2
    assert sent_to("handler") == sent_to("town") == []


def test_the_offices_minimum_reaches_who_wants_no_mail(cast, listeners):
    with transaction():
        preferences.choose(cast.act("handler"), email="handler@example.gov.cn", mail=False, quiet=None)
        channels.set_minimum(cast.act(), mail_for_all=True)
    run(cast, LATE)
    assert len(sent_to("handler")) == 1


def test_quiet_hours_hold_it_back_until_they_are_over(cast, listeners):
    with transaction():
        preferences.choose(cast.act("handler"), email="handler@example.gov.cn", mail=True, quiet=(22, 8))
    run(cast, LATE)
    [held], [not_held] = sent_to("handler"), sent_to("town")
    assert held.next_try_at == datetime(2025, 4, 22, 8, tzinfo=SHANGHAI)
    assert not_held.next_try_at == datetime(2025, 4, 22, 6, tzinfo=SHANGHAI)


def test_every_active_channel_hears_what_the_office_hears(cast, app_context):
    with transaction():
        for name in ("政务公开群", "停用的群"):
            channels.add_channel(cast.act(), ChannelKind.WECOM, name, "https://a.example/", "")
        resting = db.session.scalars(select(Channel).where(Channel.name == "停用的群")).one()
        channels.switch(cast.act(), resting, active=False)
    assert run(cast, LATE, base_url="https://gongkai.example.gov.cn") == 1
    [put] = db.session.scalars(select(Message))
    assert put.key.startswith(f"digest-{cast.county}-channel-")
    assert "季度未填报 7 项" in put.subject
    assert put.body["text"].endswith("查看全部：https://gongkai.example.gov.cn/alerts/")


def test_many_receivers_of_the_same_cost_no_more_questions(cast, listeners):
    run(cast, LATE)
    with queries() as few:
        run(cast, date(2025, 5, 7))
    with transaction():
        for number in range(10):
            person = accounts.add_person(cast.act(), f"more{number}", "某某", "Sample-2025", must_change=False)
            accounts.give_post(cast.act(), person, Role.UNIT_HANDLER, cast.units["东镇"])
            db.session.add(preferences.Preference(person_id=person.id, email=f"more{number}@example.gov.cn", mail=True))
    with queries() as many:
        run(cast, date(2025, 6, 25))
    assert len(sent_to("more")) == 10
    assert sum("INSERT INTO message" in each for each in many) == 1
    assert len([each for each in many if "SELECT" in each]) <= len([each for each in few if "SELECT" in each])


def test_a_message_names_twenty_and_counts_the_rest(cast, listeners, monkeypatch):
    monkeypatch.setattr(digests, "MOST_LINES", 3)
    run(cast, LATE)
    [clerk] = sent_to("clerk")
    assert "\n3. " in clerk.body["text"]
    assert "\n4. " not in clerk.body["text"]
    assert "另有 9 项，请登录系统查看。" in clerk.body["text"]


def test_the_neighbouring_county_hears_nothing(cast, listeners):
    run(cast, LATE)
    with transaction():
        assert digests.put_digests(cast.neighbour, LATE, noon(LATE)) == 0


def test_of_each_unit_no_more_is_told_than_asked_for_and_the_longest_due_first(app_context, cast):
    with transaction():
        alerts.raise_alerts(cast.county, LATE)
    everything = digest_lines.first_raised(cast.county, Audience.UNIT, LATE, 50)
    counts = digest_lines.raised_by_unit(cast.county, Audience.UNIT, LATE)
    assert {unit: len(lines) for unit, lines in everything.items()} == {
        unit: sum(counts[unit].values()) for unit in counts
    }
    assert any(len({line.due for line in lines}) < len(lines) for lines in everything.values())  # some are due together
    for most in (1, 2):
        first = digest_lines.first_raised(cast.county, Audience.UNIT, LATE, most)
        assert first == {unit: lines[:most] for unit, lines in everything.items()}
    assert all(lines == sorted(lines) for lines in everything.values())
