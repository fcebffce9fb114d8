from dataclasses import replace

import pytest
from lxml import html

from tests.drafts import NO_YEAR, open_draft
from tracker.ledger import imports
from tracker.ledger.db import transaction
from tracker.reading.plan import Remark


@pytest.fixture
def clerk(as_):
    return as_("clerk")


@pytest.fixture
def draft_id(app, cast):
    return open_draft(app, cast, NO_YEAR)


@pytest.fixture
def draft(app, cast, draft_id):
    """The draft's items as they stand, when it is called."""

    def look(*what: str):
        with app.app_context():
            found = imports.draft_of(cast.county, draft_id)
            return [[getattr(item, name) for name in what] for item in found.items]

    return look


@pytest.fixture
def ids(draft):
    return [row[0] for row in draft("id")]


def at(draft_id: int, act: str, item_id: int | None = None) -> str:
    return f"/imports/{draft_id}/{act}" if item_id is None else f"/imports/{draft_id}/items/{item_id}/{act}"


def undo_number(client, draft_id: int) -> str:
    page = html.fromstring(client.get(f"/imports/{draft_id}").text)
    return page.xpath("//form[@id='undo-form']/input[@name='number']/@value")[0]


def undo(client, draft_id: int):
    return client.post(at(draft_id, "undo"), data={"number": undo_number(client, draft_id)})


def split(client, draft_id: int, item_id: int):
    page = html.fromstring(client.get(f"/imports/{draft_id}?item={item_id}").text)
    form = next(form for form in page.forms if form.get("id") == "split-form")
    place = form.xpath(".//button/@value")[0]
    return client.post(form.get("action"), data={**dict(form.form_values()), "place": place})


@pytest.mark.parametrize(
    "act", ["undo", "redo", "year", "renames", "latest", "split", "merge", "move", "due", "lead-first"]
)
def test_a_strangers_draft_is_not_found(as_, draft_id, ids, draft, act):
    before = draft("task", "deadlines", "position")
    place = at(draft_id, act, ids[1] if act in ("split", "merge", "move", "due", "lead-first") else None)
    stranger = as_("stranger")
    data = {"place": 3, "version": 1, "due": "2025-01-31", "year": 2025, "number": 1}
    answer = stranger.get(place) if act == "latest" else stranger.post(place, data=data)
    assert answer.status_code == 404
    assert draft("task", "deadlines", "position") == before


def test_an_item_is_split_where_the_page_offers_it_and_undone(clerk, draft_id, ids, draft):
    before = draft("task", "read")
    assert split(clerk, draft_id, ids[0]).status_code == 303
    assert [task for (task,) in draft("task")][:2] == ["预公开决策草案,", "8月底前预公开率达95%。"]
    assert undo(clerk, draft_id).status_code == 303
    assert draft("task", "read") == before


def test_a_split_in_a_text_that_changed_is_refused_on_the_page(clerk, draft_id, ids, draft):
    answer = clerk.post(at(draft_id, "split", ids[0]), data={"place": "8", "version": "7"})
    assert answer.status_code == 409
    assert "尚未拆分" in answer.text
    assert len(draft("id")) == 3


@pytest.mark.parametrize("place", ["", "0", "9999", "x"])
def test_a_place_that_the_page_does_not_offer_is_refused(clerk, draft_id, ids, place):
    answer = clerk.post(at(draft_id, "split", ids[0]), data={"place": place, "version": "1"})
    assert answer.status_code == 422


def test_an_item_is_merged_with_the_one_above_and_its_address_still_answers(clerk, draft_id, ids, draft):
    answer = clerk.post(at(draft_id, "merge", ids[1]))
    assert f"item={ids[0]}" in answer.headers["Location"]
    assert len(draft("id")) == 2
    assert "该项已被合并" in clerk.get(f"/imports/{draft_id}?item={ids[1]}").text
    assert clerk.post(at(draft_id, "merge", ids[0])).status_code == 422


def test_an_item_is_moved(clerk, draft_id, ids, draft):
    clerk.post(at(draft_id, "move", ids[0]), data={"down": "1"})
    clerk.post(at(draft_id, "move", ids[2]), data={"up": "1"})
    assert [row[0] for row in draft("id")] == [ids[1], ids[2], ids[0]]


def test_somebody_elses_act_is_named_on_the_button_and_asked_about(app, cast, clerk, draft_id):
    with app.app_context(), transaction():
        found = imports.draft_of(cast.county, draft_id)
        imports.set_dropped(cast.act("leader"), found, found.items[0], dropped=True)
    form = html.fromstring(clerk.get(f"/imports/{draft_id}").text).get_element_by_id("undo-form")
    assert "leader（示例） 略去第 1 项" in form.text_content()
    assert "撤销他人的这一步" in form.get("data-confirm")


def test_an_act_done_since_the_page_came_is_not_undone_in_place_of_the_named_one(
    app, cast, clerk, draft_id, ids, draft
):
    clerk.post(at(draft_id, "check", ids[0]))
    number = undo_number(clerk, draft_id)
    with app.app_context(), transaction():
        found = imports.draft_of(cast.county, draft_id)
        imports.set_dropped(cast.act("leader"), found, found.items[1], dropped=True)
    answer = clerk.post(at(draft_id, "undo"), data={"number": number})
    assert answer.status_code == 409
    assert "leader（示例）修改（略去第 2 项），没有撤销“核对第 1 项”" in answer.text
    assert draft("checked", "dropped")[:2] == [[True, False], [False, True]]


def test_pages_opened_before_an_act_can_ask_for_it(clerk, draft_id, ids):
    assert clerk.get(at(draft_id, "latest")).json == {"number": 0, "who": "", "said": "", "closed": False}
    clerk.post(at(draft_id, "check", ids[0]))
    newest = {"number": 1, "who": "clerk（示例）", "said": "核对第 1 项", "closed": False}
    assert clerk.get(at(draft_id, "latest")).json == newest
    assert 'data-latest="1"' in clerk.get(f"/imports/{draft_id}").text


def test_a_proposed_year_is_adopted_with_one_button(clerk, draft_id):
    page = html.fromstring(clerk.get(f"/imports/{draft_id}").text)
    assert page.xpath("//button[@name='year']/text()") == ["采用 2025"]
    clerk.post(at(draft_id, "year"), data={"year": "2025"})
    assert "年度未定" not in clerk.get(f"/imports/{draft_id}").text
    assert clerk.post(at(draft_id, "year"), data={"year": "1900"}).status_code == 422


def test_an_undetermined_date_is_set_beside_its_doubt(clerk, draft_id, ids, draft):
    clerk.post(at(draft_id, "due", ids[2]), data={"text": "x月xx日前", "due": "2025-01-31"})
    assert draft("deadlines")[2][0][0]["due"] == "2025-01-31"
    late = clerk.post(at(draft_id, "due", ids[2]), data={"text": "x月xx日前", "due": "2025-03-31"})
    assert late.status_code == 409
    assert clerk.post(at(draft_id, "due", ids[2]), data={"text": "x月xx日前", "due": "2025-02-30"}).status_code == 422


def test_a_doubtful_name_has_its_fix_beside_it(app, cast, clerk, draft_id, draft):
    doubt = Remark("odd-name", 3, "“县行政审批居”不像单位名称，请核对。", "县行政审批居", True)
    unit = replace(NO_YEAR.items[0].units[0], name="县行政审批居")
    odd = replace(NO_YEAR, source="另一份", items=(replace(NO_YEAR.items[0], units=(unit,), remarks=(doubt,)),))
    place = f"/imports/{open_draft(app, cast, odd)}"
    doubts = html.fromstring(clerk.get(place).text).get_element_by_id("doubts")
    form = doubts.xpath(".//form[contains(@action, 'renames')]")[0]
    assert "改为“县行政审批局”" in form.text_content()
    assert clerk.post(form.get("action"), data=dict(form.form_values())).status_code == 303
    page = clerk.get(place).text
    assert "✓ 已核对：“县行政审批居”" in page
    assert html.fromstring(page).xpath("//input[@name='units-0-name']/@value") == ["县行政审批局"]


def test_a_name_like_a_registered_one_is_put_right_with_one_button(app, cast, clerk, draft_id, draft):
    assert "各镇 → " in clerk.get(f"/imports/{draft_id}").text
    clerk.post(at(draft_id, "renames"), data={"name": "各镇", "to": "各镇(园区、街道)"})
    assert draft("units")[0][0][1]["name"] == "各镇(园区、街道)"
    assert clerk.post(at(draft_id, "renames"), data={"name": "县大数据局", "to": "无此单位"}).status_code == 422


def test_what_was_undone_is_offered_to_be_done_again(clerk, draft_id, ids, draft):
    clerk.post(at(draft_id, "drop", ids[0]))
    before = draft("dropped")
    assert undo(clerk, draft_id).status_code == 303
    page = html.fromstring(clerk.get(f"/imports/{draft_id}").text)
    form = page.get_element_by_id("redo-form")
    assert clerk.post(form.get("action"), data=dict(form.form_values())).status_code == 303
    assert draft("dropped") == before
    assert "redo-form" not in clerk.get(f"/imports/{draft_id}").text


def test_a_unit_that_was_entered_from_the_draft_is_taken_back(clerk, draft_id):
    clerk.post(at(draft_id, "names"), data={"name": "县大数据局", "means": "unit", "kind": "department"})
    assert "登记“县大数据局”为单位" in clerk.get(f"/imports/{draft_id}").text
    assert (
        "已撤销：登记“县大数据局”为单位"
        in clerk.post(at(draft_id, "undo"), data={"number": undo_number(clerk, draft_id)}, follow_redirects=True).text
    )
