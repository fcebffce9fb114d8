import pytest

from tests.drafts import SOURCE, edit, open_draft
from tracker.ledger import imports, units
from tracker.ledger.tables.units import UnitKind
from tracker.web.import_marks import Kind, Mark
from tracker.web.import_page import DraftPage, differences, first_to_check, kind_of_group, marks_of, next_to_check


@pytest.fixture
def draft(app, cast):
    draft_id = open_draft(app, cast)
    with app.test_request_context():
        yield imports.draft_of(cast.county, draft_id)


@pytest.fixture
def page(cast, draft):
    return DraftPage(draft, units.register_of(cast.county), cast.act().today, draft.items[0])


def test_an_item_marks_its_own_text_and_the_evidence_of_what_is_accepted(draft):
    first = draft.items[0]
    first.units = [*first.units[:1], {"name": "县财政局", "lead": False, "origin": "office", "span": None}]
    marked = [(mark.kind, SOURCE[mark.start : mark.end]) for mark in marks_of(first)]
    assert marked == [
        (Kind.ITEM, SOURCE.split("\n")[2]),
        (Kind.UNIT, "县司法局"),
        (Kind.TARGET, "预公开率达95%"),
        (Kind.DEADLINE, "8月底前"),
    ]


def test_a_doubt_is_marked_where_its_line_says_so_until_it_is_settled(draft, page):
    where = SOURCE.index("x月xx日前")
    assert list(page._doubted(page.doubts[0])) == [Mark(where, where + 6, Kind.DOUBT, draft.items[2].id)]
    draft.items[2].checked = True
    again = DraftPage(draft, page.register, page.today, None)
    assert again.open_doubts == []


def test_a_place_of_the_source_has_its_line(page):
    assert page.line_of(0) == 1
    assert page.line_of(SOURCE.index("2.举办")) == 4
    assert page.line_of(SOURCE.index("2.举办") - 1) == 3


def test_checking_goes_down_and_begins_again_at_the_top(draft):
    first, second, third = draft.items
    assert first_to_check(draft) is first
    second.dropped = True
    assert next_to_check(draft, first) is third
    assert next_to_check(draft, third) is first
    first.checked = third.checked = True
    assert next_to_check(draft, first) is None
    assert first_to_check(draft) is None


def test_both_texts_are_shown_where_they_differ_and_only_there(draft):
    first = draft.items[0]
    mine = edit(first, goal="我的目标", units=[("县司法局", False)])
    assert differences(first, mine) == [
        ("工作目标", "（空）"),
        ("责任单位", "县司法局（牵头）、各镇（配合）"),
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("各镇(园区、街道)", UnitKind.TOWN),
        ("各科室", UnitKind.SECTION),
        ("县级各相关部门", UnitKind.DEPARTMENT),
    ],
)
def test_a_groups_name_suggests_its_members(name, kind):
    assert kind_of_group(name) is kind
