"""Naming leaders on screen: on the item's page and for a plan's items at once."""

import pytest
from lxml import html

from tests.pages import text_of


def test_the_office_names_one_from_the_items_page(cast, as_):
    clerk, item = as_("clerk"), cast.items[0]
    assert "责任领导：未填写" in text_of(clerk.get(f"/items/{item}").text)
    answer = clerk.post(f"/item-leaders/{item}", data={"name": "张喆"}, follow_redirects=True)
    page = text_of(answer.text)
    assert "责任领导已保存。" in page
    assert "责任领导：张喆" in page
    assert "责任领导由未填写改为张喆" in page


def test_others_see_the_name_and_no_way_to_change_it(cast, as_):
    as_("clerk").post(f"/item-leaders/{cast.items[0]}", data={"name": "张喆"})
    page = as_("handler").get(f"/items/{cast.items[0]}").text
    assert "责任领导：张喆" in text_of(page)
    assert not html.fromstring(page).xpath("//a[contains(@href, 'item-leaders')]")
    assert as_("handler").post(f"/item-leaders/{cast.items[0]}", data={"name": "别人"}).status_code == 403


def test_several_are_named_at_once(cast, as_):
    clerk, (first, second, _) = as_("clerk"), cast.items
    names = {f"leader-{first}": "张喆", f"leader-{second}": "李镕"}
    answer = clerk.post(f"/item-leaders/?plan={cast.plan}", data=names, follow_redirects=True)
    assert "已保存，2 项任务的责任领导有变动。" in text_of(answer.text)
    fields = html.fromstring(answer.text).xpath("//input[starts-with(@name, 'leader-')]/@value")
    assert fields == ["张喆", "李镕", ""]


@pytest.mark.parametrize("where", ["list", "item"])
def test_a_name_too_long_is_refused_and_stays_typed(cast, as_, where):
    item, long = cast.items[0], "长" * 51
    address = f"/item-leaders/?plan={cast.plan}" if where == "list" else f"/item-leaders/{item}"
    answer = as_("clerk").post(address, data={f"leader-{item}" if where == "list" else "name": long})
    assert answer.status_code == 422
    assert "第 1 项的责任领导共 51 字，最多 50 字。" in answer.text
    assert long in html.fromstring(answer.text).xpath("//main//input/@value")


@pytest.mark.parametrize("data", [{}, {"leader-x": "张"}, {"leader-999999": "张"}, {"leader-²": "张"}])
def test_what_names_no_item_is_refused(cast, as_, data):
    assert as_("clerk").post(f"/item-leaders/?plan={cast.plan}&endpoint=1", data=data).status_code in (404, 422)
