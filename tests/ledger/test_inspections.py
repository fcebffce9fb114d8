"""Planning, notifying and concluding inspections, by those who may."""

from datetime import date

import pytest

from tests import inspecting
from tests.conftest import TODAY
from tracker.ledger import accounts, events, inspection_lists, inspection_parts, inspections
from tracker.ledger.db import transaction
from tracker.rules.inspection_parts import Stand
from tracker.rules.inspection_results import Verdict
from tracker.rules.inspections import InspectionState, Reach
from tracker.rules.permissions import Role
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal, Stale

pytestmark = pytest.mark.usefixtures("app_context")


def units_of(made):
    return [part.unit.name for part in made.parts]


def test_all_units_with_a_share_are_checked_each_with_a_day_and_a_checker(cast):
    made = inspecting.planned(cast)
    assert units_of(made) == ["县司法局", "县行政审批局", "东镇", "西镇"]
    assert [part.visit_on.day for part in made.parts] == [7, 9, 14, 16]
    assert {part.checker_id for part in made.parts} == {cast.people["inspector"], cast.people["clerk"]}
    assert made.number is None
    assert inspection_lists.count(cast.county, frozenset({cast.units["东镇"]})) == 0


def test_a_sample_is_kept_with_all_that_is_needed_to_draw_it_again(cast):
    drawn = {"reach": Reach.SAMPLE, "sample_size": 2, "seed": "20250403", "by_group": True}
    made = inspecting.planned(cast, **drawn)
    again = inspecting.planned(cast, **drawn)
    assert units_of(made) == units_of(again)
    assert len(made.parts) == 2
    assert [name for _, name, _ in made.roster] == ["县司法局", "县行政审批局", "东镇", "西镇"]
    assert made.roster[2][2] == "各镇(园区、街道)"
    assert (made.seed, made.draws) == ("20250403", 1)
    assert "SHA-256" in made.algorithm


def test_drawing_again_is_counted(cast):
    made = inspecting.planned(cast, reach=Reach.SAMPLE, sample_size=2, seed="一")
    for seed, draws in (("一", 1), ("二", 2)):
        with transaction():
            text = inspecting.text(cast, reach=Reach.SAMPLE, sample_size=2, seed=seed)
            inspections.edit(cast.act("clerk"), made, text, made.version)
        assert made.draws == draws


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"title": " "}, "请填写“检查名称”"),
        ({"criteria": []}, "至少选择或填写一项检查内容"),
        ({"methods": []}, "至少选择一种检查方式"),
        ({"checkers": []}, "请选择检查人员"),
        ({"checkers": ["handler"]}, "不能担任检查人员"),
        ({"checkers": ["stranger"]}, "不能担任检查人员"),
        ({"reach": Reach.CHOSEN}, "请选择被检查单位"),
        ({"reach": Reach.SAMPLE, "sample_size": 9, "seed": "一"}, "1 至 4"),
        ({"answer_days": 0}, "1 至 60"),
    ],
)
def test_a_plan_that_lacks_something_is_refused_with_what_is_missing(cast, more, sentence):
    with pytest.raises(Invalid, match=sentence):
        inspecting.planned(cast, **more)


def test_notices_are_numbered_by_year_without_gaps(cast):
    first, dropped, second = inspecting.notified(cast), inspecting.planned(cast), inspecting.notified(cast)
    assert (first.number, dropped.number, second.number) == (1, None, 2)
    with transaction():
        inspections.cancel(cast.act("clerk"), second, "改期。", second.version)
    assert inspecting.notified(cast).number == 3
    assert inspecting.notified(cast, on=date(2026, 1, 5), dates=_in_2026()).number == 1


def _in_2026():
    return inspecting.Dates(date(2026, 1, 6), date(2026, 1, 9), None)


def test_the_notice_fixes_what_is_checked(cast):
    made = inspecting.notified(cast)
    assert inspecting.part(cast, made).items == [cast.items[0], cast.items[2]]
    with pytest.raises(Refusal, match="不再改动"), transaction():
        inspections.edit(cast.act("clerk"), made, inspecting.text(cast), made.version)


def test_who_saw_an_older_plan_is_told(cast):
    made = inspecting.planned(cast)
    seen = made.version
    with transaction():
        inspections.edit(cast.act("clerk"), made, inspecting.text(cast, title="另一名称"), seen)
    with pytest.raises(Stale), transaction():
        inspections.notify(cast.act("clerk"), made, seen)


def test_a_unit_whose_only_checker_is_its_own_is_not_notified(cast):
    with transaction():
        by = cast.act("admin")
        person = accounts.person_of(cast.county, cast.people["inspector"])
        accounts.give_post(by, person, Role.UNIT_HANDLER, cast.units["县司法局"])
    made = inspecting.planned(cast, checkers=["inspector"])
    assert inspecting.part(cast, made).checker_id is None
    with pytest.raises(Refusal, match="县司法局没有可安排的检查人员"), transaction():
        inspections.notify(cast.act("clerk"), made, made.version)


def test_who_belongs_to_the_unit_is_neither_put_in_charge_nor_records(cast):
    made = inspecting.notified(cast)
    with transaction():
        person = accounts.person_of(cast.county, cast.people["inspector"])
        accounts.give_post(cast.act("admin"), person, Role.UNIT_HANDLER, cast.units["县司法局"])
    of = inspecting.part(cast, made)
    with pytest.raises(Forbidden, match="不得检查本单位"), transaction():
        inspections.arrange(cast.act("clerk"), made, of, cast.people["inspector"], date(2025, 4, 8))
    with pytest.raises(Forbidden, match="不得检查本单位"):
        inspecting.record(cast, of, inspecting.entry(of))


def test_a_visit_is_moved_within_the_days_of_the_check(cast):
    made = inspecting.notified(cast)
    of = inspecting.part(cast, made)
    with transaction():
        inspections.arrange(cast.act("clerk"), made, of, cast.people["clerk"], date(2025, 4, 9))
    assert (of.checker_id, of.visit_on) == (cast.people["clerk"], date(2025, 4, 9))
    with pytest.raises(Invalid, match="起止日期之内"), transaction():
        inspections.arrange(cast.act("clerk"), made, of, cast.people["clerk"], date(2025, 5, 9))


def test_a_unit_that_is_checked_twice_in_a_quarter_is_pointed_out(cast):
    first = inspecting.notified(cast)
    again = inspecting.planned(cast)
    assert inspection_lists.checked_already(again) == {cast.units["县司法局"]: [first]}
    with transaction():
        inspections.cancel(cast.act("clerk"), first, "重复。", first.version)
    assert inspection_lists.checked_already(again) == {}


def test_it_is_concluded_when_every_unit_has_spoken_or_been_silent(cast):
    made = inspecting.notified(cast, ["县司法局", "东镇"])
    inspecting.facts_sent(cast, made)
    with pytest.raises(Refusal, match="县司法局（待单位确认）、东镇（待签收）"), transaction():
        inspections.conclude(cast.act("clerk"), made, "总体较好。", made.version)
    with transaction():
        inspection_parts.excuse(cast.act("clerk"), inspecting.part(cast, made, "东镇"), "正在换届。")
    later = date(2025, 4, 20)
    with transaction():
        inspections.conclude(cast.act("clerk", later), made, "总体较好。", made.version)
        inspections.publish(cast.act("clerk", later), made, "通报〔2025〕1号", made.version)
    assert made.state is InspectionState.PUBLISHED
    assert inspecting.part(cast, made).known.told(later) == "期限内未提出异议"
    acts = [event.act for event in events.history(cast.county, "inspection", made.id)]
    assert acts == ["plan", "notify", "conclude", "publish"]


def test_what_is_cancelled_says_why_and_takes_no_results(cast):
    made = inspecting.notified(cast)
    with transaction():
        inspections.cancel(cast.act("clerk"), made, "上级已查。", made.version)
    assert inspection_lists.of_quarter(cast.plan, made.quarter, TODAY) == []
    of = inspecting.part(cast, made)
    with pytest.raises(Refusal, match="已取消"):
        inspecting.record(cast, of, inspecting.entry(of))


@pytest.mark.parametrize("unit", ["东镇", "邻县司法局"])
def test_others_find_no_such_inspection(cast, unit):
    made = inspecting.notified(cast)
    with pytest.raises(NotFound):
        inspection_lists.inspection_of(cast.county, made.id, frozenset({cast.units[unit]}))
    with pytest.raises(NotFound):
        inspection_lists.inspection_of(cast.neighbour, made.id, None)


def test_the_checker_sees_what_is_to_be_checked_by_day(cast):
    inspecting.notified(cast, ["县司法局", "东镇"], checkers=["inspector"])
    mine = inspection_parts.of_checker(cast.county, cast.people["inspector"])
    assert [(part.unit.name, part.known.stand) for part in mine] == [("县司法局", Stand.TOLD), ("东镇", Stand.TOLD)]
    assert inspection_parts.of_checker(cast.county, cast.people["clerk"]) == []


def test_verdicts_have_a_sign_of_their_own():
    assert len({verdict.sign for verdict in Verdict}) == len(Verdict)
