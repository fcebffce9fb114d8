from dataclasses import replace
from datetime import date

import pytest

from tests.drafts import NO_YEAR, edit
from tracker.ledger import draft_fixes, draft_steps, imports, units
from tracker.ledger.db import transaction
from tracker.ledger.doubts import doubts_of
from tracker.reading.plan import Remark
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.refusals import Invalid, Stale

JANUARY = Deadline(DeadlineKind.DATE, due=date(2025, 1, 31))


@pytest.fixture
def draft(app_context, cast):
    with transaction():
        made = imports.open_draft(cast.act(), NO_YEAR, "要点")
    return imports.draft_of(cast.county, made.id)


@pytest.fixture
def register(app_context, cast):
    return units.register_of(cast.county)


def open_codes(draft) -> list[str]:
    return [doubt.code for doubt in doubts_of(draft) if not doubt.settled]


def undo(cast, draft) -> None:
    with transaction():
        draft_steps.undo(cast.act(), draft, draft_steps.last_step(draft.id).number)


def test_the_titles_year_is_proposed_first_then_the_texts_then_the_uploads(draft):
    draft.title, draft.source = "县政务公开要点（2024）", "自2023年起，2023年、2022年"
    assert draft_fixes.years(draft) == [2024, 2023, 2022]
    draft.title, draft.source = "要点", "电话 02025123"
    assert draft_fixes.years(draft) == [2025]


def test_an_adopted_year_dates_what_lacked_only_the_year_and_is_taken_back_at_once(draft, cast):
    with transaction():
        draft_fixes.adopt_year(cast.act(), draft, 2025, lambda text, year: JANUARY if "x月" in text else None)
    entry = draft.items[2].deadlines[0]
    assert (draft.year, entry["due"], entry["origin"]) == (2025, "2025-01-31", "document")
    assert entry["span"]
    assert open_codes(draft) == []
    undo(cast, draft)
    assert (draft.year, draft.items[2].deadlines[0]["kind"]) == (None, "undetermined")
    assert open_codes(draft) == ["no-year", "undetermined-date"]


def test_a_date_that_the_document_gives_is_not_read_anew(draft, cast):
    with transaction():
        draft_fixes.adopt_year(cast.act(), draft, 2030, lambda *_: JANUARY)
    assert draft.items[0].deadlines[0]["due"] == "2025-08-31"


def test_the_evidence_of_a_dated_deadline_outlives_the_next_edit(draft, cast):
    with transaction():
        draft_fixes.adopt_year(cast.act(), draft, 2025, lambda *_: JANUARY)
    third = draft.items[2]
    with transaction():
        imports.edit_item(cast.act(), draft, third, edit(third, goal="按时公布。"), third.version)
    assert third.deadlines[0]["span"]


def test_an_undetermined_date_is_set_by_the_office_and_keeps_its_place(draft, cast):
    third = draft.items[2]
    for _ in range(2):
        with transaction():
            draft_fixes.set_due(cast.act(), draft, third, "x月xx日前", date(2025, 1, 31))
    entry = third.deadlines[0]
    assert (entry["due"], entry["origin"]) == ("2025-01-31", "office")
    assert open_codes(draft) == ["no-year"]
    assert draft_steps.last_act(draft.id).number == 1


def test_a_date_that_somebody_else_has_set_is_not_written_over(draft, cast):
    third = draft.items[2]
    with transaction():
        draft_fixes.set_due(cast.act("leader"), draft, third, "x月xx日前", date(2025, 1, 31))
    with pytest.raises(Stale), transaction():
        draft_fixes.set_due(cast.act(), draft, third, "x月xx日前", date(2025, 3, 31))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("司法局", "县司法局"), ("县行政审批居", "县行政审批局"), ("县卫健委", None), ("各镇", "各镇(园区、街道)")],
)
def test_the_nearest_registered_name_is_proposed(register, name, expected):
    assert draft_fixes.nearest(name, register) == expected


def test_a_misprinted_unit_gets_its_name_everywhere_with_its_evidence(draft, cast, register):
    with transaction():
        draft_fixes.rename(cast.act(), draft, "县大数据局", "县司法局", register)
    assert [entry["name"] for entry in draft.items[2].units] == ["县司法局"]
    assert draft.items[2].units[0]["span"]
    with pytest.raises(Invalid, match="尚未登记"), transaction():
        draft_fixes.rename(cast.act(), draft, "各镇", "没有的局", register)


def test_a_unit_that_is_there_already_is_not_named_twice(draft, cast, register):
    with transaction():
        draft_fixes.rename(cast.act(), draft, "各镇", "县司法局", register)
    assert [(entry["name"], entry["lead"]) for entry in draft.items[0].units] == [("县司法局", True)]


def test_an_item_without_a_unit_is_offered_the_lead_above_it_in_its_section(draft):
    assert draft_fixes.leads_above(draft, draft.items[1]) == ["县司法局"]
    draft.items[1].section = ["强化监督"]
    assert draft_fixes.leads_above(draft, draft.items[1]) == []


def test_of_a_long_list_the_first_leads_and_the_doubt_is_settled(app_context, cast):
    doubt = Remark("long-list", 3, "没有写明谁牵头。", "县司法局、各镇", True)
    both = tuple(replace(unit, lead=True) for unit in NO_YEAR.items[0].units)
    with transaction():
        parsed = replace(NO_YEAR, items=(replace(NO_YEAR.items[0], units=both, remarks=(doubt,)),), remarks=())
        made = imports.open_draft(cast.act(), parsed, "要点")
    assert open_codes(made) == ["long-list"]
    with transaction():
        draft_fixes.lead_first(cast.act(), made, made.items[0])
    assert [(entry["name"], entry["lead"]) for entry in made.items[0].units] == [("县司法局", True), ("各镇", False)]
    assert made.items[0].units[1]["span"]
    assert open_codes(made) == []


def test_a_doubtful_name_is_settled_by_another(draft, cast, register):
    third = draft.items[2]
    doubt = {**third.read["remarks"][0], "code": "odd-name", "excerpt": "县大数据局"}
    with transaction():
        third.read = {**third.read, "remarks": [doubt]}
    assert "odd-name" in open_codes(draft)
    with transaction():
        draft_fixes.rename(cast.act(), draft, "县大数据局", "县司法局", register)
    assert "odd-name" not in open_codes(draft)


def test_a_doubt_about_a_missing_unit_is_settled_by_the_unit(app_context, cast):
    doubted = replace(NO_YEAR.items[1], remarks=(Remark("no-unit", 4, "没有写明责任单位。", "", True),))
    parsed = replace(NO_YEAR, items=(NO_YEAR.items[0], doubted), remarks=())
    with transaction():
        made = imports.open_draft(cast.act(), parsed, "要点")
    assert open_codes(made) == ["no-unit"]
    with transaction():
        imports.assign(cast.act(), made, [made.items[1].id], ["县司法局"], lead=True)
    assert open_codes(made) == []
