from datetime import date

import pytest
from lxml import html

from tests.pages import text_of
from tests.reporting import content, report_duty, submit
from tracker.ledger import dated_rules
from tracker.ledger.lights import rule_on
from tracker.ledger.tables.lights import LightRuleVersion
from tracker.rules.light_presets import preset

TODAY = date(2025, 4, 3)


@pytest.fixture
def clerk(as_):
    return as_("clerk")


def written(page) -> list[tuple[str, str]]:
    """The form as a browser would send it."""
    form = html.fromstring(page.text).xpath("//form[.//ol[@class='rule-rows']]")[0]
    return [(name, value) for name, value in form.form_values() if name != "csrf_token"]


def send(client, fields, do, **otherwise):
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(otherwise.get(name, value))
    return client.post("/lights/", data=data | {"do": do})


def conditions(page) -> list[str]:
    return html.fromstring(page.text).xpath("//select[@name='cause']/option[@selected]/@value")


def test_the_page_shows_the_rule_in_force_and_presets_to_begin_from(clerk):
    page = clerk.get("/lights/")
    assert "现行规则：通用规则" in page.text
    began = clerk.get("/lights/?from=sanming")
    assert ("name", "三明做法") in written(began)
    assert "橙" in began.text


def test_rows_are_moved_added_and_removed_without_a_script(clerk):
    page = clerk.get("/lights/?from=longxian")
    stood = conditions(page)
    moved = send(clerk, written(page), "down-1")
    assert conditions(moved) == [stood[1], stood[0], *stood[2:]]
    assert conditions(send(clerk, written(moved), "drop-1")) == [stood[0], *stood[2:]]
    assert conditions(send(clerk, written(page), "add")) == [*stood[:-1], "due_within", stood[-1]]


def test_nothing_is_kept_until_the_rule_is_put_in_force(app, cast, clerk):
    with app.app_context():
        submit(cast, content(), report_duty(cast))
    tried = send(clerk, written(clerk.get("/lights/?from=longxian")), "try")
    assert "灯有变化的任务 1 项" in text_of(tried.text)
    assert "■ 绿 达进度" in text_of(tried.text)
    assert "◆ 蓝 达进度" in text_of(tried.text)
    with app.app_context():
        assert rule_on(cast.county, TODAY).name == "通用规则"
    assert send(clerk, written(tried), "start").status_code == 302
    with app.app_context():
        assert rule_on(cast.county, TODAY) == preset("longxian").rule
        assert rule_on(cast.county, date(2025, 4, 2)).name == "通用规则"
        assert rule_on(cast.neighbour, TODAY).name == "通用规则"
        assert [one.act for one in dated_rules.acts(LightRuleVersion, cast.county)] == ["put_in_force"]
    assert "设定“陇县做法”，自2025年4月3日起启用" in text_of(clerk.get("/lights/").text)


def test_pages_of_a_day_before_keep_the_rule_of_that_day(app, cast, clerk, as_, move_to):
    with app.app_context():
        submit(cast, content(), report_duty(cast))
    tried = send(clerk, written(clerk.get("/lights/?from=longxian")), "try")
    send(clerk, written(tried), "start", starts_on="2025-04-08")
    move_to(date(2025, 4, 9))
    address = f"/lights/{cast.items[0]}/{cast.units['县司法局']}?quarter=2025Q1"
    assert "所依规则：陇县做法" in as_("leader").get(address).text
    assert "所依规则：通用规则" in as_("leader").get(f"{address}&as_of=2025-04-07").text


def test_what_is_put_in_force_is_what_was_tried(app, cast, clerk):
    tried = send(clerk, written(clerk.get("/lights/?from=xian")), "try")
    answer = send(clerk, written(tried), "start", name="另一个规则")
    assert answer.status_code == 409
    assert "已重新试算" in answer.text
    with app.app_context():
        assert dated_rules.versions(LightRuleVersion, cast.county) == []


@pytest.mark.parametrize(
    ("starts_on", "sentence"),
    [
        ("2025-04-02", "启用日期应为今天（2025年4月3日）或以后"),
        ("2025-02-30", "启用日期不存在"),
        ("", "启用日期不存在"),
    ],
)
def test_a_rule_cannot_begin_before_today(clerk, starts_on, sentence):
    tried = send(clerk, written(clerk.get("/lights/?from=xian")), "try")
    answer = send(clerk, written(tried), "start", starts_on=starts_on)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert ("name", "西安做法") in written(answer)


def test_a_future_rule_can_be_taken_back_and_one_in_force_cannot(app, cast, clerk, as_, move_to):
    tried = send(clerk, written(clerk.get("/lights/?from=xian")), "try")
    send(clerk, written(tried), "start", starts_on="2025-04-10")
    assert "2025年4月10日起改用“西安做法”" in text_of(clerk.get("/lights/").text)
    with app.app_context():
        [version] = dated_rules.versions(LightRuleVersion, cast.county)
    assert as_("stranger").post(f"/lights/versions/{version.id}/withdraw").status_code == 404
    move_to(date(2025, 4, 10))
    assert clerk.post(f"/lights/versions/{version.id}/withdraw").status_code == 422
    move_to(date(2025, 4, 9))
    assert clerk.post(f"/lights/versions/{version.id}/withdraw").status_code == 302
    assert "撤销拟自2025年4月10日起启用的“西安做法”" in text_of(clerk.get("/lights/").text)


def test_two_rules_cannot_begin_on_one_day(clerk):
    for preset_key, status in (("xian", 302), ("xian", 302), ("longxian", 422)):  # the same sent twice is one act
        tried = send(clerk, written(clerk.get(f"/lights/?from={preset_key}")), "try")
        answer = send(clerk, written(tried), "start")
        assert answer.status_code == status
    assert "已定有“西安做法”" in answer.text


def test_slips_stand_beside_their_row(clerk):
    page = clerk.get("/lights/?from=xian")
    answer = send(clerk, [pair for pair in written(page) if pair[1] != "on_course"], "try", at="x")
    assert answer.status_code == 422
    assert "第 1 行的数值应为 1 至 365 天。" in answer.text


def test_only_who_sets_the_offices_rules_sees_the_page(as_):
    assert as_("leader").get("/lights/").status_code == 403
    assert as_("leader").post("/lights/", data={}).status_code == 403
