from lxml import html

from tests.web.test_items import main_of, titles


def saved(client, name="决策公开的事", query="q=决策&sort=worst"):
    return client.post(f"/views/?{query}", data={"name": name})


def test_the_present_filters_are_saved_and_opened_by_one_click(as_):
    leader = as_("leader")
    assert saved(leader).status_code == 302
    page = main_of(leader.get("/items/?quarter=2025Q1"))
    [link] = page.xpath(".//*[@class='views-bar no-print']/a[text()='决策公开的事']/@href")
    opened = leader.get(link, follow_redirects=True)
    assert titles(opened) == titles(leader.get("/items/?q=决策&sort=worst"))
    assert main_of(opened).xpath("string(.//input[@name='q']/@value)") == "决策"


def test_what_is_refused_keeps_what_was_typed_and_the_filters(as_):
    leader = as_("leader")
    answer = saved(leader, name="长" * 41)
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert page.xpath("string(.//input[@id='name']/@value)") == "长" * 41
    assert "视图名称最多 40 字" in page.text_content()
    [again] = page.xpath(".//form[contains(@class, 'view-new')]/@action")
    assert leader.post(again, data={"name": "短名"}).status_code == 302


def test_a_view_is_renamed_and_deleted(as_):
    leader = as_("leader")
    saved(leader)
    saved(leader, "逾期", "standing=overdue")
    page = html.fromstring(leader.get("/views/").text)
    rename, taken = page.xpath("//form[contains(@action, 'rename')]/@action")
    assert leader.post(rename, data={"name": "决策"}).status_code == 302
    answer = leader.post(taken, data={"name": "决策"})
    assert answer.status_code == 422
    assert "已有名为“决策”的视图" in answer.text
    [delete, _] = page.xpath("//form[contains(@action, 'delete')]")
    assert delete.get("data-confirm") == "删除视图“决策公开的事”？"
    assert leader.post(delete.get("action")).status_code == 302
    leader.get("/views/")  # tells once that it is deleted
    assert "决策" not in main_of(leader.get("/views/")).text_content()


def test_nobody_opens_renames_or_deletes_anothers_view(as_):
    saved(as_("leader"))
    viewer = as_("viewer")
    assert viewer.get("/views/1").status_code == 404
    assert viewer.post("/views/1/rename", data={"name": "我的"}).status_code == 404
    assert viewer.post("/views/1/delete").status_code == 404
    assert "决策公开的事" not in viewer.get("/views/").text


def test_what_no_list_offers_cannot_be_saved(as_, cast):
    assert saved(as_("leader"), query="light=pink").status_code == 422
    assert saved(as_("town"), query=f"unit={cast.units['西镇']}").status_code == 404
