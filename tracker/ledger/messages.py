"""The outbox: messages are put in by the act that causes them, and taken out by the scheduler's process."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.messages import Channel, Message
from tracker.rules.channels import ChannelKind, next_try
from tracker.rules.refusals import NotFound, Refusal

_INSERTS: dict[str, type[sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.Insert,
    "postgresql": postgresql.Insert,
}


class MessageState(StrEnum):
    WAITING = "waiting"
    FAILING = "failing"
    GIVEN_UP = "given_up"
    SENT = "sent"

    @property
    def label(self) -> str:
        return {
            MessageState.WAITING: "待发送",
            MessageState.FAILING: "发送失败，将重试",
            MessageState.GIVEN_UP: "已停止重试",
            MessageState.SENT: "已发送",
        }[self]


def state_of(message: Message) -> MessageState:
    if message.sent_at:
        return MessageState.SENT
    if message.given_up_at:
        return MessageState.GIVEN_UP
    return MessageState.FAILING if message.attempts else MessageState.WAITING


@dataclass(frozen=True)
class Outgoing:
    """A message on its way into the outbox; `key` is unique, `not_before` the first moment at which it may leave."""

    key: str
    channel: ChannelKind
    address: str
    subject: str
    text: str
    not_before: datetime | None = None
    person_id: int | None = None
    channel_id: int | None = None
    more: Mapping[str, Any] = field(default_factory=dict)  # of the body, beside the text


def put(organisation_id: int, one: Outgoing, at: datetime) -> bool:
    """Put a message into the outbox, in the transaction of its cause; False where its key is in it already."""
    return put_all(organisation_id, [one], at) == 1


def put_all(organisation_id: int, several: Sequence[Outgoing], at: datetime) -> int:
    """The same for several, in one statement; return how many of the keys were new."""
    if not several:
        return 0
    rows = [_row(organisation_id, one, at) for one in several]
    insert = _INSERTS[db.engine.dialect.name](Message).on_conflict_do_nothing(index_elements=["key"])
    return len(db.session.connection().execute(insert.returning(Message.id), rows).all())


def _row(organisation_id: int, one: Outgoing, at: datetime) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "key": one.key,
        "channel": one.channel,
        "channel_id": one.channel_id,
        "person_id": one.person_id,
        "address": one.address,
        "subject": one.subject[:200],
        "body": {"text": one.text, **one.more},
        "created_at": at,
        "next_try_at": one.not_before or at,
        "attempts": 0,
        "last_error": "",
    }


def due(now: datetime, limit: int = 50) -> list[int]:
    """What may leave now, oldest first, so that one failing receiver does not keep the others waiting for ever."""
    rows = select(Message.id).where(Message.next_try_at <= now).order_by(Message.next_try_at, Message.id)
    return list(db.session.scalars(rows.limit(limit)))


def message(message_id: int) -> Message | None:
    return db.session.get(Message, message_id)


def secret_of(message: Message) -> str:
    """What signs it; read when it is sent, so that a changed secret holds at once."""
    channel = db.session.get(Channel, message.channel_id) if message.channel_id else None
    return channel.secret if channel else ""


def sent(message: Message, now: datetime) -> None:
    message.sent_at, message.next_try_at, message.last_error = now, None, ""
    message.attempts += 1


def failed(message: Message, reason: str, now: datetime, *, lasting: bool = False) -> None:
    """Note why, and when it is tried again; what would fail for ever, or has waited too long, is given up visibly."""
    message.attempts += 1
    message.last_error = reason
    message.next_try_at = None if lasting else next_try(message.attempts, message.created_at, now)
    if message.next_try_at is None:
        message.given_up_at = now


def send_again(by: Act, message: Message) -> None:
    """Let it leave at the next turn; raise Refusal where it has arrived."""
    if message.sent_at:
        raise Refusal("该消息已发送成功，无需重发。")
    before = {"given_up_at": message.given_up_at.isoformat() if message.given_up_at else None}
    message.next_try_at, message.given_up_at, message.attempts, message.created_at = by.at, None, 0, by.at
    events.record(by, "send_again", "message", message.id, before, {"address": message.address})


# Looking


def message_of(organisation_id: int, message_id: int) -> Message:
    found = db.session.get(Message, message_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound
    return found


def messages_of(organisation_id: int, state: MessageState | None, limit: int, offset: int) -> Sequence[Message]:
    """Newest first."""
    query = select(Message).where(Message.organisation_id == organisation_id).options(joinedload(Message.person))
    if state is not None:
        query = query.where(_is(state))
    return db.session.scalars(query.order_by(Message.id.desc()).limit(limit).offset(offset)).all()


def counts(organisation_id: int) -> Counter[MessageState]:
    state = case(*((_is(each), each.value) for each in MessageState))
    rows = db.session.execute(
        select(state, func.count()).where(Message.organisation_id == organisation_id).group_by(state)
    )
    return Counter({MessageState(word): number for word, number in rows})


def waits_since() -> datetime | None:
    """Since when the longest waiting message could have left, in the whole ledger; later than now where it rests still.

    One that has failed has been waiting since it was put in.
    """
    since = case((Message.attempts > 0, Message.created_at), else_=Message.next_try_at)
    earliest: datetime | None = db.session.scalar(select(func.min(since)).where(Message.next_try_at.is_not(None)))
    return earliest


def _is(state: MessageState) -> ColumnElement[bool]:
    waits = and_(Message.sent_at.is_(None), Message.given_up_at.is_(None))
    return {
        MessageState.SENT: Message.sent_at.is_not(None),
        MessageState.GIVEN_UP: and_(Message.given_up_at.is_not(None), Message.sent_at.is_(None)),
        MessageState.FAILING: and_(waits, Message.attempts > 0),
        MessageState.WAITING: and_(waits, Message.attempts == 0),
    }[state]
