"""Who may do what: one table of roles and actions.  Deny is the default.

Roles follow the domain's list; the three administrators (三员) never touch business records.
"""

from collections.abc import Collection
from enum import StrEnum

from tracker.rules.refusals import Invalid


class Role(StrEnum):
    GROUP_LEADER = "group_leader"
    GROUP_DEPUTY = "group_deputy"
    GROUP_OFFICE = "group_office"
    UNIT_HEAD = "unit_head"
    UNIT_HANDLER = "unit_handler"
    INSPECTOR = "inspector"
    VIEWER = "viewer"
    SYS_ADMIN = "sys_admin"

    @property
    def label(self) -> str:
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.GROUP_LEADER: "领导小组组长",
    Role.GROUP_DEPUTY: "领导小组副组长",
    Role.GROUP_OFFICE: "领导小组办公室",
    Role.UNIT_HEAD: "单位负责人",
    Role.UNIT_HANDLER: "单位经办人",
    Role.INSPECTOR: "检查人员",
    Role.VIEWER: "查阅人员",
    Role.SYS_ADMIN: "系统管理员",
}


class Action(StrEnum):
    PUBLIC = "public"  # open to everybody, signed in or not
    OWN_ACCOUNT = "own_account"  # everybody who is signed in
    SEE_OVERVIEW = "see_overview"  # the leading group's page: all units side by side
    SEE_ITEMS = "see_items"  # the ledger, as far as the person's scope reaches
    SEE_ALERTS = "see_alerts"
    IMPORT = "import"
    EDIT_UNITS = "edit_units"
    EDIT_PEOPLE = "edit_people"
    REPORT = "report"
    REVIEW = "review"  # the office's level of a review
    SEE_REVIEWS = "see_reviews"  # what waits at one's own level of a review
    PRINT = "print"
    EDIT_ITEMS = "edit_items"  # what the plan leaves open: dates, registered events of any unit
    EDIT_CALENDAR = "edit_calendar"
    EDIT_SETTINGS = "edit_settings"  # the organisation's own rules: review levels, days, words
    APPROVE_IN_UNIT = "approve_in_unit"  # the unit head's level of a review
    APPROVE_AS_LEADER = "approve_as_leader"  # the leader's
    SEE_HANDOVERS = "see_handovers"  # who handed over to whom, and which posts nobody took over
    RECORD_FINDING = "record_finding"  # what a check, or somebody else, found at a unit
    VERIFY = "verify"  # a rectification's result, and answer an objection; of another unit than one's own
    PRESS = "press"  # issue and close the papers of the ladder
    SEE_STATUS = "see_status"  # whether the scheduler runs and messages leave
    INSTRUCT = "instruct"  # give instructions (批示) to units
    SETTLE = "settle"  # close what was answered to an instruction, or send it back; the office does it for the leader
    PLAN_INSPECTION = "plan_inspection"  # plan, notify, conclude, publish and cancel an inspection
    INSPECT = "inspect"  # record what a check found, as a member of its team; never of one's own unit
    CLOSE_QUARTER = "close_quarter"  # seal it and correct it; whether a leader has to, is the office's rule
    HAND_OVER = "hand_over"  # a post to its successor; of which posts, says `rules.handovers`


_WHOLE_LEDGER = frozenset({Action.SEE_OVERVIEW, Action.SEE_ITEMS, Action.SEE_ALERTS, Action.PRINT})
_LEADERS = _WHOLE_LEDGER | {
    Action.APPROVE_AS_LEADER,
    Action.SEE_REVIEWS,
    Action.INSTRUCT,
    Action.SETTLE,
    Action.CLOSE_QUARTER,
}
_OFFICE = frozenset(
    {
        Action.IMPORT,
        Action.EDIT_UNITS,
        Action.REVIEW,
        Action.SEE_REVIEWS,
        Action.EDIT_ITEMS,
        Action.EDIT_CALENDAR,
        Action.EDIT_SETTINGS,
        Action.SEE_HANDOVERS,
        Action.SEE_STATUS,
        Action.PRESS,
        Action.SETTLE,
        Action.PLAN_INSPECTION,
        Action.CLOSE_QUARTER,
    }
)
_INSPECTION = frozenset({Action.RECORD_FINDING, Action.VERIFY, Action.INSPECT})
_OWN_UNIT = frozenset({Action.SEE_ITEMS, Action.SEE_ALERTS, Action.REPORT})

_TABLE: dict[Role, frozenset[Action]] = {
    Role.GROUP_LEADER: _LEADERS,
    Role.GROUP_DEPUTY: _LEADERS,
    Role.GROUP_OFFICE: _WHOLE_LEDGER | _OFFICE | _INSPECTION,
    Role.UNIT_HEAD: _OWN_UNIT | {Action.APPROVE_IN_UNIT, Action.SEE_REVIEWS, Action.SEE_HANDOVERS, Action.HAND_OVER},
    Role.UNIT_HANDLER: _OWN_UNIT,
    Role.INSPECTOR: _WHOLE_LEDGER | _INSPECTION,
    Role.VIEWER: frozenset({Action.SEE_OVERVIEW, Action.SEE_ITEMS}),
    Role.SYS_ADMIN: frozenset({Action.EDIT_PEOPLE, Action.SEE_HANDOVERS, Action.HAND_OVER, Action.SEE_STATUS}),
}


def can(roles: Collection[Role], action: Action) -> bool:
    """Whether a signed-in person with these roles may do it."""
    if action in (Action.PUBLIC, Action.OWN_ACCOUNT):
        return True
    return any(action in _TABLE[role] for role in roles)


def sees_every_unit(roles: Collection[Role]) -> bool:
    """Whether the person's scope is the whole organisation, and not the own units alone."""
    return any(Action.SEE_OVERVIEW in _TABLE[role] for role in roles)


_OF_A_UNIT = frozenset({Role.UNIT_HEAD, Role.UNIT_HANDLER})
_ADMINISTRATORS = frozenset({Role.SYS_ADMIN})


def belongs_to_a_unit(role: Role) -> bool:
    """Whether the role is held at a unit, and not in the organisation as a whole."""
    return role in _OF_A_UNIT


def check_separation(held: Collection[Role], new: Role) -> None:
    """Raise Invalid where one person would administer the system and work in it too, or administer it twice (三员)."""
    for role in held:
        if role is not new and not _ADMINISTRATORS.isdisjoint((role, new)):
            raise Invalid(f"“{role.label}”与“{new.label}”不能由同一人担任，请将其中一个岗位安排给其他人员。")
