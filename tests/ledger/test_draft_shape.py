import pytest

from tests.drafts import PARSED, SOURCE, edit
from tracker.ledger import draft_shape, draft_steps, events, imports
from tracker.ledger.db import transaction
from tracker.rules.refusals import Invalid, Stale

FIELDS = ("task", "goal", "units", "targets", "deadlines", "read", "section")


@pytest.fixture
def draft(app_context, cast):
    with transaction():
        made = imports.open_draft(cast.act(), PARSED, "要点")
    return imports.draft_of(cast.county, made.id)


def contents(draft) -> list[list[object]]:
    return [[getattr(item, name) for name in FIELDS] for item in draft.items]


def cut(cast, draft):
    """The first item, split behind 预公开决策草案, — its deadline and its target stand in the second part."""
    first = draft.items[0]
    with transaction():
        below = draft_shape.split(cast.act(), draft, first, len("预公开决策草案,"), first.version)
    return first, below


def test_a_split_item_keeps_in_each_part_what_the_part_says(draft, cast):
    first, below = cut(cast, draft)
    assert (first.task, below.task) == ("预公开决策草案,", "8月底前预公开率达95%。")
    assert (first.targets, first.deadlines) == ([], [])
    assert [entry["text"] for entry in (*below.targets, *below.deadlines)] == ["预公开率达95%", "8月底前"]


def test_units_named_behind_both_parts_owe_both(draft, cast):
    first, below = cut(cast, draft)
    assert first.units == below.units
    assert [entry["name"] for entry in first.units] == ["县司法局", "各镇"]


def test_both_parts_keep_their_stretch_of_the_document(draft, cast):
    first, below = cut(cast, draft)
    assert [SOURCE[slice(*span)] for span in first.read["spans"]] == ["1.预公开决策草案,"]
    assert below.read["as_printed"].startswith("8月底前")
    assert below.read["as_printed"].endswith("各镇)")


def test_the_items_below_a_split_move_down_and_keep_their_versions(draft, cast):
    versions = [item.version for item in draft.items[1:]]
    cut(cast, draft)
    assert [item.position for item in draft.items] == [1, 2, 3, 4]
    assert [item.version for item in draft.items[2:]] == versions


def test_a_split_is_refused_in_a_text_that_has_changed(draft, cast):
    first, version = draft.items[0], draft.items[0].version
    with transaction():
        imports.edit_item(cast.act(), draft, first, edit(first, task="另一句。再一句。"), version)
    with pytest.raises(Stale), transaction():
        draft_shape.split(cast.act(), draft, first, 4, version)


@pytest.mark.parametrize("place", [-3, 0, 1000])
def test_a_part_without_a_task_is_refused(draft, cast, place):
    with pytest.raises(Invalid, match="两句话之间"), transaction():
        draft_shape.split(cast.act(), draft, draft.items[0], place, draft.items[0].version)


def test_merging_a_split_item_makes_it_whole_again(draft, cast):
    before = contents(draft)
    _, below = cut(cast, draft)
    with transaction():
        draft_shape.merge(cast.act(), draft, below)
    assert contents(draft) == before


def test_a_merged_item_names_all_that_both_named(draft, cast):
    with transaction():
        held = draft_shape.merge(cast.act(), draft, draft.items[2])
    assert held is draft.items[1]
    assert len(draft.items) == 2
    assert held.task.endswith("开放日。在x月xx日前公布年度报告。")
    assert [entry["name"] for entry in held.units] == ["县大数据局"]
    assert held.read["remarks"][0]["code"] == "undetermined-date"
    assert (held.read["first_line"], held.read["last_line"]) == (4, 5)


def test_an_item_is_merged_past_one_that_is_left_out(draft, cast):
    with transaction():
        imports.set_dropped(cast.act(), draft, draft.items[1], dropped=True)
    with transaction():
        held = draft_shape.merge(cast.act(), draft, draft.items[2])
    assert held.position == 1


def test_the_first_item_has_none_to_be_merged_with(draft, cast):
    with pytest.raises(Invalid, match="没有可以合并的任务"), transaction():
        draft_shape.merge(cast.act(), draft, draft.items[0])


def test_what_was_cut_or_joined_wants_checking_again(draft, cast):
    with transaction():
        for item in draft.items:
            imports.set_checked(cast.act(), draft, item, checked=True)
    first, below = cut(cast, draft)
    assert not first.checked
    assert not below.checked
    with transaction():
        assert not draft_shape.merge(cast.act(), draft, draft.items[3]).checked


def test_an_item_is_moved_and_at_the_end_stays(draft, cast):
    names = [item.read["number"] for item in draft.items]
    for down, expected in ((True, ["2.", "1.", "3."]), (True, ["2.", "3.", "1."]), (True, ["2.", "3.", "1."])):
        item = next(item for item in draft.items if item.read["number"] == "1.")
        with transaction():
            draft_shape.move(cast.act(), draft, item, down=down)
        assert [item.read["number"] for item in draft.items] == expected
    assert names == ["1.", "2.", "3."]
    assert [item.position for item in draft.items] == [1, 2, 3]


def test_each_act_is_in_the_audit_chain(draft, cast):
    first, below = cut(cast, draft)
    with transaction():
        draft_shape.move(cast.act(), draft, below, down=True)
    assert [event.act for event in events.history(cast.county, "draft_item", first.id)] == ["split"]
    assert [event.act for event in events.history(cast.county, "draft_item", below.id)] == ["move"]
    assert draft_steps.last_step(draft.id).said == "将第 2 项下移"


@pytest.fixture
def last_years(app_context, cast):
    return cast.items[:2]


def linked(draft, *ids):
    with transaction():
        for item, last_years in zip(draft.items, ids, strict=False):
            item.look_back_of_id = last_years


@pytest.mark.parametrize("links", [(0, None), (None, 0), (0, 0)])
def test_a_merged_item_goes_on_from_last_years_item(draft, cast, last_years, links):
    linked(draft, *(None if place is None else last_years[place] for place in links))
    with transaction():
        held = draft_shape.merge(cast.act(), draft, draft.items[1])
    assert held.look_back_of_id == last_years[0]
    with transaction():
        draft_steps.undo(cast.act(), draft, draft_steps.last_step(draft.id).number)
    assert [item.look_back_of_id for item in draft.items][:2] == [
        None if place is None else last_years[place] for place in links
    ]


def test_items_that_go_on_from_two_of_last_year_are_not_merged(draft, cast, last_years):
    linked(draft, *last_years)
    with pytest.raises(Invalid, match="接续上年的两项任务"), transaction():
        draft_shape.merge(cast.act(), draft, draft.items[1])
