import hashlib

import pytest

from tracker.rules.refusals import Invalid
from tracker.rules.sampling import Candidate, draw, mark, shared_out

ROSTER = [Candidate(number, f"示例{number}局", "部门" if number < 7 else "各镇") for number in range(1, 11)]


def names(drawn):
    return [each.name for each in drawn]


def test_the_same_seed_and_roster_give_the_same_units_whatever_the_order_of_the_roster():
    first = draw(ROSTER, 3, "20250403")
    assert names(first) == names(draw(ROSTER, 3, " 20250403 "))
    assert set(names(first)) == set(names(draw(ROSTER[::-1], 3, "20250403")))
    assert len(first) == 3


def test_anybody_can_draw_it_again_by_hand():
    by_hand = sorted(ROSTER, key=lambda each: hashlib.sha256(f"七|{each.unit_id}|{each.name}".encode()).hexdigest())
    assert set(names(draw(ROSTER, 4, "七"))) == set(names(by_hand[:4]))
    assert mark(ROSTER[0], "七") == hashlib.sha256("七|1|示例1局".encode()).hexdigest()


def test_another_seed_gives_others():
    assert len({tuple(names(draw(ROSTER, 3, str(seed)))) for seed in range(20)}) > 10


def test_a_larger_sample_holds_the_smaller_one():
    assert set(names(draw(ROSTER, 3, "甲"))) < set(names(draw(ROSTER, 5, "甲")))


def test_by_group_each_has_its_share():
    drawn = draw(ROSTER, 5, "甲", by_group=True)
    assert [each.group for each in drawn].count("部门") == 3
    assert [each.group for each in drawn].count("各镇") == 2


@pytest.mark.parametrize(
    ("size", "members", "shares"),
    [
        (5, {"甲": 6, "乙": 4}, {"甲": 3, "乙": 2}),
        (3, {"甲": 50, "乙": 1, "丙": 1}, {"甲": 1, "乙": 1, "丙": 1}),
        (2, {"甲": 50, "乙": 1, "丙": 1}, {"甲": 2, "乙": 0, "丙": 0}),
        (4, {"甲": 1, "乙": 1, "丙": 5}, {"甲": 1, "乙": 1, "丙": 2}),
        (7, {"甲": 3, "乙": 4}, {"甲": 3, "乙": 4}),
    ],
)
def test_the_size_is_shared_out_by_largest_remainder_and_where_it_can_one_to_each(size, members, shares):
    assert shared_out(size, members) == shares


@pytest.mark.parametrize(("size", "seed"), [(0, "甲"), (11, "甲"), (3, " "), (3, "长" * 65)])
def test_a_size_or_seed_that_is_none_is_refused(size, seed):
    with pytest.raises(Invalid):
        draw(ROSTER, size, seed)
