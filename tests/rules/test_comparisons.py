from collections import Counter

import pytest

from tracker.rules.comparisons import PlanName, bare_title, counterpart, median_percent, middle_of_others, percent_well
from tracker.rules.lights import Light
from tracker.rules.standing import Standing


@pytest.mark.parametrize(
    "title", ["2025年政务公开工作要点", "政务公开工作要点（2025年度）（示例）", "2024年度政务公开工作要点(示例)"]
)
def test_a_plan_is_called_the_same_in_every_year(title):
    assert bare_title(title).replace("（）", "") == "政务公开工作要点"


THIS = PlanName(3, "2025年政务公开工作要点", 2025)


def test_the_plan_of_the_same_name_is_its_counterpart():
    known = [THIS, PlanName(1, "2024年政务公开工作要点", 2024), PlanName(2, "2024年民生实事", 2024)]
    found = counterpart(THIS, known)
    assert found is not None
    assert (found.plan.id, found.why) == (1, "名称相同的上年度计划")


def test_without_one_of_the_same_name_the_only_plan_of_that_year_is_taken_and_of_several_none():
    other, more = PlanName(1, "2024年民生实事", 2024), PlanName(2, "2024年营商环境", 2024)
    found = counterpart(THIS, [THIS, other])
    assert found is not None
    assert found.why == "上年度唯一的计划"
    assert counterpart(THIS, [THIS, other, more]) is None
    assert counterpart(THIS, [THIS, PlanName(4, "2023年政务公开工作要点", 2023)]) is None


def test_a_hundred_says_that_nothing_is_missing():
    assert percent_well(Counter({Standing.AHEAD: 199, Standing.BEHIND: 1})) == 99
    assert percent_well(Counter()) is None


def test_half_of_the_units_stand_better_than_the_median():
    tallies = [Counter({Standing.AHEAD: 1}), Counter({Standing.OVERDUE: 1}), Counter(), Counter({Standing.AHEAD: 4})]
    assert median_percent(tallies) == 100
    assert median_percent([]) is None


def counted(**lights):
    return Counter({Light(light): number for light, number in lights.items()})


def test_a_unit_stands_beside_the_middle_of_the_others():
    by_unit = {1: counted(red=9), 2: counted(red=1, green=3), 3: counted(green=2), 4: counted(red=1, green=1)}
    assert middle_of_others(by_unit, 1, [Light.RED, Light.GREEN]) == {Light.RED: 25, Light.GREEN: 75}


def test_of_two_others_the_middle_is_not_told():
    by_unit = {1: counted(red=9), 2: counted(red=1), 3: counted(green=2), 4: Counter()}
    assert middle_of_others(by_unit, 1, [Light.RED]) is None
