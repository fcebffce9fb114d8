"""Notices (催办督办): the ladder from a reminder to a talk, and what each step of it must contain."""

from enum import StrEnum


class NoticeKind(StrEnum):
    """The steps of the ladder, in order."""

    REMINDER = "reminder"
    URGING = "urging"
    SUPERVISION = "supervision"
    CIRCULAR = "circular"
    TALK = "talk"

    @property
    def label(self) -> str:
        return {
            NoticeKind.REMINDER: "提醒",
            NoticeKind.URGING: "催办单",
            NoticeKind.SUPERVISION: "督办单",
            NoticeKind.CIRCULAR: "通报",
            NoticeKind.TALK: "约谈",
        }[self]


class NoticeState(StrEnum):
    PROPOSED = "proposed"
    ISSUED = "issued"
    RECEIVED = "received"
    REPLIED = "replied"
    CLOSED = "closed"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return {
            NoticeState.PROPOSED: "待确认",
            NoticeState.ISSUED: "已发出，待签收",
            NoticeState.RECEIVED: "已签收，待回复",
            NoticeState.REPLIED: "已回复",
            NoticeState.CLOSED: "已办结",
            NoticeState.DROPPED: "不予发出",
        }[self]
