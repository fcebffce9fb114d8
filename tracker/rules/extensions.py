"""Extensions (延期): who may ask for another date, until when, and who approves it."""

from enum import StrEnum


class ExtensionState(StrEnum):
    APPLIED = "applied"
    UNIT_APPROVED = "unit_approved"
    OFFICE_AGREED = "office_agreed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ExtensionLevel(StrEnum):
    """Who gives an opinion, in this order."""

    UNIT = "unit"
    OFFICE = "office"
    LEADER = "leader"
