import pytest

from tracker.rules.permissions import Action, Role, belongs_to_a_unit, can, check_separation, sees_every_unit
from tracker.rules.refusals import Invalid

OPEN = {Action.PUBLIC, Action.OWN_ACCOUNT}
HANDOVERS = {Action.SEE_HANDOVERS, Action.HAND_OVER}
NOT_THE_OFFICES = {
    Action.REPORT,
    Action.EDIT_PEOPLE,
    Action.APPROVE_IN_UNIT,
    Action.APPROVE_AS_LEADER,
    Action.INSTRUCT,
    Action.HAND_OVER,
}
WHOLE_LEDGER = {Action.SEE_OVERVIEW, Action.SEE_ITEMS, Action.SEE_ALERTS, Action.PRINT}
OF_A_UNIT = {Action.SEE_ITEMS, Action.SEE_ALERTS, Action.REPORT}
BUSINESS = [role for role in Role if role is not Role.SYS_ADMIN]


def what_may(role: Role) -> set[Action]:
    return {action for action in Action if can([role], action)} - OPEN


def test_without_a_post_one_may_do_nothing_but_look_after_the_own_account():
    assert {action for action in Action if can([], action)} == OPEN


def test_the_office_does_everything_but_report_and_give_accounts():
    assert what_may(Role.GROUP_OFFICE) == set(Action) - OPEN - NOT_THE_OFFICES


def test_inspectors_see_all_record_what_they_find_and_verify_what_was_mended():
    assert what_may(Role.INSPECTOR) == WHOLE_LEDGER | {Action.RECORD_FINDING, Action.VERIFY, Action.INSPECT}


@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.GROUP_DEPUTY])
def test_leaders_see_all_and_give_the_last_word(role):
    more = {Action.APPROVE_AS_LEADER, Action.SEE_REVIEWS, Action.INSTRUCT, Action.SETTLE, Action.CLOSE_QUARTER}
    assert what_may(role) == WHOLE_LEDGER | more


@pytest.mark.parametrize(
    ("role", "more"),
    [(Role.UNIT_HEAD, {Action.APPROVE_IN_UNIT, Action.SEE_REVIEWS} | HANDOVERS), (Role.UNIT_HANDLER, set())],
)
def test_a_units_people_see_their_own_and_report_and_its_head_approves(role, more):
    assert what_may(role) == OF_A_UNIT | more
    assert not sees_every_unit([role])
    assert belongs_to_a_unit(role)


def test_the_administrator_gives_accounts_and_sees_no_business():
    assert what_may(Role.SYS_ADMIN) == {Action.EDIT_PEOPLE, Action.SEE_STATUS} | HANDOVERS
    assert not sees_every_unit([Role.SYS_ADMIN])


def test_several_posts_add_up():
    assert can([Role.UNIT_HANDLER, Role.VIEWER], Action.SEE_OVERVIEW)
    assert sees_every_unit([Role.UNIT_HANDLER, Role.VIEWER])


@pytest.mark.parametrize("role", BUSINESS)
def test_an_administrator_holds_no_business_post_and_the_other_way_round(role):
    with pytest.raises(Invalid, match=f"“系统管理员”与“{role.label}”不能由同一人担任"):
        check_separation([Role.SYS_ADMIN], role)
    with pytest.raises(Invalid, match=f"“{role.label}”与“系统管理员”不能由同一人担任"):
        check_separation([role], Role.SYS_ADMIN)


def test_business_posts_go_together():
    check_separation(BUSINESS, Role.INSPECTOR)
    check_separation([], Role.SYS_ADMIN)
    check_separation([Role.SYS_ADMIN], Role.SYS_ADMIN)


def test_every_role_has_a_name():
    assert len({role.label for role in Role}) == len(Role)
