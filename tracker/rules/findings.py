"""Findings (检查问题) and rectification (整改): from whom they come, their states, and what may follow what."""

from enum import StrEnum


class FindingSource(StrEnum):
    INSPECTION = "inspection"
    SUPERIOR = "superior"
    DEPUTIES = "deputies"
    PUBLIC = "public"
    MEDIA = "media"
    MONITORING = "monitoring"

    @property
    def label(self) -> str:
        return {
            FindingSource.INSPECTION: "本级检查",
            FindingSource.SUPERIOR: "上级检查",
            FindingSource.DEPUTIES: "人大代表、政协委员反映",
            FindingSource.PUBLIC: "群众反映",
            FindingSource.MEDIA: "媒体报道",
            FindingSource.MONITORING: "网站监测",
        }[self]


class FindingState(StrEnum):
    OPEN = "open"
    NOTIFIED = "notified"
    PLANNED = "planned"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {
            FindingState.OPEN: "待通知",
            FindingState.NOTIFIED: "已通知，待报措施",
            FindingState.PLANNED: "整改中",
            FindingState.SUBMITTED: "已报结果，待核查",
            FindingState.RETURNED: "核查未通过，继续整改",
            FindingState.CLOSED: "已销号",
        }[self]
