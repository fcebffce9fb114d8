"""A unit's part in an inspection: how far it has come by its dates, and what the unit may say of the facts when."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tracker.rules.dates import written
from tracker.rules.refusals import Refusal


class Stand(StrEnum):
    """How far a unit's part has come; follows from its dates (`Part.stand`)."""

    TOLD = "told"
    RECEIVED = "received"
    SELF_CHECKED = "self_checked"
    CHECKED = "checked"
    FACTS_SENT = "facts_sent"
    OBJECTED = "objected"
    CONFIRMED = "confirmed"
    EXCUSED = "excused"

    @property
    def label(self) -> str:
        return {
            Stand.TOLD: "待签收",
            Stand.RECEIVED: "已签收",
            Stand.SELF_CHECKED: "已自查",
            Stand.CHECKED: "检查中",
            Stand.FACTS_SENT: "待单位确认",
            Stand.OBJECTED: "有异议，待答复",
            Stand.CONFIRMED: "事实已确认",
            Stand.EXCUSED: "本次不查",
        }[self]


@dataclass(frozen=True)
class Part:
    """A unit's part in an inspection, by its dates; each is None until it happened."""

    received_on: date | None = None
    self_checked_on: date | None = None
    results: int = 0
    facts_on: date | None = None
    answer_due: date | None = None
    confirmed_on: date | None = None
    objected_on: date | None = None
    answered_on: date | None = None
    excused: bool = False

    @property
    def stand(self) -> Stand:
        if self.excused:
            return Stand.EXCUSED
        if self.facts_on:
            if self.objected_on and not self.answered_on:
                return Stand.OBJECTED
            return Stand.CONFIRMED if self.confirmed_on or self.answered_on else Stand.FACTS_SENT
        if self.results:
            return Stand.CHECKED
        if self.self_checked_on:
            return Stand.SELF_CHECKED
        return Stand.RECEIVED if self.received_on else Stand.TOLD

    def is_settled(self, today: date) -> bool:
        """Whether it stands in the way of a conclusion no more: a unit that is silent in its days has agreed."""
        if self.stand is Stand.FACTS_SENT:
            return self.answer_due is not None and today > self.answer_due
        return self.stand in (Stand.CONFIRMED, Stand.EXCUSED)

    def on(self, day: date) -> "Part":
        """As it was at the end of the day."""
        dates = ("received_on", "self_checked_on", "facts_on", "confirmed_on", "objected_on", "answered_on")
        ahead = {name: None for name in dates if (at := getattr(self, name)) and at > day}
        return replace(self, **ahead)  # type: ignore[arg-type]

    def told(self, today: date) -> str:
        """What the unit said of the facts, as papers put it."""
        stand = self.stand
        if stand is Stand.FACTS_SENT and self.is_settled(today):
            return "期限内未提出异议"
        if stand is Stand.CONFIRMED:
            if self.objected_on:
                return "提出异议，已答复"
            return f"{written(self.confirmed_on)}确认" if self.confirmed_on else ""
        return {
            Stand.FACTS_SENT: "待确认",
            Stand.OBJECTED: "提出异议，待答复",
            Stand.EXCUSED: "本次不查",
        }.get(stand, "")

    def progress(self, today: date) -> str:
        """The stand in a page's word; the facts wait for no unit whose days are over."""
        waits = self.stand is not Stand.FACTS_SENT or not self.is_settled(today)
        return self.stand.label if waits else "视为确认"

    def added(self, today: date) -> str:
        """What `told` adds to that word; empty where it would say the same again."""
        return self.told(today) if self.stand is not Stand.EXCUSED and self.is_settled(today) else ""


def check_answering(part: Part, today: date) -> None:
    """Whether the unit may confirm or object now."""
    if part.stand is not Stand.FACTS_SENT or part.answer_due is None:
        raise Refusal(f"目前为“{part.stand.label}”，不需要确认检查事实。请查看最新情况。")
    if today > part.answer_due:
        raise Refusal(f"确认或提出异议的期限已于{written(part.answer_due)}届满。")


def check_open_to_results(part: Part) -> None:
    """What was sent to the unit is not changed behind its back."""
    if part.excused:
        raise Refusal("该单位本次不查，不能录入检查结果。")
    if part.facts_on:
        raise Refusal("检查事实已送单位确认，不能再改。确需更正的，先收回再修改。")
