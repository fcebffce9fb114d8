from datetime import date

import pytest

from tests.conftest import TODAY
from tracker.ledger import events, units
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.units import UnitKind
from tracker.rules.refusals import Invalid, NotFound

TOWNS = "各镇(园区、街道)"


def unit(cast, name: str):
    return units.unit_of(cast.county, cast.units[name])


def towns(cast):
    return next(group for group in units.groups_of(cast.county) if group.name == TOWNS)


def names_on(cast, day: date) -> list[str]:
    return [member.name for member in units.roster(towns(cast), day)]


# Names


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("  ", "请填写名称"),
        ("名" * 101, "最多 100 字，现有 101 字"),
        ("县司法局", "已登记"),
        (" 县司法局 ", "已登记"),
        (TOWNS, "已登记"),
        ("司法", "已登记"),
    ],
)
def test_a_name_stands_for_one_thing(app_context, cast, name, sentence):
    with transaction():
        units.add_alias(cast.act(), unit(cast, "县司法局"), "司法")
    for verb in (
        lambda: units.add_unit(cast.act(), name),
        lambda: units.add_group(cast.act(), name),
        lambda: units.add_alias(cast.act(), unit(cast, "东镇"), name),
        lambda: units.rename_unit(cast.act(), unit(cast, "东镇"), name),
    ):
        with pytest.raises(Invalid, match=sentence), transaction():
            verb()


def test_the_neighbouring_county_may_use_the_same_names(app_context, cast):
    with transaction():
        assert units.add_unit(cast.act("stranger"), "东镇").organisation_id == cast.neighbour


def test_an_old_name_is_still_understood(app_context, cast):
    with transaction():
        units.rename_unit(cast.act(), unit(cast, "县行政审批局"), "县数据局")
    register = units.register_of(cast.county)
    assert register.find("县数据局") is register.find("县行政审批局") is unit(cast, "县行政审批局")


def test_a_unit_takes_its_earlier_name_back(app_context, cast):
    with transaction():
        units.rename_unit(cast.act(), unit(cast, "县行政审批局"), "县数据局")
        units.rename_unit(cast.act(), unit(cast, "县行政审批局"), "县行政审批局")
    renamed = unit(cast, "县行政审批局")
    assert renamed.name == "县行政审批局"
    assert [alias.name for alias in renamed.aliases] == ["县数据局"]


def test_an_alias_entered_by_mistake_is_free_again(app_context, cast):
    with transaction():
        alias = units.add_alias(cast.act(), unit(cast, "县司法局"), "司法局")
        units.remove_alias(cast.act(), unit(cast, "县司法局"), alias.id)
        units.add_alias(cast.act(), unit(cast, "县司法局"), "司法局")
    with pytest.raises(NotFound), transaction():
        units.remove_alias(cast.act(), unit(cast, "东镇"), alias.id)


# Place and time


def test_units_stand_beneath_the_unit_they_belong_to(app_context, cast):
    with transaction():
        office = units.add_unit(cast.act(), "司法局办公室", UnitKind.SECTION, cast.units["县司法局"])
        units.add_unit(cast.act(), "司法局文印室", UnitKind.SECTION, office.id)
    lines = [(depth, each.name) for depth, each in units.tree(units.units_of(cast.county))]
    assert lines[:4] == [(0, "县司法局"), (1, "司法局办公室"), (2, "司法局文印室"), (0, "县行政审批局")]


def test_no_unit_belongs_to_itself_or_to_one_beneath_it(app_context, cast):
    with transaction():
        section = units.add_unit(cast.act(), "司法局办公室", UnitKind.SECTION, cast.units["县司法局"])
    for parent_id in (cast.units["县司法局"], section.id):
        with pytest.raises(Invalid, match="上级单位不能是本单位或其下属单位"), transaction():
            units.place_unit(cast.act(), unit(cast, "县司法局"), UnitKind.DEPARTMENT, parent_id)
    with pytest.raises(NotFound), transaction():
        units.place_unit(cast.act(), unit(cast, "县司法局"), UnitKind.DEPARTMENT, cast.units["邻县司法局"])


def test_a_kind_guessed_wrongly_is_corrected(app_context, cast):
    with transaction():
        units.place_unit(cast.act(), unit(cast, "东镇"), UnitKind.OTHER, cast.units["县司法局"])
    assert (unit(cast, "东镇").kind, unit(cast, "东镇").parent_id) == (UnitKind.OTHER, cast.units["县司法局"])
    assert [event.act for event in events.history(cast.county, "unit", cast.units["东镇"])][-1] == "place"


def test_a_dissolved_unit_leaves_the_rosters_and_keeps_its_duties(app_context, cast):
    owed = units.open_duties([cast.units["东镇"]], TODAY)
    with transaction():
        units.dissolve_unit(cast.act(), unit(cast, "东镇"), TODAY, cast.units["西镇"])
    assert names_on(cast, TODAY) == ["东镇", "西镇"]
    assert names_on(cast, date(2025, 4, 4)) == ["西镇"]
    assert units.open_duties([cast.units["东镇"]], TODAY) == owed == {cast.units["东镇"]: 9}


def test_a_dissolution_entered_by_mistake_is_taken_back(app_context, cast):
    with transaction():
        units.dissolve_unit(cast.act(), unit(cast, "东镇"), TODAY, cast.units["西镇"])
        units.reinstate_unit(cast.act(), unit(cast, "东镇"))
    assert (unit(cast, "东镇").dissolved_on, unit(cast, "东镇").merged_into_id) == (None, None)


def test_a_unit_is_merged_into_another_that_still_stands(app_context, cast):
    with transaction():
        units.dissolve_unit(cast.act(), unit(cast, "西镇"), date(2025, 1, 31))
    for into, sentence in (("东镇", "不能并入本单位"), ("西镇", "也已撤销")):
        with pytest.raises(Invalid, match=sentence), transaction():
            units.dissolve_unit(cast.act(), unit(cast, "东镇"), TODAY, cast.units[into])
    with pytest.raises(NotFound), transaction():
        units.dissolve_unit(cast.act(), unit(cast, "东镇"), TODAY, cast.units["邻县司法局"])


def test_a_unit_is_not_dissolved_before_it_was_founded(app_context, cast):
    with transaction():
        unit(cast, "东镇").founded_on = date(2025, 1, 1)
    with pytest.raises(Invalid, match="不能早于"), transaction():
        units.dissolve_unit(cast.act(), unit(cast, "东镇"), date(2024, 12, 31))


# Rosters


def test_a_roster_knows_every_day(app_context, cast):
    with transaction():
        units.leave_group(cast.act(), towns(cast), unit(cast, "东镇"), date(2025, 6, 30))
        assert units.join_group(cast.act(), towns(cast), unit(cast, "县司法局"), date(2025, 7, 1))
    assert names_on(cast, date(2025, 6, 30)) == ["东镇", "西镇"]
    assert names_on(cast, date(2025, 7, 1)) == ["县司法局", "西镇"]


def test_a_unit_comes_back_after_it_has_left(app_context, cast):
    with transaction():
        units.leave_group(cast.act(), towns(cast), unit(cast, "东镇"), date(2025, 6, 30))
        assert not units.join_group(cast.act(), towns(cast), unit(cast, "东镇"), date(2025, 6, 30))
        assert units.join_group(cast.act(), towns(cast), unit(cast, "东镇"), date(2025, 10, 1))
    assert names_on(cast, date(2025, 8, 1)) == ["西镇"]
    assert names_on(cast, date(2025, 10, 1)) == ["东镇", "西镇"]


def test_no_unit_stands_in_a_roster_twice(app_context, cast):
    assert not units.join_group(cast.act(), towns(cast), unit(cast, "东镇"), TODAY)
    with transaction():
        units.join_group(cast.act(), towns(cast), unit(cast, "县司法局"), date(2025, 7, 1))
    with pytest.raises(Invalid, match="自2025年7月1日起已列入名册"), transaction():
        units.join_group(cast.act(), towns(cast), unit(cast, "县司法局"), TODAY)


def test_only_a_member_of_that_day_leaves(app_context, cast):
    with pytest.raises(Invalid, match="“县司法局”在 2025-04-03 不在名册中"), transaction():
        units.leave_group(cast.act(), towns(cast), unit(cast, "县司法局"), TODAY)


def test_a_last_day_is_corrected_while_it_lies_ahead(app_context, cast):
    with transaction():
        units.leave_group(cast.act(), towns(cast), unit(cast, "东镇"), date(2025, 6, 30))
        units.leave_group(cast.act(), towns(cast), unit(cast, "东镇"), date(2025, 5, 31))
    assert names_on(cast, date(2025, 6, 1)) == ["西镇"]


def test_units_and_groups_of_the_neighbouring_county_are_not_found(app_context, cast):
    with pytest.raises(NotFound):
        units.unit_of(cast.county, cast.units["邻县司法局"])
    with pytest.raises(NotFound):
        units.group_of(cast.neighbour, towns(cast).id)


def test_every_act_is_in_the_chain(app_context, cast):
    with transaction():
        units.rename_unit(cast.act(), unit(cast, "东镇"), "东街道")
        units.dissolve_unit(cast.act(), unit(cast, "东镇"), TODAY)
    db.session.expire_all()
    told = [(event.act, event.before, event.after) for event in events.history(cast.county, "unit", cast.units["东镇"])]
    assert told[-2:] == [
        ("rename", {"name": "东镇"}, {"name": "东街道"}),
        (
            "dissolve",
            {"dissolved_on": None, "merged_into_id": None},
            {"dissolved_on": "2025-04-03", "merged_into_id": None},
        ),
    ]
    assert events.first_break(cast.county) is None
