import pytest

from tests.drafts import NO_YEAR
from tracker.ledger import draft_names, draft_steps, imports, units
from tracker.ledger.db import transaction
from tracker.ledger.tables.units import UnitKind
from tracker.rules.refusals import Stale


@pytest.fixture
def draft(app_context, cast):
    with transaction():
        made = imports.open_draft(cast.act(), NO_YEAR, "要点")
    return imports.draft_of(cast.county, made.id)


def unit(cast, name: str):
    return units.unit_of(cast.county, cast.units[name])


ENTRIES = {
    "unit": lambda by, draft, cast: draft_names.enter_units(by, draft, [("县大数据局", UnitKind.DEPARTMENT)]),
    "alias": lambda by, draft, cast: draft_names.enter_alias(by, draft, unit(cast, "县司法局"), "县大数据局"),
    "group": lambda by, draft, cast: draft_names.enter_group(by, draft, "县大数据局", [unit(cast, "县司法局")]),
}


def register(cast):
    return units.register_of(cast.county)


def undo(cast, draft):
    with transaction():
        number = draft_steps.last_step(draft.id).number
        return draft_steps.undo(cast.act(), draft, number, draft_names.take_back)


def redo(cast, draft):
    with transaction():
        return draft_steps.redo(
            cast.act(), draft, draft_steps.next_step(draft.id).number, draft_names.enter_again
        )  # fmt: skip


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_what_was_entered_from_the_draft_is_taken_back_and_entered_again(draft, cast, entry):
    with transaction():
        entry(cast.act(), draft, cast)
    assert "县大数据局" in register(cast)
    assert "县大数据局" in draft_steps.last_step(draft.id).said
    undo(cast, draft)
    assert "县大数据局" not in register(cast)
    assert draft_steps.last_step(draft.id) is None
    redo(cast, draft)
    assert "县大数据局" in register(cast)
    undo(cast, draft)
    assert "县大数据局" not in register(cast)


def test_many_units_at_once_are_one_step(draft, cast):
    with transaction():
        draft_names.enter_units(cast.act(), draft, [("甲局", UnitKind.DEPARTMENT), ("乙镇", UnitKind.TOWN)])
    assert undo(cast, draft).said == "登记 2 个单位"
    assert not {"甲局", "乙镇"} & set(register(cast).units)


def test_a_unit_that_something_else_uses_stays(draft, cast):
    with transaction():
        ENTRIES["unit"](cast.act(), draft, cast)
    with transaction():
        units.add_alias(cast.act(), register(cast).units["县大数据局"], "县数据局")
    with pytest.raises(Stale, match="“县大数据局”登记后已被其他内容使用"):
        undo(cast, draft)
    assert "县大数据局" in register(cast)
    assert draft_steps.last_step(draft.id).said == "登记“县大数据局”为单位"


def test_a_group_whose_roster_has_changed_since_stays(draft, cast):
    with transaction():
        ENTRIES["group"](cast.act(), draft, cast)
    with transaction():
        group = register(cast).groups["县大数据局"]
        units.join_group(cast.act(), group, unit(cast, "东镇"))
    with pytest.raises(Stale, match="不能撤销登记"):
        undo(cast, draft)
    assert len(register(cast).groups["县大数据局"].memberships) == 2
