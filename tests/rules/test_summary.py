from datetime import date

from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.standing import DutyFacts, ShareStanding, Standing
from tracker.rules.summary import (
    Punctuality,
    Timing,
    by_dates,
    comparison,
    day_to_compare,
    item_standings,
    punctuality,
    summarise,
)

Q2 = Quarter(2025, 2)
SECTIONS = {1: "决策公开", 2: "决策公开", 3: "强化监督"}


def share(item_id, unit_id, standing, lead=True):
    return ShareStanding(item_id, unit_id, lead, standing, days_left=None, reviewed=False, late=0)


def test_an_item_stands_as_its_worst_share():
    shares = [share(1, 7, Standing.COMPLETED), share(1, 8, Standing.BEHIND)]
    assert item_standings(shares, [1, 2]) == {1: Standing.BEHIND, 2: Standing.UNASSIGNED}


def test_a_late_supporting_unit_shows_at_the_unit_and_not_as_the_item():
    """One lead carries the result; a supporting unit carries its share."""
    shares = [share(1, 7, Standing.ON_SCHEDULE), share(1, 8, Standing.OVERDUE, lead=False)]
    summary = summarise(Q2, shares, {1: "决策公开"})
    assert summary.total == {Standing.ON_SCHEDULE: 1}
    assert summary.by_unit[8] == {Standing.OVERDUE: 1}


def test_without_a_lead_every_share_carries_the_item():
    shares = [share(1, 7, Standing.AHEAD, lead=False), share(1, 8, Standing.OVERDUE, lead=False)]
    assert item_standings(shares, [1]) == {1: Standing.OVERDUE}


def test_the_sentence_names_only_what_there_is_and_says_the_good_first():
    shares = [share(1, 7, Standing.OVERDUE), share(2, 7, Standing.COMPLETED), share(3, 7, Standing.COMPLETED)]
    assert summarise(Q2, shares, SECTIONS).sentence == "2025年第二季度：共 3 项任务，其中 2 项已完成，1 项逾期。"


def test_a_plan_without_items_has_a_sentence_too():
    assert summarise(Q2, [], {}).sentence == "2025年第二季度：暂无任务。"


def test_units_count_their_shares_and_sections_count_items():
    shares = [share(1, 7, Standing.OVERDUE), share(1, 8, Standing.AHEAD, lead=False), share(3, 8, Standing.AHEAD)]
    summary = summarise(Q2, shares, SECTIONS)
    assert summary.by_unit[8] == {Standing.AHEAD: 2}
    assert summary.led == {7: 1, 8: 1}
    assert summary.by_section["决策公开"] == {Standing.OVERDUE: 1, Standing.UNASSIGNED: 1}
    assert summary.items == 3


def test_the_worst_unit_comes_first_and_those_alike_keep_their_order():
    shares = [share(1, 5, Standing.AHEAD), share(1, 6, Standing.BEHIND), share(1, 7, Standing.OVERDUE)]
    shares += [share(2, 4, Standing.AHEAD), share(2, 6, Standing.AHEAD)]
    assert summarise(Q2, shares, SECTIONS).worst_first([4, 5, 6, 7, 99]) == [7, 6, 4, 5]


def test_quarters_are_compared_at_the_same_distance_from_their_ends():
    assert day_to_compare(Q2, date(2025, 7, 8)) == date(2025, 4, 8)
    assert day_to_compare(Q2, date(2025, 6, 30)) == date(2025, 3, 31)


def test_a_quarter_that_has_not_begun_is_not_compared():
    assert day_to_compare(Q2, date(2025, 3, 31)) is None
    assert day_to_compare(Q2, date.min) is None


def test_the_comparison_is_half_a_sentence():
    one = summarise(Q2, [share(1, 7, Standing.OVERDUE)], SECTIONS)
    three = summarise(Q2, [share(i, 7, Standing.OVERDUE) for i in SECTIONS], SECTIONS)
    assert comparison(one, three) == "少 2 项逾期"
    assert comparison(three, one) == "多 2 项逾期"
    assert comparison(one, one) == "逾期项数持平"


def duty(due, done_on=None, revised_due=None, kind=DutyKind.MILESTONE):
    return DutyFacts(1, 1, 7, True, kind, "节点", Q2, due, due, done_on, revised_due=revised_due)


def test_punctuality_is_counted_by_the_original_dates_and_by_those_that_hold():
    may, july, later = date(2025, 5, 31), date(2025, 7, 31), date(2025, 9, 30)
    duties = [
        duty(may, done_on=may),
        duty(may),
        duty(may, revised_due=later),
        duty(may, done_on=date(2025, 6, 3), revised_due=later),
        duty(july),
        duty(may, kind=DutyKind.QUARTER_REPORT),
    ]
    counted = punctuality(duties, date(2025, 6, 30))
    assert counted == Punctuality(total_due=4, on_time_original=1, on_time_revised=3)
    assert (counted.original_percent, counted.revised_percent) == (25, 75)


def test_nothing_due_is_no_division_by_nothing_and_100_percent_says_all():
    assert punctuality([], date(2025, 6, 30)).original_percent == 0
    assert Punctuality(201, 200, 201).original_percent == 99


def test_each_figure_of_punctuality_is_one_list():
    may, later, as_of = date(2025, 5, 31), date(2025, 9, 30), date(2025, 6, 30)
    duties = [
        duty(may, done_on=may),
        duty(may),
        duty(may, revised_due=later),
        duty(may, done_on=date(2025, 6, 3), revised_due=later),
        duty(later, revised_due=date(2025, 12, 31)),
        duty(may, kind=DutyKind.QUARTER_REPORT),
    ]
    counted = punctuality(duties, as_of)
    listed = {timing: len(by_dates(duties, timing, as_of)) for timing in Timing}
    assert listed == {
        Timing.DUE: counted.total_due,
        Timing.ON_TIME: counted.on_time_original,
        Timing.ON_TIME_REVISED: counted.on_time_revised,
        Timing.LATE: counted.total_due - counted.on_time_original,
        Timing.EXTENDED: 3,
    }
