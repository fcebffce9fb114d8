"""Lights (红黄绿灯): a rule is data, a light is always a sign and a word beside its colour.

A rule is a list of clauses, read from the top: the first whose cause is there gives the light.  So every light can say
by which clause it came, on which figures, and what would make it green.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.rules.dates import written
from tracker.rules.duties import DutyKind
from tracker.rules.standing import DutyFacts, ShareStanding, Standing


class Light(StrEnum):
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"

    @property
    def label(self) -> str:
        return _WORDS[self][0]

    @property
    def sign(self) -> str:
        """Shapes differ, so that a black-and-white print still reads."""
        return _WORDS[self][1]

    @property
    def badness(self) -> int:
        """0 is the worst; nothing heard yet is worse than going well."""
        return (Light.RED, Light.ORANGE, Light.YELLOW, Light.GREY, Light.GREEN, Light.BLUE).index(self)


_WORDS = {
    Light.RED: ("红", "●"),
    Light.ORANGE: ("橙", "▼"),
    Light.YELLOW: ("黄", "▲"),
    Light.GREEN: ("绿", "■"),
    Light.BLUE: ("蓝", "◆"),
    Light.GREY: ("灰", "○"),
}


class Cause(StrEnum):
    """What a clause looks at."""

    OVERDUE = "overdue"
    RECTIFICATION_OVERDUE = "rectification_overdue"
    POINTS_BEHIND = "points_behind"
    RETURNED = "returned"
    BEHIND = "behind"
    MADE_UP_LATE = "made_up_late"
    CLOSED = "closed"
    DUE_WITHIN = "due_within"
    REPORT_MISSING = "report_missing"
    NOT_STARTED = "not_started"
    ON_COURSE = "on_course"

    @property
    def words(self) -> "CauseWords":
        return _CAUSES[self]


@dataclass(frozen=True)
class CauseWords:
    """`label` names the cause in a rule, with the clause's own measure; `reason` tells it of one share, with the amount
    found; `way_out` says what would end it."""

    label: str
    reason: str
    way_out: str = ""


_CAUSES = {
    Cause.OVERDUE: CauseWords(
        "逾期 {at} 天及以上", "逾期 {amount} 天", "办结逾期事项并写明完成日期，或按程序办理延期。"
    ),
    Cause.RECTIFICATION_OVERDUE: CauseWords(
        "整改逾期 {at} 天及以上", "整改逾期 {amount} 天", "完成整改，经核查后销号。"
    ),
    Cause.POINTS_BEHIND: CauseWords(
        "落后序时进度 {at} 个百分点及以上", "落后序时 {amount} 个百分点", "本年完成数赶上序时进度。"
    ),
    Cause.RETURNED: CauseWords("填报被退回，尚未重新提交", "退回待改", "按退回理由修改后重新提交。"),
    Cause.BEHIND: CauseWords("单位填报为欠进度", "欠进度", "工作赶上进度，并在下次填报中如实反映。"),
    Cause.MADE_UP_LATE: CauseWords("本季度有逾期后补办的事项", "逾期后补办 {amount} 项", "下一季度各事项按期办结。"),
    Cause.CLOSED: CauseWords("已完成并经审核", "已完成，已审核"),
    Cause.DUE_WITHIN: CauseWords("距期限 {at} 天以内（含当天）", "{amount} 天后到期", "在期限前办结并写明完成日期。"),
    Cause.REPORT_MISSING: CauseWords("超过填报截止日 {at} 天及以上仍未填报", "未填报 {amount} 天", "提交本季度填报。"),
    Cause.NOT_STARTED: CauseWords("尚未分工或尚未填报", "{standing}", "分工到单位，并提交本季度填报。"),
    Cause.ON_COURSE: CauseWords("其他情形（已填报，按计划推进）", "{standing}"),
}


@dataclass(frozen=True)
class Clause:
    """`at` is the least number of days or whole points from which the cause counts; for DUE_WITHIN the most days left.

    Causes that are there or not have no use for it.
    """

    cause: Cause
    light: Light
    at: int = 1

    @property
    def label(self) -> str:
        return self.cause.words.label.format(at=self.at)

    def counts(self, amount: int | None) -> bool:
        if amount is None:
            return False
        return amount <= self.at if self.cause is Cause.DUE_WITHIN else amount >= self.at


@dataclass(frozen=True)
class LightRule:
    """The clauses in the order in which they are tried; the last one holds for whatever is left."""

    name: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class LightFacts:
    """What a rule looks at.

    `points_behind` is how far what is reached lies behind the part of the year that is over, None where nothing is
    counted.  `made_up` are the duties of the quarter that were done after their day; `rectification_late` are days.
    """

    share: ShareStanding
    points_behind: Decimal | None = None
    made_up: int = 0
    rectification_late: int = 0


@dataclass(frozen=True)
class Lit:
    """A light with the reason that stands beside it, and the clause that gave it, where one did, and no hand."""

    light: Light
    reason: str
    clause: Clause | None = None
    by_hand: "ByHand | None" = None

    @property
    def text(self) -> str:
        return f"{self.light.sign} {self.light.label} {self.reason}"

    @property
    def way_out(self) -> str:
        """What would make it green; nothing where it is, or better."""
        if self.clause is None or self.light in (Light.GREEN, Light.BLUE):
            return ""
        return self.clause.cause.words.way_out


@dataclass(frozen=True)
class ByHand:
    """A light that somebody set, `until` that day; `id` is that of its record."""

    id: int
    light: Light
    reason: str
    by: str
    until: date

    @property
    def lit(self) -> Lit:
        return Lit(self.light, f"人工设定：{self.reason}（{self.by}，至{written(self.until)}）", by_hand=self)


_AMOUNTS: dict[Cause, Callable[[LightFacts], int | None]] = {
    Cause.OVERDUE: lambda facts: facts.share.days_overdue or None,
    Cause.RECTIFICATION_OVERDUE: lambda facts: facts.rectification_late or None,
    Cause.POINTS_BEHIND: lambda facts: None if facts.points_behind is None else round(facts.points_behind),
    Cause.RETURNED: lambda facts: _if(facts.share.standing is Standing.RETURNED),
    Cause.BEHIND: lambda facts: _if(facts.share.standing is Standing.BEHIND),
    Cause.MADE_UP_LATE: lambda facts: facts.made_up or None,
    Cause.CLOSED: lambda facts: _if(facts.share.standing is Standing.COMPLETED and facts.share.reviewed),
    Cause.DUE_WITHIN: lambda facts: _not_negative(facts.share.days_left),
    Cause.REPORT_MISSING: lambda facts: facts.share.report_late or None,
    Cause.NOT_STARTED: lambda facts: _if(facts.share.standing in (Standing.UNREPORTED, Standing.UNASSIGNED)),
    Cause.ON_COURSE: lambda _facts: 1,
}


def _if(there: bool) -> int | None:  # noqa: FBT001
    return 1 if there else None


def _not_negative(days: int | None) -> int | None:
    return None if days is None or days < 0 else days


def light_by(facts: LightFacts, rule: LightRule) -> Lit:
    """The light of the first clause that counts; green where none does."""
    for clause in rule.clauses:
        amount = _AMOUNTS[clause.cause](facts)
        if clause.counts(amount):
            return Lit(clause.light, _reason(clause.cause, amount, facts), clause)
    return Lit(Light.GREEN, facts.share.standing.label)


def _reason(cause: Cause, amount: int | None, facts: LightFacts) -> str:
    """Of a date that an extension has moved, the original one is named too."""
    words = cause.words.reason.format(amount=amount, standing=facts.share.standing.label)
    if cause is Cause.DUE_WITHIN and not amount:
        words = "今天到期"
    moved = facts.share.moved if cause in (Cause.OVERDUE, Cause.DUE_WITHIN) else None
    return f"{words}（{moved.words}）" if moved else words


@dataclass(frozen=True)
class Tried:
    """A clause held against a share: what was found (None: nothing of the kind), and whether it gave the light.

    `passed_over` says that it comes after the one that did.
    """

    clause: Clause
    found: str | None
    held: bool
    passed_over: bool


def tried(facts: LightFacts, rule: LightRule) -> Sequence[Tried]:
    """Every clause in its order."""
    lit = light_by(facts, rule)
    lines: list[Tried] = []
    for clause in rule.clauses:
        amount = _AMOUNTS[clause.cause](facts)
        found = None if amount is None else _found(clause.cause, amount, facts)
        lines.append(Tried(clause, found, clause is lit.clause, any(line.held for line in lines)))
    return lines


def _found(cause: Cause, amount: int, facts: LightFacts) -> str:
    if cause is Cause.POINTS_BEHIND and amount <= 0:
        return f"超前 {-amount} 个百分点" if amount else "与序时进度持平"
    return _reason(cause, amount, facts)


DEFAULT_RULE = LightRule(
    "通用规则",
    (
        Clause(Cause.OVERDUE, Light.RED),
        Clause(Cause.RECTIFICATION_OVERDUE, Light.RED),
        Clause(Cause.POINTS_BEHIND, Light.RED, 31),
        Clause(Cause.RETURNED, Light.YELLOW),
        Clause(Cause.BEHIND, Light.YELLOW),
        Clause(Cause.POINTS_BEHIND, Light.YELLOW, 10),
        Clause(Cause.CLOSED, Light.BLUE),
        Clause(Cause.REPORT_MISSING, Light.YELLOW),
        Clause(Cause.DUE_WITHIN, Light.YELLOW, 15),
        Clause(Cause.NOT_STARTED, Light.GREY),
        Clause(Cause.ON_COURSE, Light.GREEN),
    ),
)


def overdue(days: int) -> Lit:
    return Lit(Light.RED, f"逾期 {days} 天")


def unreported(days: int) -> Lit:
    """A report that is not in makes no work overdue."""
    return Lit(Light.YELLOW, f"未填报 {days} 天")


def late_light(duty: DutyFacts, as_of: date) -> Lit:
    """The light of a duty whose day has passed."""
    days = -(duty.days_left(as_of) or 0)
    return unreported(days) if duty.kind is DutyKind.QUARTER_REPORT else overdue(days)


def due_in(days: int) -> Lit:
    """0 on the last day."""
    return Lit(Light.YELLOW, f"{days} 天后到期" if days else "今天到期")


@dataclass(frozen=True)
class Lights:
    """What gives every share its light: the rule, what it looks at beside the standing, and what was set by hand.

    Of a share without `facts` nothing more is known than how it stands.  Shares are named by item and unit.
    """

    rule: LightRule = DEFAULT_RULE
    facts: Mapping[tuple[int, int], LightFacts] = field(default_factory=dict)
    by_hand: Mapping[tuple[int, int], ByHand] = field(default_factory=dict)

    def facts_of(self, share: ShareStanding) -> LightFacts:
        return self.facts.get((share.item_id, share.unit_id)) or LightFacts(share)

    def computed(self, share: ShareStanding) -> Lit:
        """The light by the rule, whatever was set by hand."""
        return light_by(self.facts_of(share), self.rule)

    def of(self, share: ShareStanding) -> Lit:
        by_hand = self.by_hand.get((share.item_id, share.unit_id))
        return by_hand.lit if by_hand else self.computed(share)


UNASSIGNED = Lit(Light.GREY, Standing.UNASSIGNED.label)


def item_light(shares: Iterable[ShareStanding], lights: Lights) -> tuple[Lit, ShareStanding | None]:
    """An item shows the worst light of its shares, and of several alike the most pressing one; with that share."""
    lit = [(lights.of(share), share) for share in shares]
    return min(lit, key=lambda pair: (pair[0].light.badness, *pair[1].pressure), default=(UNASSIGNED, None))
