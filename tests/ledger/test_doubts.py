from dataclasses import replace

import pytest

from tests.drafts import NO_YEAR, PARSED
from tracker.ledger import doubts, imports
from tracker.ledger.db import transaction
from tracker.reading.plan import Remark
from tracker.rules.refusals import NotFound


def draft_of(cast, parsed):
    with transaction():
        return imports.open_draft(cast.act(), parsed, "要点")


def open_codes(draft) -> list[str]:
    return [doubt.code for doubt in doubts.doubts_of(draft) if not doubt.settled]


def test_only_what_asks_the_clerk_to_look_is_a_doubt(app_context, cast):
    assert open_codes(draft_of(cast, PARSED)) == ["undetermined-date"]


@pytest.mark.parametrize("settle", [imports.set_checked, imports.set_dropped])
def test_a_doubt_in_an_item_is_settled_with_the_item(app_context, cast, settle):
    draft = draft_of(cast, PARSED)
    with transaction():
        settle(cast.act(), draft, draft.items[2], True)
    assert open_codes(draft) == []


def test_a_remark_on_an_items_line_is_the_items(app_context, cast):
    garbled = Remark("garbled", 4, "有无法辨认的字。", "???", True)
    draft = draft_of(cast, replace(PARSED, remarks=(garbled,)))
    first = doubts.doubts_of(draft)[0]
    assert first.item is draft.items[1]
    assert first.number is None


def test_a_doubt_outside_the_items_is_settled_by_looking(app_context, cast):
    draft = draft_of(cast, replace(PARSED, remarks=(Remark("garbled", 2, "有无法辨认的字。", "", True),)))
    number = doubts.doubts_of(draft)[0].number
    with transaction():
        doubts.settle(cast.act(), draft, number)
    assert open_codes(draft) == ["undetermined-date"]
    with pytest.raises(NotFound):
        doubts.settle(cast.act(), draft, 7)


def test_a_missing_year_is_the_plans_even_on_an_items_line_and_settled_by_giving_it(app_context, cast):
    draft = draft_of(cast, NO_YEAR)
    assert doubts.doubts_of(draft)[0].of_the_heading
    with transaction():
        imports.set_facts(cast.act(), draft, draft.title, draft.issuer, 2025, draft.version)
    assert open_codes(draft) == ["undetermined-date"]
