from dataclasses import replace
from datetime import date

import pytest

from tests.drafts import NO_YEAR, PARSED, SOURCE, edit
from tests.drafts import item as read_item
from tracker.ledger import events, imports, plans, units
from tracker.ledger.db import transaction
from tracker.ledger.tables.units import UnitKind
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale

OFFICE = {"origin": "office", "span": None}


@pytest.fixture
def draft(app_context, cast):
    with transaction():
        made = imports.open_draft(cast.act(), PARSED, "要点")
    return imports.draft_of(cast.county, made.id)


def acts_on(cast, record: str, record_id: int) -> list[str]:
    return [event.act for event in events.history(cast.county, record, record_id)]


def missing(cast, draft) -> list[str]:
    return imports.obstacles(draft, units.register_of(cast.county), date(2025, 4, 3))


def make_ready(by, draft) -> None:
    """Give the draft all that its document lacks."""
    imports.enter_as_unit(by, "县大数据局", UnitKind.DEPARTMENT)
    town = next(unit for unit in units.units_of(by.organisation_id) if unit.name == "东镇")
    imports.enter_as_group(by, "各镇", [town])
    imports.assign(by, draft, [draft.items[1].id], ["县司法局"], lead=True)


# Opening and finding


def test_a_draft_keeps_what_was_read(draft):
    first = draft.items[0]
    assert (draft.title, draft.year, draft.source) == (PARSED.title, 2025, SOURCE)
    assert [unit["name"] for unit in first.units] == ["县司法局", "各镇"]
    assert [SOURCE[slice(*entry["span"])] for entry in first.deadlines] == ["8月底前"]


def test_a_document_without_a_title_takes_its_files_name(app_context, cast):
    with transaction():
        assert imports.open_draft(cast.act(), replace(PARSED, title=None), "要点").title == "要点"


def test_a_draft_of_another_organisation_is_not_found(draft, cast):
    with pytest.raises(NotFound):
        imports.draft_of(cast.neighbour, draft.id)


def test_the_same_text_finds_its_open_draft_and_no_other(draft, cast):
    assert imports.open_draft_of(cast.county, SOURCE) is draft
    assert imports.open_draft_of(cast.county, SOURCE + "又一行") is None
    assert imports.open_draft_of(cast.neighbour, SOURCE) is None
    with transaction():
        imports.discard(cast.act(), draft)
    assert imports.open_draft_of(cast.county, SOURCE) is None


# Correcting an item


def test_an_edit_keeps_the_evidence_of_what_the_document_says(draft, cast):
    first = draft.items[0]
    with transaction():
        changes = {"task": "预公开草案。", "units": [("县司法局", True), ("县行政审批局", False)]}
        imports.edit_item(cast.act(), draft, first, edit(first, **changes), first.version)
    assert first.task == "预公开草案。"
    assert first.units[0]["origin"] == "document"
    assert first.units[1] == {"name": "县行政审批局", "lead": False, **OFFICE}
    assert first.targets[0]["origin"] == "document"


def test_what_the_document_says_again_has_its_evidence_again(draft, cast):
    first = draft.items[0]
    as_read = list(first.units)
    with transaction():
        imports.edit_item(cast.act(), draft, first, edit(first, units=[]), first.version)
        imports.edit_item(
            cast.act(), draft, first, edit(first, units=[("县司法局", True), ("各镇", False)]), first.version
        )
    assert first.units == as_read


def test_an_edit_is_refused_after_somebody_elses_with_what_stands_now(draft, cast):
    first, version = draft.items[0], draft.items[0].version
    with transaction():
        imports.edit_item(cast.act(), draft, first, edit(first, goal="全面公开。"), version)
    with pytest.raises(Stale) as refusal, transaction():
        imports.edit_item(cast.act(), draft, first, edit(first, goal="另一个目标。"), version)
    assert refusal.value.theirs.goal == "全面公开。"


def test_a_repeated_save_is_the_same_act(draft, cast):
    first, version = draft.items[0], draft.items[0].version
    wanted = edit(first, goal="全面公开。")
    for _ in range(2):
        with transaction():
            imports.edit_item(cast.act(), draft, first, wanted, version)
    assert acts_on(cast, "draft_item", first.id) == ["edit"]


def test_accepting_an_unchanged_item_only_checks_it(draft, cast):
    first = draft.items[0]
    with transaction():
        imports.edit_item(cast.act(), draft, first, edit(first), first.version)
    assert first.checked
    assert acts_on(cast, "draft_item", first.id) == ["check"]


def test_saving_alone_does_not_check(draft, cast):
    first = draft.items[0]
    with transaction():
        imports.edit_item(cast.act(), draft, first, edit(first, goal="全面公开。"), first.version, accept=False)
    assert not first.checked


def test_an_item_needs_a_task(draft, cast):
    with pytest.raises(Invalid, match="工作任务"), transaction():
        imports.edit_item(cast.act(), draft, draft.items[0], edit(draft.items[0], task=" "), draft.items[0].version)


def test_an_added_item_is_the_offices_and_comes_once(draft, cast):
    wanted = edit(draft.items[0], task="开展培训。", targets=[], deadlines=[])
    for _ in range(2):
        with transaction():
            added = imports.add_item(cast.act(), draft, wanted)
    assert [item.position for item in draft.items] == [1, 2, 3, 4]
    assert added.read is None
    assert {unit["origin"] for unit in added.units} == {"office"}


# Many items at once


def test_units_are_assigned_to_many_items_in_one_act(draft, cast):
    with transaction():
        changed = imports.assign(cast.act(), draft, [item.id for item in draft.items], ["县司法局"], lead=True)
    assert changed == 2  # the first has it from the document
    assert draft.items[0].units[0]["origin"] == "document"
    assert draft.items[1].units == [{"name": "县司法局", "lead": True, **OFFICE}]
    assert acts_on(cast, "draft", draft.id)[-1] == "assign"


def test_an_assigned_unit_takes_the_role_of_the_act(draft, cast):
    with transaction():
        imports.assign(cast.act(), draft, [draft.items[0].id], ["各镇"], lead=True)
    assert [(unit["name"], unit["lead"]) for unit in draft.items[0].units] == [("县司法局", True), ("各镇", True)]


def test_assigning_needs_items_and_units(draft, cast):
    with pytest.raises(Invalid, match="勾选"):
        imports.assign(cast.act(), draft, [], ["县司法局"], lead=True)
    with pytest.raises(Invalid, match="单位"):
        imports.assign(cast.act(), draft, [draft.items[0].id], [], lead=True)


# Names


def test_names_that_the_register_does_not_know_are_listed_once(draft, cast):
    assert imports.unknown_names(draft, units.register_of(cast.county)) == ["各镇", "县大数据局"]


def test_a_group_needs_members(app_context, cast):
    with pytest.raises(Invalid, match="至少一个"):
        imports.enter_as_group(cast.act(), "各科室", [])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("东镇", UnitKind.TOWN), ("农财科", UnitKind.SECTION), ("县政府办公室", UnitKind.DEPARTMENT)],
)
def test_the_kind_of_a_unit_is_guessed_from_its_name(name, kind):
    assert imports.guess_kind(name) is kind


# Closing


def test_what_is_missing_is_said_in_full(app_context, cast):
    with transaction():
        draft = imports.open_draft(cast.act(), NO_YEAR, "要点")
    sentences = missing(cast, draft)
    assert [sentence[:6] for sentence in sentences] == ["文件未载明年", "1 项任务尚", "2 个单位名"]
    with pytest.raises(Refusal, match="尚不能入账"), transaction():
        imports.confirm(cast.act(), draft)


def test_a_group_without_members_is_missing_them(draft, cast):
    with transaction():
        make_ready(cast.act(), draft)
        assert missing(cast, draft) == []
        units.add_group(cast.act(), "各科室")
        imports.assign(cast.act(), draft, [draft.items[1].id], ["各科室"], lead=True)
    assert missing(cast, draft) == ["1 个单位组尚无成员：各科室。请在“单位”中登记其成员。"]


def test_confirming_makes_a_plan_with_what_was_kept(draft, cast):
    with transaction():
        by = cast.act()
        make_ready(by, draft)
        imports.set_dropped(by, draft, draft.items[2], dropped=True)
        plan = imports.confirm(by, draft)
    items = plans.items_of(plan)
    assert [item.number for item in items] == ["1.", "2."]
    assert [r.origin.value for r in items[0].responsibilities] == ["document", "document"]
    assert [r.origin.value for r in items[1].responsibilities] == ["office"]
    assert items[0].deadlines[0].due == date(2025, 8, 31)


def test_a_confirmed_draft_changes_no_more(draft, cast):
    with transaction():
        make_ready(cast.act(), draft)
        imports.confirm(cast.act(), draft)
    for act in (imports.confirm, imports.discard, imports.reopen):
        with pytest.raises(Refusal, match="已确认入账"), transaction():
            act(cast.act(), draft)


def test_a_discarded_draft_comes_back_as_it_was(draft, cast):
    with transaction():
        imports.set_checked(cast.act(), draft, draft.items[0], checked=True)
        imports.discard(cast.act(), draft)
    assert imports.drafts_of(cast.county) == []
    assert imports.put_aside_by(cast.county) == [draft]
    with pytest.raises(Refusal, match="先恢复"), transaction():
        imports.set_checked(cast.act(), draft, draft.items[1], checked=True)
    with transaction():
        imports.reopen(cast.act(), draft)
    assert draft.items[0].checked


def test_a_text_that_the_ledger_cannot_hold_is_cut(app_context, cast):
    long = Deadline(DeadlineKind.OPEN_ENDED)
    with transaction():
        by = cast.act()
        parsed = replace(PARSED, items=(read_item(2, "举办开放日。"),))
        draft = imports.open_draft(by, parsed, "要点")
        wanted = edit(draft.items[0], units=[("县司法局", True)], deadlines=[("长" * 150, long)])
        imports.edit_item(by, draft, draft.items[0], wanted, draft.items[0].version)
        plan = imports.confirm(by, draft)
    assert len(plan.items[0].deadlines[0].text) == 100


def test_facts_are_refused_after_somebody_elses(draft, cast):
    version = draft.version
    with transaction():
        imports.set_facts(cast.act(), draft, "要点", "", 2025, version)
    with pytest.raises(Stale), transaction():
        imports.set_facts(cast.act(), draft, "另一个名称", "", 2025, version)
    with transaction():
        imports.set_facts(cast.act(), draft, "要点", "", 2025, version)  # nothing new: never stale
