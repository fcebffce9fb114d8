"""No change (无变化): which reports may be handed in as unchanged, many in one act, and for how long it has been so."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tracker.rules.consolidation import is_in, named
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportState
from tracker.rules.targets import Target

TEXT = "本季度无变化。"


@dataclass(frozen=True)
class Open:
    """A report that is the unit's to write.

    `before` and `said` are state and class of its report of the quarter before, `overdue` the labels of duties that
    are, `missing` the supporting units that a lead still waits for.
    """

    state: ReportState | None
    before: ReportState | None
    said: ProgressClass | None
    overdue: Sequence[str]
    missing: Sequence[str]

    @property
    def obstacle(self) -> str | None:
        """Why it must be written by hand; None where "no change" says enough."""
        return self._begun or self._quarter_before or self._left_undone

    @property
    def _begun(self) -> str | None:
        if self.state is None:
            return None
        return "已被退回，须按退回理由修改" if self.state is ReportState.RETURNED else "已有草稿，请填写后提交"

    @property
    def _quarter_before(self) -> str | None:
        if not is_in(self.before):
            return "上季度未填报，或尚未报出"
        if self.said in (ProgressClass.BEHIND, ProgressClass.OTHER):
            return f"上季度为“{self.said.label}”，须说明原因"
        return None

    @property
    def _left_undone(self) -> str | None:
        if self.overdue:
            return f"“{self.overdue[0]}”已逾期，须说明情况"
        return f"配合单位{named(self.missing)}尚未填报" if self.missing else None


def stays(target: Target, quarter: Quarter) -> bool:
    """Whether the figure of the quarter before still says what is reached: a period that begins anew counts anew."""
    return target.is_rate or target.period(quarter)[0] < quarter


def quarters_running(unchanged: Collection[Quarter], quarter: Quarter) -> int:
    """For how many quarters on end, this one the last, there was no change."""
    running = 0
    while quarter in unchanged:
        running, quarter = running + 1, quarter.previous
    return running
