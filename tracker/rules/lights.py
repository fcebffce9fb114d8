"""Lights (红黄绿灯): a rule is data, a light is always a sign and a word beside its colour."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker.rules.standing import ShareStanding, Standing


class Light(StrEnum):
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"

    @property
    def label(self) -> str:
        return {Light.RED: "红", Light.YELLOW: "黄", Light.GREEN: "绿", Light.BLUE: "蓝", Light.GREY: "灰"}[self]

    @property
    def sign(self) -> str:
        """Shapes differ, so that a black-and-white print still reads."""
        return {Light.RED: "●", Light.YELLOW: "▲", Light.GREEN: "■", Light.BLUE: "◆", Light.GREY: "○"}[self]

    @property
    def badness(self) -> int:
        """0 is the worst; nothing heard yet is worse than going well."""
        return (Light.RED, Light.YELLOW, Light.GREY, Light.GREEN, Light.BLUE).index(self)


@dataclass(frozen=True)
class LightRule:
    """`soon_days`: a duty due within so many days, the day itself included, is yellow."""

    soon_days: int = 15


DEFAULT_RULE = LightRule()


@dataclass(frozen=True)
class Lit:
    """A light with the reason that stands beside it."""

    light: Light
    reason: str

    @property
    def text(self) -> str:
        return f"{self.light.sign} {self.light.label} {self.reason}"


def overdue(days: int) -> Lit:
    return Lit(Light.RED, f"逾期 {days} 天")


def due_in(days: int) -> Lit:
    """0 on the last day."""
    return Lit(Light.YELLOW, f"{days} 天后到期" if days else "今天到期")


def light_of(share: ShareStanding, rule: LightRule = DEFAULT_RULE) -> Lit:
    """Domain default (§5): red overdue, yellow pressing or behind, blue reviewed and completed, grey nothing yet."""
    if share.standing is Standing.OVERDUE:
        return overdue(share.days_overdue)
    if share.standing in (Standing.RETURNED, Standing.BEHIND):
        return Lit(Light.YELLOW, share.standing.label)
    if share.standing is Standing.COMPLETED and share.reviewed:
        return Lit(Light.BLUE, "已完成，已审核")
    if share.days_left is not None and share.days_left <= rule.soon_days:
        return due_in(share.days_left)
    if share.standing in (Standing.UNREPORTED, Standing.UNASSIGNED):
        return Lit(Light.GREY, share.standing.label)
    return Lit(Light.GREEN, share.standing.label)


UNASSIGNED = Lit(Light.GREY, Standing.UNASSIGNED.label)


def item_light(shares: Iterable[ShareStanding], rule: LightRule = DEFAULT_RULE) -> Lit:
    """An item shows the worst light of its shares, and of several alike the most pressing one."""
    lit = [(light_of(share, rule), share) for share in shares]
    worst = min(lit, key=lambda pair: (pair[0].light.badness, *pair[1].pressure), default=None)
    return worst[0] if worst else UNASSIGNED
