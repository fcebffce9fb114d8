from datetime import date

import pytest

from tracker.rules.extensions import Moved
from tracker.rules.lights import DEFAULT_RULE, UNASSIGNED, Cause, Clause, Light, LightRule, Lights, item_light
from tracker.rules.standing import ShareStanding, Standing


def share(standing, days_left=None, reviewed=False, unit_id=1):
    return ShareStanding(1, unit_id, lead=True, standing=standing, days_left=days_left, reviewed=reviewed, late=0)


def light_of(share, rule=DEFAULT_RULE):
    return Lights(rule).of(share)


def item_lit(shares):
    return item_light(shares, Lights())[0]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (share(Standing.OVERDUE, -12), "● 红 逾期 12 天"),
        (share(Standing.RETURNED, 40), "▲ 黄 退回待改"),
        (share(Standing.BEHIND, 40), "▲ 黄 欠进度"),
        (share(Standing.UNREPORTED, 3), "▲ 黄 3 天后到期"),
        (share(Standing.UNREPORTED, 0), "▲ 黄 今天到期"),
        (share(Standing.UNREPORTED, 40), "○ 灰 待填报"),
        (share(Standing.ON_SCHEDULE), "■ 绿 达进度"),
        (share(Standing.COMPLETED), "■ 绿 已完成"),
        (share(Standing.COMPLETED, reviewed=True), "◆ 蓝 已完成，已审核"),
    ],
)
def test_a_light_is_a_sign_a_word_and_a_reason(shown, expected):
    assert light_of(shown).text == expected


def test_how_soon_is_soon_is_a_setting():
    assert light_of(share(Standing.ON_SCHEDULE, 10)).light is Light.YELLOW
    later = LightRule("三天", (Clause(Cause.DUE_WITHIN, Light.YELLOW, 3),))
    assert light_of(share(Standing.ON_SCHEDULE, 10), later).light is Light.GREEN


def test_what_is_completed_and_reviewed_is_blue_however_near_another_date_is():
    assert light_of(share(Standing.COMPLETED, 1, reviewed=True)).light is Light.BLUE


def test_an_item_shows_the_worst_light_of_its_shares():
    assert item_lit([share(Standing.ON_SCHEDULE), share(Standing.BEHIND)]).light is Light.YELLOW
    assert item_lit([share(Standing.ON_SCHEDULE), share(Standing.UNREPORTED, 60)]).light is Light.GREY


def test_an_item_with_two_red_shares_shows_the_longest_overdue():
    assert item_lit([share(Standing.OVERDUE, -2), share(Standing.OVERDUE, -9)]).reason == "逾期 9 天"


def test_an_item_that_nobody_has_is_grey():
    assert item_lit([]) is UNASSIGNED
    assert UNASSIGNED.text == "○ 灰 未分工"


@pytest.mark.parametrize(
    ("standing", "days_left", "reason"),
    [
        (Standing.OVERDUE, -3, "逾期 3 天（原定 3月31日，延至 5月31日）"),
        (Standing.ON_SCHEDULE, 4, "4 天后到期（原定 3月31日，延至 5月31日）"),
        (Standing.ON_SCHEDULE, 0, "今天到期（原定 3月31日，延至 5月31日）"),
        (Standing.ON_SCHEDULE, 40, "达进度"),
        (Standing.BEHIND, 4, "欠进度"),
    ],
)
def test_a_date_that_was_moved_is_named_with_the_original_one(standing, days_left, reason):
    moved = Moved(date(2025, 3, 31), date(2025, 5, 31))
    assert light_of(share(standing, days_left)._replace(moved=moved)).reason == reason
