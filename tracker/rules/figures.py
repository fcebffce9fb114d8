"""Figures (指标数值): what stands reached of a target, and what a rate was computed from.

A count is typed, or added up from registered events.  A rate is never typed: it is what was done of what was due,
without what is excluded on a stated ground.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid
from tracker.rules.targets import Target

MOST_EXCLUSIONS = 5
LONGEST_GROUND = 200  # characters, as of a reason
ROUNDING = "四舍五入，保留两位小数；是否达到目标，按未舍入的数值判断"

# No rate of work up to 10^12 with six places comes closer than this to a target that it misses.
_EXACT = Decimal(1).scaleb(-25)
_WIDE = Context(prec=60)
_SHOWN = Decimal(1).scaleb(-2)

_TYPED = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3}){1,3}|[0-9]{1,12})(\.[0-9]{1,6})?")

# How much something grew or shrank is a percentage too, but no share of anything that was due.
_GROWTH = re.compile(
    r"增长率|增速|增幅|降幅|(增长|增加|提高|提升|扩大|下降|降低|压减|压缩|减少|缩短|精简)[^，。；、,;至到达]{0,6}[0-9０-９]"
)


@dataclass(frozen=True)
class Exclusion:
    """So many of those due count for nothing; `ground` is the law or the good reason for it."""

    count: Decimal | None
    ground: str


@dataclass(frozen=True)
class Rate:
    """What is None, or an exclusion's ground that is blank, is not filled in yet: a draft may be so."""

    done: Decimal | None
    due: Decimal | None
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def excluded(self) -> Decimal:
        return sum((exclusion.count for exclusion in self.exclusions if exclusion.count), Decimal(0))

    @property
    def counted(self) -> Decimal | None:
        """How many the rate is of."""
        return None if self.due is None else self.due - self.excluded

    @property
    def value(self) -> Decimal | None:
        """In per cent; None while it cannot be computed, and where nothing was due."""
        if self.done is None or not self.counted:
            return None
        return (self.done * 100 / self.counted).quantize(_EXACT, context=_WIDE).normalize()

    @property
    def is_of_nothing(self) -> bool:
        """Nothing was due in the quarter: nobody's fault, and no rate."""
        return self.done is not None and self.counted == 0

    @property
    def in_words(self) -> str:
        left_out = "；".join(f"剔除 {_given(one.count)}：{one.ground}" for one in self.exclusions)
        return f"已办结 {_given(self.done)}，应办 {_given(self.due)}" + (f"，{left_out}" if left_out else "")


@dataclass(frozen=True)
class Figure:
    """What a report says of a target.  `value` is None where nothing was due, or a draft's rate is not filled in yet.

    `rate` is what it was computed from; `counted` says that registered events add up to it; `reason` says why it is
    less than what was reported before.
    """

    value: Decimal | None
    rate: Rate | None = None
    counted: bool = False
    reason: str = ""

    @classmethod
    def of(cls, rate: Rate) -> "Figure":
        return cls(rate.value, rate)

    def shown(self, measure: str) -> str:
        if self.value is not None:
            return f"{rounded(self.value)}{measure}"
        return "本季度无应办件" if self.rate and self.rate.is_of_nothing else "未填完整"

    def in_words(self, measure: str) -> str:
        """All of it in one line, for the reader who compares two versions."""
        beside = [self.rate.in_words] if self.rate else []
        beside += ["由办理登记汇总"] if self.counted else []
        beside += [f"减少原因：{self.reason}"] if self.reason else []
        return self.shown(measure) + (f"（{'；'.join(beside)}）" if beside else "")


@dataclass(frozen=True)
class Before:
    """What was last handed in of a target, and for which quarter."""

    quarter: Quarter
    figure: Figure


def read_figure(written: str, what: str, measure: str = "") -> Decimal | None:
    """The number that was typed (1,000 or １２ or 95.5%), None for a blank; raise Invalid, saying what it is of."""
    number = "".join(unicodedata.normalize("NFKC", written).split()).removesuffix(measure)
    if not number:
        return None
    if not _TYPED.fullmatch(number):
        raise Invalid(f"{what}应填数字（如 12 或 95.5），不能填“{written.strip()[:20]}”。")
    return Decimal(number.replace(",", ""))


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _given(value: Decimal | None) -> str:
    return "未填" if value is None else plain(value)


def rounded(value: Decimal) -> str:
    """To two places; 约 stands before what was rounded."""
    short = value.quantize(_SHOWN, ROUND_HALF_UP, _WIDE)
    return plain(value) if short == value else f"约{plain(short)}"


def is_computed(text: str, target: Target) -> bool:
    """Whether its figure comes from what was done and due; growth in per cent is taken from elsewhere, and typed."""
    return target.is_rate and not _GROWTH.search(text)


# Checks: each sentence names the target by its text.  The parts of a rate are called `done`, `due`, and by their number
# `excluded-1` and `ground-1`.


def slips_in_rate(rate: Rate, text: str) -> dict[str, str]:
    """A sentence for each part that cannot stand, even in a draft."""
    found = {
        part: f"“{text}”的{label}不能为负数。"
        for part, label, number in (("done", "已办结数", rate.done), ("due", "应办数", rate.due))
        if number is not None and number < 0
    }
    for place, exclusion in enumerate(rate.exclusions, 1):
        if exclusion.count is not None and exclusion.count <= 0:
            found[f"excluded-{place}"] = f"“{text}”的剔除数应大于 0；没有剔除的，请留空。"
        if len(exclusion.ground) > LONGEST_GROUND:
            length = len(exclusion.ground)
            found[f"ground-{place}"] = f"“{text}”的剔除理由最多 {LONGEST_GROUND} 字，现有 {length} 字。"
    return found or _slips_in_sum(rate, text)


def _slips_in_sum(rate: Rate, text: str) -> dict[str, str]:
    if rate.due is None or rate.counted is None:
        return {}
    if rate.counted < 0:
        return {"excluded-1": f"“{text}”共剔除 {plain(rate.excluded)}，多于应办数 {plain(rate.due)}，请核对。"}
    if rate.done is not None and rate.done > rate.counted:
        counted = f"应办数 {plain(rate.due)}"
        if rate.excluded:
            counted += f" 减去剔除数 {plain(rate.excluded)} 后的 {plain(rate.counted)}"
        return {"done": f"“{text}”的已办结数 {plain(rate.done)} 多于{counted}，请核对。"}
    return {}


def gaps_in_rate(rate: Rate, text: str) -> dict[str, str]:
    """A sentence for each part that is still to be filled in before the report is handed in."""
    found = {
        part: f"请填写“{text}”的{label}；本季度无应办件的，已办结数和应办数都填 0。"
        for part, label, number in (("done", "已办结数", rate.done), ("due", "应办数", rate.due))
        if number is None
    }
    for place, exclusion in enumerate(rate.exclusions, 1):
        if exclusion.count is None:
            found[f"excluded-{place}"] = f"“{text}”写有剔除理由，请填写剔除数；没有剔除的，请清空理由。"
        elif not exclusion.ground:
            found[f"ground-{place}"] = f"“{text}”剔除 {plain(exclusion.count)}，请写明法定或正当理由。"
    return found


def slip(figure: Figure, text: str, target: Target) -> str | None:
    """What is wrong with the figure as a whole, drafts included."""
    if figure.rate is None and not figure.counted and is_computed(text, target):
        return f"“{text}”的数值由已办结数和应办数算出，请填写这两个数。"
    if figure.rate:
        return next(iter(slips_in_rate(figure.rate, text).values()), None)
    if not target.is_rate and figure.value is not None and figure.value < 0:
        return f"“{text}”的数值不能为负数。"
    if len(figure.reason) > LONGEST_GROUND:
        return f"“{text}”的减少原因最多 {LONGEST_GROUND} 字，现有 {len(figure.reason)} 字。"
    return None


def falls_behind(figure: Figure, before: Before | None, target: Target, quarter: Quarter) -> bool:
    """Whether what adds up is less than what was last handed in of the same period."""
    if before is None or not target.adds_up or before.quarter < target.period(quarter)[0]:
        return False
    return figure.value is not None and before.figure.value is not None and figure.value < before.figure.value


def gap(figure: Figure, before: Before | None, text: str, target: Target, quarter: Quarter) -> str | None:
    """What the figure still lacks to be handed in: parts of a rate, or why a count went back.

    What events add up to needs no reason.
    """
    if figure.rate:
        return next(iter(gaps_in_rate(figure.rate, text).values()), None)
    if figure.counted or figure.reason or before is None or not falls_behind(figure, before, target, quarter):
        return None
    old, new = before.figure.shown(target.measure), figure.shown(target.measure)
    return f"“{text}”{target.covers}由{before.quarter.label}的 {old} 减为 {new}，请填写减少原因，或核对数值。"


def check_figure(figure: Figure, text: str, target: Target) -> None:
    if sentence := slip(figure, text, target):
        raise Invalid(sentence)


def check_ready(figure: Figure, before: Before | None, text: str, target: Target, quarter: Quarter) -> None:
    if sentence := gap(figure, before, text, target, quarter):
        raise Invalid(sentence)
