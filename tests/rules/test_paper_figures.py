"""Ranking, rating and what is behind, by the snapshot of a quarter."""

from dataclasses import replace

import pytest

from tests.sealed import APPROVAL, EAST, FINDING, JUSTICE, SHARES, SNAPSHOT, WEST
from tracker.rules import paper_figures as figures
from tracker.rules.paper_fields import FIELDS, values
from tracker.rules.snapshots import Count, Totals
from tracker.rules.standing import Standing


def totals(**counts):
    return Totals(tuple(Count(Standing(standing), number) for standing, number in counts.items()))


@pytest.mark.parametrize(
    ("counted", "word"),
    [
        (totals(), "尚无任务"),
        (totals(on_schedule=9, behind=1), "总体进展较好"),
        (totals(on_schedule=90, behind=9, overdue=1), "总体进展平稳"),  # with something overdue it never goes well
        (totals(on_schedule=89, behind=11), "总体进展平稳"),
        (totals(completed=7, behind=3), "总体进展平稳"),
        (totals(completed=69, behind=31), "总体进展偏慢"),
    ],
)
def test_a_judgement_is_spoken_only_where_its_rule_holds(counted, word):
    assert figures.rating(counted).word == word


def test_units_rank_by_their_rate_and_those_alike_share_a_rank():
    ranked = [(unit.rank, unit.unit_id, unit.rate) for unit in figures.ranking(SNAPSHOT)]
    assert ranked == [(1, WEST, 100), (2, EAST, 50), (3, JUSTICE, 50), (4, APPROVAL, 0)]
    alike = replace(SNAPSHOT, shares=tuple(replace(share, standing=Standing.AHEAD) for share in SHARES))
    assert {unit.rank for unit in figures.ranking(alike)} == {1}


def test_the_foremost_have_nothing_overdue_slow_or_unreported_and_the_hindmost_have():
    ranked = figures.ranking(SNAPSHOT)
    assert [unit.unit_id for unit in figures.foremost(ranked)] == [WEST]
    assert [unit.unit_id for unit in figures.hindmost(ranked)] == [APPROVAL, JUSTICE]  # the lower half of four


def test_a_unit_in_the_middle_or_alone_is_not_called_the_last():
    troubled = figures.ranking(SNAPSHOT)[1:]
    three = [replace(unit, rank=rank) for rank, unit in enumerate(troubled, 1)]
    assert [unit.unit_id for unit in figures.hindmost(three)] == [APPROVAL]
    assert figures.hindmost(three[:1]) == []


def test_the_only_section_of_a_plan_is_not_told_apart_from_the_plan():
    assert values(SNAPSHOT)["板块"]
    alone = replace(SNAPSHOT, items=tuple(replace(item, section=()) for item in SNAPSHOT.items))
    assert values(alone)["板块"] == ()


def test_a_rate_is_rounded_down():
    assert figures.percent(199, 200) == 99
    assert figures.percent(0, 0) == 0


def test_what_was_not_upheld_or_found_before_is_not_counted_as_found():
    others = (replace(FINDING, id=2, unfounded=True), replace(FINDING, id=3, carried=True))
    told = values(replace(SNAPSHOT, findings=(FINDING, *others)))
    assert (told["检查问题数"], told["整改中数"]) == (1, 2)


def test_fields_are_named_once_and_every_list_has_the_columns_it_names():
    told = values(SNAPSHOT)
    assert len(told) == len(FIELDS)
    for field in FIELDS:
        rows = told[field.name]
        assert isinstance(rows, tuple) == bool(field.columns)
        for row in rows if isinstance(rows, tuple) else ():
            assert tuple(row) == field.columns, field.name


def test_the_change_since_the_quarter_before_is_told_in_words():
    before = totals(overdue=3, on_schedule=1)
    assert values(replace(SNAPSHOT, before=before))["逾期比上季度"] == "比上季度减少2项"
    assert values(SNAPSHOT)["逾期比上季度"] == ""


def test_a_task_named_in_a_sentence_is_cut_at_a_comma_and_quotes_single():
    long = "灵活采取局长进大厅、参观政务场所等方式，定期开展“政府开放日”活动，促进政民互动，推进行政权力公开透明运行"
    item = replace(SNAPSHOT.items[1], short=long)
    told = values(replace(SNAPSHOT, items=(SNAPSHOT.items[0], item, SNAPSHOT.items[2])))
    assert told["逾期事项"][0]["任务"] == "灵活采取局长进大厅、参观政务场所等方式"
