"""Handovers (工作交接): who may hand over whose post, and what lies open when a post passes on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from tracker.rules.dates import written
from tracker.rules.permissions import Action, Role, can
from tracker.rules.refusals import Forbidden, Invalid

SOON_DAYS = 60  # what falls due within so many days is told to the successor


class MatterKind(StrEnum):
    """What may lie open, in the order of the list."""

    RETURNED = "returned"
    BEGUN = "begun"
    TO_WRITE = "to_write"
    TO_REVIEW = "to_review"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    EXTENSION = "extension"
    DRAFT = "draft"
    ALERTS = "alerts"

    @property
    def label(self) -> str:
        return {
            MatterKind.RETURNED: "退回待改的填报",
            MatterKind.BEGUN: "已起草、未提交的填报",
            MatterKind.TO_WRITE: "待填报",
            MatterKind.TO_REVIEW: "待审核的填报",
            MatterKind.OVERDUE: "已逾期的应办事项",
            MatterKind.DUE_SOON: f"{SOON_DAYS} 天内到期的应办事项",
            MatterKind.EXTENSION: "尚未批复的延期申请",
            MatterKind.DRAFT: "尚未入账的导入草稿",
            MatterKind.ALERTS: "预警",
        }[self]


@dataclass(frozen=True)
class Matter:
    """One open matter, told to be read years later; `record` and `record_id` lead to it while it is open.

    `place` is the plan and the item, `item_id` that item's, `saved_at` when its draft was last saved.
    """

    kind: MatterKind
    record: str
    record_id: int
    place: str
    title: str
    note: str = ""
    item_id: int | None = None
    saved_at: datetime | None = None

    @property
    def key(self) -> tuple[str, int]:
        """The same matter on another day, though it may be of another kind by then."""
        return self.record, self.record_id

    def kept(self) -> dict[str, Any]:
        return {**vars(self), "saved_at": self.saved_at.isoformat() if self.saved_at else None}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Matter":
        saved_at = kept["saved_at"] and datetime.fromisoformat(kept["saved_at"])
        return cls(**{**kept, "kind": MatterKind(kept["kind"]), "saved_at": saved_at})


@dataclass(frozen=True)
class Listing:
    """What lay open on a day."""

    drawn_on: date
    matters: tuple[Matter, ...]

    def kept(self) -> dict[str, Any]:
        return {"drawn_on": self.drawn_on.isoformat(), "matters": [matter.kept() for matter in self.matters]}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Listing":
        return cls(date.fromisoformat(kept["drawn_on"]), tuple(Matter.of(each) for each in kept["matters"]))

    @property
    def by_kind(self) -> list[tuple[MatterKind, list[Matter]]]:
        """The kinds that occur."""
        found = [(kind, [matter for matter in self.matters if matter.kind is kind]) for kind in MatterKind]
        return [(kind, matters) for kind, matters in found if matters]

    @property
    def open_count(self) -> int:
        return count_open(self.matters)


def count_open(matters: Iterable[Matter]) -> int:
    """Alerts only repeat what is due."""
    return sum(matter.kind is not MatterKind.ALERTS for matter in matters)


_WITH_MATTERS = frozenset({Role.GROUP_LEADER, Role.GROUP_DEPUTY, Role.GROUP_OFFICE, Role.UNIT_HEAD, Role.UNIT_HANDLER})


def carries_matters(role: Role) -> bool:
    """Whether work waits for whoever holds the role."""
    return role in _WITH_MATTERS


def may_hand_over(roles: Collection[Role], at_the_unit: Collection[Role], role: Role) -> bool:
    """`roles` are all that somebody holds, `at_the_unit` those at the unit of the post in question."""
    return can(roles, Action.EDIT_PEOPLE) or (role is Role.UNIT_HANDLER and Role.UNIT_HEAD in at_the_unit)


def check_may_hand_over(roles: Collection[Role], at_the_unit: Collection[Role], role: Role) -> None:
    if not may_hand_over(roles, at_the_unit, role):
        raise Forbidden("单位负责人只能办理本单位经办人的工作交接。其他岗位请联系系统管理员。")


def first_day(last_day: date, today: date, *, same_day: bool, over: bool) -> date:
    """The successor's first day: nobody takes over in the past a post that had ended already."""
    if over:
        return today
    return last_day if same_day else last_day + timedelta(days=1)


def check_day(last_day: date, today: date) -> None:
    """Raise Invalid for a last day so far ahead that the year must be a slip."""
    if last_day > today + timedelta(days=366):
        raise Invalid(f"任职的最后一天{written(last_day)}在一年以后，请核对年份。")
