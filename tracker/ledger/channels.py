"""The organisation's channels: bots and webhooks that its daily digest goes to."""

from collections.abc import Sequence

from sqlalchemy import select

from tracker.ledger import events, messages
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.messages import Outgoing
from tracker.ledger.tables.messages import Channel
from tracker.ledger.tables.organisations import Organisation
from tracker.rules.channels import ChannelKind, checked_address
from tracker.rules.refusals import Invalid, NotFound

MOST = 10
LONGEST_NAME = 50
LONGEST_SECRET = 200


def channels_of(organisation_id: int) -> Sequence[Channel]:
    query = select(Channel).where(Channel.organisation_id == organisation_id).order_by(Channel.id)
    return db.session.scalars(query).all()


def channel_of(organisation_id: int, channel_id: int) -> Channel:
    found = db.session.get(Channel, channel_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound
    return found


def add_channel(by: Act, kind: ChannelKind, name: str, address: str, secret: str) -> Channel:
    """A new channel; raise Invalid where nothing could be sent to it."""
    name = name.strip()
    if kind is ChannelKind.MAIL:
        raise Invalid("邮件由系统管理员统一设置，无需在此添加。")
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"请填写渠道名称，最多 {LONGEST_NAME} 字。")
    if len(secret) > LONGEST_SECRET:
        raise Invalid(f"签名密钥最多 {LONGEST_SECRET} 字。")
    _check_room(by)
    channel = Channel(
        organisation_id=by.organisation_id,
        kind=kind,
        name=name,
        address=checked_address(kind, address),
        secret=secret.strip(),
    )
    db.session.add(channel)
    db.session.flush()
    events.record(by, "add", "channel", channel.id, after={"kind": kind, "name": name})
    return channel


def switch(by: Act, channel: Channel, *, active: bool) -> None:
    """Let it rest, or take it up again; what waits for it is still sent."""
    if channel.active is not active:
        if active:
            _check_room(by)
        channel.active = active
        events.record(by, "enable" if active else "disable", "channel", channel.id)


def _check_room(by: Act) -> None:
    """Of the channels in use; those at rest cost nothing."""
    if sum(channel.active for channel in channels_of(by.organisation_id)) >= MOST:
        raise Invalid(f"最多启用 {MOST} 个渠道，请先停用不用的渠道。")


def set_minimum(by: Act, *, mail_for_all: bool) -> None:
    """Whether the daily mail goes to everybody who has given an address, or to those who want it."""
    organisation = db.session.get_one(Organisation, by.organisation_id)
    if organisation.mail_for_all is not mail_for_all:
        organisation.mail_for_all = mail_for_all
        after = {"mail_for_all": mail_for_all}
        events.record(by, "set_minimum", "organisation", organisation.id, {"mail_for_all": not mail_for_all}, after)


def try_out(by: Act, channel: Channel) -> None:
    """Put a message of trial into the outbox."""
    key = f"trial-{channel.id}-{int(by.at.timestamp())}"
    text = "这是一条测试消息。收到此消息，说明通知渠道设置正确。"
    trial = Outgoing(key, channel.kind, channel.address, "工作计划台账测试", text, channel_id=channel.id)
    messages.put(by.organisation_id, trial, by.at)
    events.record(by, "try_out", "channel", channel.id)
