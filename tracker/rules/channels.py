"""Channels (通知渠道): by which ways a message leaves the ledger, when it may, and when it is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from tracker.rules.refusals import Invalid

LONGEST_ADDRESS = 500


class ChannelKind(StrEnum):
    MAIL = "mail"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEBHOOK = "webhook"

    @property
    def label(self) -> str:
        return {
            ChannelKind.MAIL: "电子邮件",
            ChannelKind.WECOM: "企业微信机器人",
            ChannelKind.DINGTALK: "钉钉机器人",
            ChannelKind.FEISHU: "飞书机器人",
            ChannelKind.WEBHOOK: "通用接口",
        }[self]


# After the first failure one minute, then longer; the last pause repeats until a message has waited too long.
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
_LONGEST_WAIT = timedelta(days=7)


def next_try(attempts: int, created_at: datetime, now: datetime) -> datetime | None:
    """When a message that has failed `attempts` times (1 or more) is tried again; None where it is given up.

    A receiver that is down for a day, or over a long weekend, loses nothing.
    """
    at = now + _PAUSES[min(attempts, len(_PAUSES)) - 1]
    return at if at - created_at <= _LONGEST_WAIT else None


@dataclass(frozen=True)
class QuietHours:
    """From one full hour of the day to another, the end excluded; over midnight where it begins later than it ends."""

    start: int
    end: int

    def __contains__(self, at: datetime) -> bool:
        if self.start <= self.end:
            return self.start <= at.hour < self.end
        return at.hour >= self.start or at.hour < self.end

    def over(self, at: datetime) -> datetime:
        """The first moment from `at` (local time) on at which a message may leave."""
        if at not in self:
            return at
        days = 1 if self.start > self.end and at.hour >= self.start else 0
        return at.replace(hour=self.end, minute=0, second=0, microsecond=0) + timedelta(days=days)


def checked_address(kind: ChannelKind, written: str) -> str:
    """The address of a bot or webhook; raise Invalid where nothing could be sent to it."""
    address = written.strip()
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(address) > LONGEST_ADDRESS:
        raise Invalid(f"{kind.label}的地址应以 http:// 或 https:// 开头，请从机器人设置中完整复制。")
    if parts.username or parts.password:
        raise Invalid("地址中不能包含用户名和密码，请改用签名密钥。")
    return address


def checked_email(written: str) -> str:
    """An address of one person, or nothing; raise Invalid for what no mail would reach."""
    address = written.strip()
    name, at, host = address.rpartition("@")
    well_formed = at and name and "." in host and address.isascii() and not any(c in ' ,;<>"()\r\n' for c in address)
    if address and (not well_formed or len(address) > 200):
        raise Invalid(f"“{address[:40]}”不是有效的邮箱地址，请填写如 name@example.gov.cn 的地址。")
    return address
