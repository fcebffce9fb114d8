from datetime import timedelta

import pytest

from tests.conftest import TODAY, noon
from tracker.ledger import messages
from tracker.ledger.db import transaction
from tracker.ledger.messages import MessageState, Outgoing, state_of
from tracker.rules.channels import ChannelKind
from tracker.rules.refusals import NotFound, Refusal

NOW = noon(TODAY)


def put(cast, key="k", **more):
    with transaction():
        return messages.put(cast.county, Outgoing(key, ChannelKind.MAIL, "a@example.com", "提醒", "3 项", **more), NOW)


def only(cast):
    return messages.messages_of(cast.county, None, 10, 0)[0]


def test_the_same_key_is_the_same_message(app_context, cast):
    assert put(cast) is True
    assert put(cast) is False
    assert len(messages.due(NOW)) == 1


def test_what_rolls_back_leaves_no_message(app_context, cast):
    def fails():
        with transaction():
            messages.put(cast.county, Outgoing("k", ChannelKind.MAIL, "a@example.com", "提醒", "3 项"), NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert messages.due(NOW) == []


def test_what_is_to_leave_later_waits(app_context, cast):
    put(cast, not_before=NOW + timedelta(hours=2))
    assert messages.due(NOW) == []
    assert len(messages.due(NOW + timedelta(hours=2))) == 1


def test_a_failure_is_told_and_tried_again_after_a_pause(app_context, cast):
    put(cast)
    with transaction():
        messages.failed(only(cast), "连接不上", NOW)
    assert state_of(only(cast)) is MessageState.FAILING
    assert only(cast).last_error == "连接不上"
    assert messages.due(NOW) == []
    assert messages.due(NOW + timedelta(minutes=1)) == [only(cast).id]


def test_what_would_always_fail_is_given_up_and_can_be_sent_again(app_context, cast):
    put(cast)
    with transaction():
        messages.failed(only(cast), "地址不存在", NOW, lasting=True)
    assert state_of(only(cast)) is MessageState.GIVEN_UP
    assert messages.due(NOW + timedelta(days=30)) == []
    with transaction():
        messages.send_again(cast.act(), only(cast))
    assert messages.due(NOW) == [only(cast).id]


def test_what_was_sent_is_not_sent_again(app_context, cast):
    put(cast)
    with transaction():
        messages.sent(only(cast), NOW)
    assert messages.due(NOW + timedelta(days=1)) == []
    with pytest.raises(Refusal, match="已发送成功"):
        messages.send_again(cast.act(), only(cast))


def test_counts_and_lists_agree(app_context, cast):
    for key in ("a", "b", "c", "d"):
        put(cast, key)
    a, b, c, _ = messages.due(NOW)
    with transaction():
        messages.sent(messages.message(a), NOW)
        messages.failed(messages.message(b), "x", NOW)
        messages.failed(messages.message(c), "x", NOW, lasting=True)
    counts = messages.counts(cast.county)
    assert counts == dict.fromkeys(MessageState, 1)
    for state in MessageState:
        assert [state_of(each) for each in messages.messages_of(cast.county, state, 10, 0)] == [state]


def test_a_strangers_message_is_not_found(app_context, cast):
    put(cast)
    with pytest.raises(NotFound):
        messages.message_of(cast.neighbour, only(cast).id)
