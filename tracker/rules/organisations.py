"""The rules that an office sets for itself (办理规则): who judges, when units report, what a check is called."""

from dataclasses import asdict, dataclass

from tracker.rules.closing import SEALING_LEVELS
from tracker.rules.extensions import ExtensionLevel
from tracker.rules.extensions import levels_asked as extension_levels_asked
from tracker.rules.refusals import Invalid
from tracker.rules.reports import ReviewLevel
from tracker.rules.reviews import levels_asked as review_levels_asked

LEVELS = (1, 2, 3)
LATEST_REPORT_DAY = 28  # every month has it
CHECK_WORDS = ("检查", "督查")
LABELS = {
    "review_levels": "填报审核层级",
    "extension_levels": "延期审批层级",
    "report_day": "季度填报截止日",
    "check_word": "检查用语",
    "sealing_levels": "季度关账",
}
_SEALING = {1: "领导小组办公室", 2: "领导小组办公室检查→领导批准"}


@dataclass(frozen=True)
class OfficeRules:
    review_levels: int
    extension_levels: int
    report_day: int
    check_word: str
    sealing_levels: int = 1

    @property
    def asks_heads(self) -> bool:
        """Whether a unit's head has a word anywhere."""
        return ReviewLevel.UNIT in review_levels_asked(
            self.review_levels
        ) or ExtensionLevel.UNIT in extension_levels_asked(self.extension_levels, late=False)

    @property
    def asks_leaders(self) -> bool:
        """An extension asked for too late needs a leader whatever the rules say; that much every office has to know."""
        return (
            self.sealing_levels > 1
            or ReviewLevel.LEADER in review_levels_asked(self.review_levels)
            or ExtensionLevel.LEADER in extension_levels_asked(self.extension_levels, late=False)
        )

    def check(self) -> None:
        if self.review_levels not in LEVELS or self.extension_levels not in LEVELS:
            raise Invalid("请从列出的层级中选择。")
        if not 1 <= self.report_day <= LATEST_REPORT_DAY:
            raise Invalid(f"季度填报截止日请填写 1 至 {LATEST_REPORT_DAY} 之间的整数。")
        if self.check_word not in CHECK_WORDS:
            raise Invalid("请从列出的检查用语中选择。")
        if self.sealing_levels not in SEALING_LEVELS:
            raise Invalid("请选择季度由谁关账。")


def changes(old: OfficeRules, new: OfficeRules) -> tuple[dict[str, int | str], dict[str, int | str]]:
    """What is set otherwise, before and after."""
    before, after = asdict(old), asdict(new)
    changed = [name for name in before if before[name] != after[name]]
    return {name: before[name] for name in changed}, {name: after[name] for name in changed}


def in_words(name: str, value: int | str) -> str:
    """单位负责人→领导小组办公室, 每季度后次月 5 日, 检查."""
    if name == "review_levels":
        return "→".join(level.label for level in review_levels_asked(int(value)))
    if name == "extension_levels":
        return "→".join(level.label for level in extension_levels_asked(int(value), late=False))
    if name == "sealing_levels":
        return _SEALING[int(value)]
    return f"季后次月 {value} 日" if name == "report_day" else str(value)
