from tracker.rules.items import Whose, item_lines
from tracker.rules.lights import Light, Lights
from tracker.rules.standing import ShareStanding, Standing
from tracker.rules.summary import item_standings

SHARES = [
    ShareStanding(1, 7, lead=True, standing=Standing.ON_SCHEDULE, days_left=40, reviewed=False, late=0),
    ShareStanding(1, 8, lead=False, standing=Standing.OVERDUE, days_left=-3, reviewed=False, late=1),
    ShareStanding(2, 8, lead=True, standing=Standing.AHEAD, days_left=None, reviewed=False, late=0),
]


def standings(whose):
    return {line.item_id: line.standing for line in item_lines([3, 2, 1], SHARES, whose, Lights())}


def test_with_all_shares_every_item_stands_as_the_summary_counts_it():
    assert standings(Whose()) == item_standings(SHARES, [1, 2, 3])


def test_for_one_unit_an_item_stands_as_that_units_share():
    assert standings(Whose(unit_id=7)) == {1: Standing.ON_SCHEDULE}
    assert standings(Whose(unit_id=8)) == {1: Standing.OVERDUE, 2: Standing.AHEAD}


def test_what_a_unit_leads_is_apart_from_what_it_supports():
    assert standings(Whose(unit_id=8, lead=True)) == {2: Standing.AHEAD}
    assert standings(Whose(unit_id=8, lead=False)) == {1: Standing.OVERDUE}


def test_lines_keep_the_order_of_the_items_and_sort_by_pressure():
    lines = item_lines([3, 2, 1], SHARES, Whose(), Lights())
    assert [line.item_id for line in lines] == [3, 2, 1]
    assert [line.item_id for line in sorted(lines, key=lambda line: line.pressure)] == [1, 2, 3]
    assert lines[-1].lit.light is Light.GREEN, "its lead is on schedule; the late town shows at the town"
