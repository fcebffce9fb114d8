"""The leader who answers for an item (责任领导), whom the office enters; a plan seldom prints one."""

from tracker.rules.refusals import Invalid

LONGEST_LEADER = 50  # several names with their posts


def check_leader(position: int, name: str) -> str:
    """The name without stray blanks; empty means nobody.  Raise Invalid where it is too long."""
    name = " ".join(name.split())
    if len(name) > LONGEST_LEADER:
        raise Invalid(f"第 {position} 项的责任领导共 {len(name)} 字，最多 {LONGEST_LEADER} 字。")
    return name
