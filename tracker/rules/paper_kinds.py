"""The papers of a closed quarter's set."""

from enum import StrEnum


class PaperKind(StrEnum):
    """The set of a closed quarter, in the order in which it is bound; the words are those of `flask print KIND`."""

    LEADERS_REPORT = "leaders-report"
    CIRCULAR = "circular"
    SUMMARY = "summary"
    INSPECTION = "inspection"
    BREAKDOWN = "breakdown"
    LEDGER = "ledger"
    REGISTER = "rectification-register"
    RECTIFICATION_NOTICE = "rectification-notice"
    REPORT_FORM = "report-form"

    @property
    def label(self) -> str:
        return _KINDS[self]

    @property
    def per_unit(self) -> bool:
        """Whether each unit has one of its own."""
        return self in (PaperKind.INSPECTION, PaperKind.REPORT_FORM)

    @property
    def circulates(self) -> bool:
        """Whether it is written to all units, each of which signs for it."""
        return self is PaperKind.CIRCULAR


_KINDS = {
    PaperKind.LEADERS_REPORT: "领导小组季度报告",
    PaperKind.CIRCULAR: "情况通报",
    PaperKind.SUMMARY: "季度检查汇总表",
    PaperKind.INSPECTION: "季度检查表",
    PaperKind.BREAKDOWN: "任务分解表",
    PaperKind.LEDGER: "工作台账",
    PaperKind.REGISTER: "整改台账",
    PaperKind.RECTIFICATION_NOTICE: "整改通知书",
    PaperKind.REPORT_FORM: "季度填报表",
}
