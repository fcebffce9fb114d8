from datetime import date, timedelta

import pytest
from lxml import html
from sqlalchemy import text

from tests.conftest import TODAY
from tests.pages import errors_of, message_on, queries
from tracker.ledger import units
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.units import UnitKind

TOWNS = "各镇(园区、街道)"
LONG = "县人民政府推进职能转变协调小组办公室暨优化营商环境工作领导小组办公室（数据资源管理局）" * 2


@pytest.fixture
def clerk(as_):
    return as_("clerk")


@pytest.fixture
def towns(app, cast) -> int:
    with app.app_context():
        return units.groups_of(cast.county)[0].id


def unit_named(app, cast, name: str):
    with app.app_context():
        return units.register_of(cast.county).find(name)


def alias_of(app, cast, name: str) -> int:
    with app.app_context():
        return units.unit_of(cast.county, cast.units[name]).aliases[0].id


def roster_on(app, cast, day: date) -> list[str]:
    with app.app_context():
        return [unit.name for unit in units.roster(units.groups_of(cast.county)[0], day)]


# The register


def test_an_empty_register_says_what_to_do_next(app, cast, as_):
    with app.app_context(), transaction():
        own = {"id": cast.units["邻县司法局"]}
        db.session.execute(text("delete from post where unit_id = :id"), own)
        db.session.execute(text("delete from unit where id = :id"), own)
    page = as_("stranger").get("/units/").text
    assert "尚未登记单位" in page
    assert 'href="/units/new"' in page


def test_the_register_shows_names_kinds_groups_and_what_is_gone(app, cast, clerk):
    with app.app_context(), transaction():
        units.rename_unit(cast.act(), units.unit_of(cast.county, cast.units["县行政审批局"]), "县数据局")
        units.dissolve_unit(
            cast.act(), units.unit_of(cast.county, cast.units["东镇"]), date(2025, 3, 31), cast.units["西镇"]
        )
    page = html.fromstring(clerk.get("/units/").text)
    rows = {row.xpath("string(th)"): " ".join(row.xpath("string(.)").split()) for row in page.xpath("//tbody/tr")}
    assert "县行政审批局" in rows["县数据局"]
    assert TOWNS in rows["西镇"]
    assert TOWNS not in rows["东镇"]
    assert "存续至2025年3月31日，并入西镇，尚有 9 项应办未完成" in rows["东镇"]
    assert rows[TOWNS].endswith("1 西镇")


def test_the_register_takes_the_same_number_of_queries_for_sixty_units(app, cast, clerk):
    few = queries(app, clerk, "/units/")
    with app.app_context(), transaction():
        group = units.groups_of(cast.county)[0]
        for number in range(60):
            unit = units.add_unit(cast.act(), f"{number}{LONG}"[:100])
            units.add_alias(cast.act(), unit, f"别名{number}")
            units.join_group(cast.act(), group, unit, TODAY)
    assert queries(app, clerk, "/units/") == few
    assert queries(app, clerk, "/units/groups/1") <= few + 2


# One unit


def test_a_new_unit_stands_beneath_its_parent(app, cast, clerk):
    form = {"name": " 司法局办公室 ", "kind": "section", "parent": str(cast.units["县司法局"])}
    assert clerk.post("/units/new", data=form).headers["Location"] == "/units/"
    made = unit_named(app, cast, "司法局办公室")
    assert (made.kind, made.parent_id) == (UnitKind.SECTION, cast.units["县司法局"])
    assert "已新增单位“司法局办公室”。" in clerk.get("/units/").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "请填写单位名称。"),
        ({"name": "县司法局"}, "“县司法局”已登记为单位、别名或单位组，请换一个名称。"),
        ({"name": "名" * 101}, "名称最多 100 字，现有 101 字。"),
        ({"kind": "nothing"}, "请从列出的选项中选择。"),
        ({"parent": "999"}, "请从列出的选项中选择。"),
        ({"parent": "x"}, "请从列出的选项中选择。"),
    ],
)
def test_a_form_that_is_refused_keeps_what_was_typed(clerk, change, sentence):
    answer = clerk.post("/units/new", data={"name": "新单位", "kind": "town", "parent": ""} | change)
    assert errors_of(answer) == [sentence]
    page = html.fromstring(answer.text)
    assert page.xpath("string(//input[@name='name']/@value)") == change.get("name", "新单位")
    if "kind" not in change:
        assert page.xpath("string(//select[@name='kind']/option[@selected]/@value)") == "town"


def test_a_unit_of_the_neighbouring_county_is_no_parent(cast, clerk):
    form = {"name": "新单位", "kind": "town", "parent": str(cast.units["邻县司法局"])}
    assert errors_of(clerk.post("/units/new", data=form)) == ["请从列出的选项中选择。"]


def test_renaming_says_that_the_old_name_stays(app, cast, clerk):
    address = f"/units/{cast.units['县行政审批局']}"
    answer = clerk.post(f"{address}/name", data={"new_name": "县数据局"}, follow_redirects=True)
    assert "原名“县行政审批局”已保留为别名" in answer.text
    assert unit_named(app, cast, "县行政审批局").name == "县数据局"


def test_saving_the_same_name_changes_nothing(app, cast, clerk):
    address = f"/units/{cast.units['东镇']}"
    clerk.post(f"{address}/name", data={"new_name": "东镇"})
    assert message_on(clerk, address) == "单位名称现为“东镇”。"


def test_a_name_that_is_taken_is_said_beside_its_field(clerk, cast):
    answer = clerk.post(f"/units/{cast.units['东镇']}/name", data={"new_name": "西镇"})
    assert errors_of(answer) == ["“西镇”已登记为单位、别名或单位组，请换一个名称。"]
    assert html.fromstring(answer.text).xpath("string(//input[@name='new_name']/@value)") == "西镇"


def test_an_alias_comes_and_goes(app, cast, clerk):
    address = f"/units/{cast.units['县司法局']}"
    added = clerk.post(f"{address}/aliases", data={"alias": "司法局"}, follow_redirects=True)
    assert "已添加别名“司法局”。" in added.text
    alias_id = alias_of(app, cast, "县司法局")
    assert errors_of(clerk.post(f"{address}/aliases", data={"alias": "司法局"}))
    assert "别名已删除" in clerk.post(f"{address}/aliases/{alias_id}/remove", follow_redirects=True).text
    assert unit_named(app, cast, "司法局") is None
    assert clerk.post(f"{address}/aliases/{alias_id}/remove").status_code == 404


def test_a_unit_is_not_placed_beneath_itself(app, cast, clerk):
    form = {"name": "司法局办公室", "kind": "section", "parent": str(cast.units["县司法局"])}
    clerk.post("/units/new", data=form)
    section = unit_named(app, cast, "司法局办公室").id
    answer = clerk.post(f"/units/{cast.units['县司法局']}/place", data={"kind": "other", "parent": str(section)})
    assert errors_of(answer) == ["上级单位不能是本单位或其下属单位。"]
    clerk.post(f"/units/{section}/place", data={"kind": "other", "parent": ""})
    assert unit_named(app, cast, "司法局办公室").parent_id is None


def test_a_unit_is_dissolved_and_brought_back(app, cast, clerk):
    address = f"/units/{cast.units['东镇']}"
    form = {"last_day": "2025-03-31", "merged_into": str(cast.units["西镇"])}
    page = clerk.post(f"{address}/dissolution", data=form, follow_redirects=True).text
    assert "“东镇”存续至2025年3月31日。未办结事项 0 项已划转承接单位；另有 9 项承接单位已在承担，不再重复。" in page
    assert "9 项" in page
    assert roster_on(app, cast, TODAY) == ["西镇"]
    clerk.post(f"{address}/reinstatement")
    assert roster_on(app, cast, TODAY) == ["东镇", "西镇"]


@pytest.mark.parametrize("typed", ["", "2026-02-29", "昨天"])
def test_a_last_day_that_does_not_exist_is_refused(cast, clerk, typed):
    answer = clerk.post(f"/units/{cast.units['东镇']}/dissolution", data={"last_day": typed, "merged_into": ""})
    assert len(errors_of(answer)) == 1
    if typed:
        assert f'value="{typed}"' in answer.text


def test_the_page_says_how_much_passes_and_then_lists_it(app, cast, clerk):
    address = f"/units/{cast.units['县司法局']}"
    assert "本单位现有未办结事项 13 项，自次日起划转承接单位" in clerk.get(address).text
    form = {"last_day": "2025-04-01", "merged_into": str(cast.units["县行政审批局"])}
    page = clerk.post(f"{address}/dissolution", data=form, follow_redirects=True).text
    assert "未办结事项 13 项已划转承接单位。" in page
    assert "已划转县行政审批局的事项（13 项）" in page
    page = clerk.post(f"{address}/reinstatement", follow_redirects=True).text
    assert "调整未办结事项 13 项" in page


def test_without_a_successor_the_office_names_one_later(app, cast, clerk):
    address = f"/units/{cast.units['县司法局']}"
    page = clerk.post(
        f"{address}/dissolution", data={"last_day": "2025-04-01", "merged_into": ""}, follow_redirects=True
    )
    assert "原责任单位已撤销，未办结 13 项尚无承接单位" in page.text
    waiting = html.fromstring(clerk.get("/duties/undated").text).text_content()
    assert "县司法局（存续至2025年4月1日）：未办结 13 项" in waiting
    form = {"last_day": "2025-04-01", "merged_into": str(cast.units["县行政审批局"])}
    assert "13 项已划转" in clerk.post(f"{address}/dissolution", data=form, follow_redirects=True).text
    assert "县司法局（存续至" not in clerk.get("/duties/undated").text


# Groups


def test_a_new_group_awaits_its_members(app, cast, clerk):
    page = clerk.post("/units/groups", data={"name": "各科室"}, follow_redirects=True).text
    assert "已新增单位组“各科室”，请为其登记成员单位。" in page
    assert "尚无成员" in page
    assert errors_of(clerk.post("/units/groups", data={"name": "各科室"}))


def test_a_roster_is_shown_as_of_any_day(app, cast, clerk, towns):
    unit = str(cast.units["东镇"])
    clerk.post(f"/units/groups/{towns}/leave", data={"member": unit, "last_day": "2025-06-30"})
    assert "2025年6月30日在册 2 个单位" in clerk.get(f"/units/groups/{towns}?day=2025-06-30").text
    assert "2025年7月1日在册 1 个单位" in clerk.get(f"/units/groups/{towns}?day=2025-07-01").text
    assert clerk.get(f"/units/groups/{towns}?day=2025-02-30").status_code == 422


def test_many_units_join_in_one_act(app, cast, clerk, towns):
    both = [str(cast.units["县司法局"]), str(cast.units["县行政审批局"])]
    answer = clerk.post(f"/units/groups/{towns}/members", data={"unit": both, "starts_on": "2025-05-01"})
    assert answer.headers["Location"] == f"/units/groups/{towns}?day=2025-05-01"
    assert len(roster_on(app, cast, date(2025, 5, 1))) == 4
    assert len(roster_on(app, cast, date(2025, 4, 30))) == 2


def test_joining_refused_keeps_what_was_ticked_and_enters_nobody(app, cast, clerk, towns):
    law, west = str(cast.units["县司法局"]), str(cast.units["西镇"])
    clerk.post(f"/units/groups/{towns}/members", data={"unit": law, "starts_on": "2025-07-01"})
    office = str(cast.units["县行政审批局"])
    answer = clerk.post(f"/units/groups/{towns}/members", data={"unit": [office, law], "starts_on": "2025-05-01"})
    assert errors_of(answer) == ["“县司法局”自2025年7月1日起已列入名册，加入日期请晚于其截止日期。"]
    ticked = html.fromstring(answer.text).xpath("//input[@type='checkbox'][@checked]/@value")
    assert ticked == [law, office]
    assert roster_on(app, cast, date(2025, 5, 1)) == ["东镇", "西镇"]
    assert errors_of(clerk.post(f"/units/groups/{towns}/members", data={"starts_on": "2025-05-01"}))
    assert errors_of(clerk.post(f"/units/groups/{towns}/members", data={"unit": west, "starts_on": ""}))


def test_a_unit_that_is_not_in_the_roster_cannot_leave_it(cast, clerk, towns):
    form = {"member": str(cast.units["东镇"]), "last_day": "2025-06-30"}
    clerk.post(f"/units/groups/{towns}/leave", data=form)
    again = clerk.post(f"/units/groups/{towns}/leave", data=form | {"last_day": "2025-07-01"})
    assert errors_of(again) == ["“东镇”在 2025-07-01 不在名册中，请核对日期。"]
    assert errors_of(clerk.post(f"/units/groups/{towns}/leave", data={"member": "", "last_day": "2025-07-01"}))


# Strangers


def test_a_stranger_finds_neither_units_nor_groups(cast, as_, towns):
    stranger, east = as_("stranger"), cast.units["东镇"]
    assert stranger.get(f"/units/{east}").status_code == 404
    assert stranger.get(f"/units/groups/{towns}").status_code == 404
    for address in (f"{east}/name", f"{east}/place", f"{east}/dissolution", f"{east}/reinstatement", "groups/1/leave"):
        assert stranger.post(f"/units/{address}", data={"new_name": "x", "kind": "town"}).status_code == 404
    own = str(cast.units["邻县司法局"])
    joined = as_("clerk").post(f"/units/groups/{towns}/members", data={"unit": own, "starts_on": "2025-05-01"})
    assert joined.status_code == 404


def test_names_are_shown_as_text(cast, clerk):
    clerk.post("/units/new", data={"name": "<script>alert(1)</script>", "kind": "other", "parent": ""})
    assert "<script>alert(1)</script>" not in clerk.get("/units/").text


def test_the_day_of_a_roster_may_be_far_off(clerk, towns):
    for day in (date.min, date.max, TODAY - timedelta(days=40000)):
        assert clerk.get(f"/units/groups/{towns}?day={day.isoformat()}").status_code == 200


# Plans that follow a changed roster


@pytest.fixture
def newcomer(app, cast) -> None:
    """南镇 joins the towns, and 西镇 has left them, after the plan was assigned."""
    with app.app_context(), transaction():
        by, group = cast.act(), units.groups_of(cast.county)[0]
        units.join_group(by, group, units.add_unit(by, "南镇", UnitKind.TOWN), TODAY)
        units.leave_group(by, group, units.unit_of(cast.county, cast.units["西镇"]), TODAY - timedelta(days=1))


def test_a_roster_that_changed_is_offered_plan_by_plan_with_a_preview(app, cast, clerk, towns, newcomer):
    address = f"/units/groups/{towns}"
    page = clerk.get(address).text
    assert "今日名册与以下计划的分工不一致" in page
    preview = html.fromstring(clerk.get(f"{address}/plans/{cast.plan}").text)
    assert "新增 7 项，收回 9 项" in preview.text_content(), "what is over is not asked of 南镇"
    seen = preview.xpath("string(//input[@name='seen']/@value)")
    assert clerk.post(f"{address}/plans/{cast.plan}", data={"seen": "another"}).status_code == 409
    done = clerk.post(f"{address}/plans/{cast.plan}", data={"seen": seen}, follow_redirects=True).text
    assert "已按今日名册分工。调整未办结事项 16 项" in done
    assert "今日名册与以下计划的分工不一致" not in done
    assert "不需要调整" in clerk.get(f"{address}/plans/{cast.plan}").text


def test_another_countys_plan_or_group_is_not_found(app, cast, as_, towns, newcomer):
    assert as_("stranger").get(f"/units/groups/{towns}/plans/{cast.plan}").status_code == 404
    assert as_("stranger").post(f"/units/groups/{towns}/plans/{cast.plan}").status_code == 404
