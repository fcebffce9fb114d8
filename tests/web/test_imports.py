import io
import re
import time
from pathlib import Path

import pytest
from lxml import html
from sqlalchemy import event, func, select
from werkzeug.datastructures import MultiDict

from tests.drafts import NO_YEAR, PARSED, SOURCE, open_draft
from tracker.ledger import imports, units
from tracker.ledger.db import db
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.imports import Draft
from tracker.ledger.tables.plans import Plan

SEED = Path(__file__).parents[2] / "seed_plans" / "000_4ae99744abc3c10c.txt"
NO_PLAN = "各位同事：\n今天下午三点在二楼会议室开会，请准时参加。\n"


@pytest.fixture
def clerk(as_):
    return as_("clerk")


@pytest.fixture
def draft_id(app, cast):
    return open_draft(app, cast)


@pytest.fixture
def draft(app, cast, draft_id):
    """The draft as it stands in the database, looked up when it is called."""

    def look(*what: str):
        with app.app_context():
            found = imports.draft_of(cast.county, draft_id)
            return [[getattr(item, name) for name in what] for item in found.items]

    return look


@pytest.fixture
def ids(draft):
    return [row[0] for row in draft("id")]


def upload(client, content: bytes, name: str):
    return client.post("/imports/", data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def fields(client, address: str, form_id: str = "item-form") -> MultiDict:
    """What a browser would send of a form on that page, its buttons left out."""
    page = html.fromstring(client.get(address).text)
    form = next(form for form in page.forms if form.get("id") == form_id)
    return MultiDict(form.form_values())


def sentences(answer) -> str:
    """The page's text without blanks."""
    return "".join(html.fromstring(answer.text).text_content().split())


# Upload


def test_a_real_plan_becomes_a_draft(app, clerk):
    answer = upload(clerk, SEED.read_bytes(), "工作计划.txt")
    assert answer.status_code == 302
    page = clerk.get(answer.headers["Location"])
    assert "金寨县审批局2025年政务公开工作计划" in page.text
    assert "已核对0/14" in sentences(page)
    with app.app_context():
        stored = db.session.scalar(select(StoredFile))
        assert (stored.name, stored.size) == ("工作计划.txt", SEED.stat().st_size)
    assert clerk.get(answer.headers["Location"] + "/file").data == SEED.read_bytes()


def test_pasted_text_becomes_a_draft(clerk):
    answer = clerk.post("/imports/", data={"text": SEED.read_text("utf-8")})
    assert "已核对0/14" in sentences(clerk.get(answer.headers["Location"]))


TABLE = """<table><tr><td>工作任务</td><td>责任单位</td></tr><tr><td>建设专栏</td><td>东镇</td></tr></table>"""


def test_a_pasted_table_is_read_as_a_table(clerk):
    answer = clerk.post("/imports/", data={"text": "工作任务 责任单位 建设专栏 东镇", "html": TABLE})
    assert html.fromstring(clerk.get(answer.headers["Location"]).text).find_class("item-task")[0].text == "建设专栏"


def test_what_is_no_plan_as_a_table_is_read_as_text(clerk):
    answer = clerk.post("/imports/", data={"text": SEED.read_text("utf-8"), "html": "<table><tr><td>甲</table>"})
    assert "已核对0/14" in sentences(clerk.get(answer.headers["Location"]))


def test_a_year_given_later_dates_what_lacked_only_the_year(app, cast, clerk):
    text = "政务公开工作要点\n一、重点工作\n1.8月底前建成专栏。\n2.公布年度报告。\n"
    place = clerk.post("/imports/", data={"text": text}).headers["Location"]
    data = fields_of(clerk, place, "facts") | {"plan-year": "2025"}
    clerk.post(f"{place}/facts", data=data)
    assert 'value="2025-08-31"' in clerk.get(place).text


def fields_of(client, address: str, within: str) -> dict[str, str]:
    page = html.fromstring(client.get(address).text)
    return dict(page.get_element_by_id(within).xpath(".//form")[0].form_values())


def test_a_text_that_is_no_plan_gets_its_sentence_and_stays(clerk, app):
    answer = clerk.post("/imports/", data={"text": NO_PLAN})
    assert answer.status_code == 422
    assert "没有读到工作任务" in answer.text
    assert "二楼会议室" in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count(Draft.id))) == 0


def test_a_file_that_is_no_plan_is_not_kept(clerk, app):
    answer = upload(clerk, NO_PLAN.encode(), "通知.txt")
    assert answer.status_code == 422
    assert "没有读到工作任务" in answer.text
    assert not list(Path(app.config["SETTINGS"].data).glob("files/*/*"))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "请选择计划文件，或粘贴计划正文"),
        ({"file": (io.BytesIO(b""), "空.txt")}, "空的"),
        ({"file": (io.BytesIO("一、甲".encode()), "甲.txt"), "text": "一、乙"}, "只选一种"),
    ],
)
def test_what_was_not_handed_in_is_said(clerk, data, sentence):
    answer = clerk.post("/imports/", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_same_upload_twice_is_one_draft(clerk):
    places = [upload(clerk, SEED.read_bytes(), "计划.txt").headers["Location"] for _ in range(2)]
    assert places[0] == places[1]


def test_secrets_are_warned_of(clerk):
    assert "不得上传涉及国家秘密、工作秘密的文件" in clerk.get("/imports/").text


# Who may


def test_a_handler_is_refused(as_, draft_id):
    handler = as_("handler")
    assert handler.get("/imports/").status_code == 403
    assert handler.get(f"/imports/{draft_id}").status_code == 403


@pytest.mark.parametrize(
    "act", ["", "/file", "/facts", "/items", "/assign", "/units", "/names", "/confirm", "/discard"]
)
def test_a_strangers_draft_is_not_found(as_, draft_id, act):
    stranger = as_("stranger")
    answer = stranger.get(f"/imports/{draft_id}{act}") if act in ("", "/file") else None
    answer = answer or stranger.post(f"/imports/{draft_id}{act}", data={"title": "甲", "new-task": "甲"})
    assert answer.status_code == 404


def test_a_strangers_item_is_not_found(as_, draft_id, ids, draft):
    stranger = as_("stranger")
    for act in ("", "/check", "/drop"):
        assert stranger.post(f"/imports/{draft_id}/items/{ids[0]}{act}", data={"task": "甲"}).status_code == 404
    assert draft("task", "checked", "dropped")[0] == ["预公开决策草案,8月底前预公开率达95%。", False, False]


# The page


def test_the_document_stands_beside_the_items_with_its_evidence(clerk, draft_id, ids):
    page = html.fromstring(clerk.get(f"/imports/{draft_id}").text)
    shown = ["".join(each.itertext()).split("存疑：")[0] for each in page.find_class("line-text")]
    assert [text.strip() for text in shown[1:]] == SOURCE.strip().split("\n")[1:]
    marked = {
        name: [each.text for each in page.find_class(f"mark-{name}")][1:] for name in ("unit", "target", "deadline")
    }
    assert marked == {  # the first of each is the legend
        "unit": ["县司法局", "各镇", "县大数据局"],
        "target": ["预公开率达95%"],
        "deadline": ["8月底前", "x月xx日前"],
    }
    assert page.get_element_by_id(f"source-{ids[1]}") is not None
    assert "已略去1行" in "".join(page.find_class("fold")[0].text_content().split())


def test_doubts_come_first_and_lead_to_their_place(clerk, draft_id, ids):
    page = html.fromstring(clerk.get(f"/imports/{draft_id}").text)
    doubts = page.get_element_by_id("doubts")
    assert "第 3 项：完成时限没有写明日期" in doubts.text_content()
    links = [link for _, _, link, _ in doubts.iterlinks()]
    assert "#line-5" in links
    assert f"?item={ids[2]}#item-{ids[2]}" in links


def test_nothing_in_a_document_runs(clerk, draft_id, ids):
    text = clerk.get(f"/imports/{draft_id}?item={ids[1]}").text
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)") >= 3  # in the document, in the list, in the field


def test_every_item_opens_without_a_script(clerk, draft_id, ids):
    for item_id in ids:
        assert fields(clerk, f"/imports/{draft_id}?item={item_id}")["task"]
    assert clerk.get(f"/imports/{draft_id}?item=999").status_code == 404


def test_every_field_of_the_page_is_labelled_and_every_id_is_unique(clerk, draft_id):
    page = html.fromstring(clerk.get(f"/imports/{draft_id}?name=各镇").text)
    for field in page.xpath("//input[not(@type='hidden')]|//select|//textarea"):
        assert (
            field.get("aria-label")
            or field.xpath("ancestor::label")
            or page.xpath("//label[@for=$id]", id=field.get("id"))
        )
    every = page.xpath("//@id")
    assert sorted(every) == sorted(set(every))


def test_the_page_runs_nothing_of_its_own(clerk, draft_id):
    page = html.fromstring(clerk.get(f"/imports/{draft_id}").text)
    assert not page.xpath("//script[not(@src)]|//@style|//@onclick|//style")


def test_forty_items_are_drawn_at_once_and_with_as_many_queries_as_three(app, cast, clerk, draft_id):
    from dataclasses import replace

    long = open_draft(app, cast, replace(PARSED, source=SOURCE + "又", items=PARSED.items * 14))
    counts = {}
    for each in (draft_id, long):
        clerk.get(f"/imports/{each}")
        began = time.perf_counter()
        counts[each] = _queries(app, lambda each=each: clerk.get(f"/imports/{each}"))
        took = time.perf_counter() - began
    assert counts[draft_id] == counts[long] <= 20  # with the frame's, which tests make anew at every request
    assert took < 1  # a tenth of that on an idle machine; this guards against growth by the square


def _queries(app, act) -> int:
    seen: list[str] = []
    with app.app_context():
        engine = db.engine
    note = lambda *args: seen.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert act().status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


# Correcting


def edit(client, draft_id: int, item_id: int, **changes: str):
    data = fields(client, f"/imports/{draft_id}?item={item_id}")
    data.update(changes)
    for name, value in changes.items():
        data.setlist(name, [value])
    return client.post(f"/imports/{draft_id}/items/{item_id}", data=data)


def test_an_accepted_item_is_checked_and_the_next_one_opens(clerk, draft_id, ids, draft):
    answer = edit(clerk, draft_id, ids[0], accept="1")
    assert answer.headers["Location"].endswith(f"/imports/{draft_id}?item={ids[1]}#item-{ids[1]}")
    assert [row[0] for row in draft("checked")] == [True, False, False]


def test_a_correction_keeps_the_evidence_of_what_the_document_says(clerk, draft_id, ids, draft):
    before = draft("units", "targets", "deadlines")[0]
    answer = edit(clerk, draft_id, ids[0], task="预公开全部草案。")
    assert answer.status_code == 303
    assert draft("task")[0] == ["预公开全部草案。"]
    assert draft("units", "targets", "deadlines")[0] == before


def test_what_the_office_adds_is_marked_apart(clerk, draft_id, ids):
    edit(clerk, draft_id, ids[0], **{"units-2-name": "县财政局"})
    page = clerk.get(f"/imports/{draft_id}?item={ids[0]}").text
    assert page.count("文件载明</a>") == 4
    assert page.count("办公室补充</span>") == 1


def test_a_date_is_given_to_an_undetermined_deadline(clerk, draft_id, ids, draft):
    edit(clerk, draft_id, ids[2], **{"deadlines-0-kind": "date", "deadlines-0-due": "2025-01-31"})
    entry = draft("deadlines")[2][0][0]
    assert (entry["text"], entry["due"], entry["origin"]) == ("x月xx日前", "2025-01-31", "office")


def test_a_wrong_field_is_named_and_nothing_typed_is_lost(clerk, draft_id, ids, draft):
    answer = edit(clerk, draft_id, ids[0], goal="新的目标", **{"targets-0-value": "很多"})
    assert answer.status_code == 422
    assert "请填写数字" in answer.text
    assert "新的目标" in answer.text
    assert 'value="很多"' in answer.text
    assert draft("goal")[0] == [""]


def test_a_stale_edit_shows_both_texts_and_a_second_save_decides(as_, draft_id, ids, draft):
    mine, theirs = as_("clerk"), as_("clerk")
    data = fields(mine, f"/imports/{draft_id}?item={ids[0]}")
    edit(theirs, draft_id, ids[0], goal="他人的目标")
    data.setlist("goal", ["我的目标"])
    answer = mine.post(f"/imports/{draft_id}/items/{ids[0]}", data=data)
    assert answer.status_code == 409
    assert "他人的目标" in answer.text
    assert "我的目标" in answer.text
    assert draft("goal")[0] == ["他人的目标"]
    again = next(form for form in html.fromstring(answer.text).forms if form.get("id") == "item-form")
    assert mine.post(f"/imports/{draft_id}/items/{ids[0]}", data=MultiDict(again.form_values())).status_code == 303
    assert draft("goal")[0] == ["我的目标"]


def test_an_item_is_dropped_and_restored(clerk, draft_id, ids, draft):
    clerk.post(f"/imports/{draft_id}/items/{ids[1]}/drop")
    assert draft("dropped")[1] == [True]
    assert "已略去1项" in sentences(clerk.get(f"/imports/{draft_id}"))
    clerk.post(f"/imports/{draft_id}/items/{ids[1]}/drop", data={"undo": "1"})
    assert draft("dropped")[1] == [False]


def test_a_check_is_taken_back(clerk, draft_id, ids, draft):
    clerk.post(f"/imports/{draft_id}/items/{ids[0]}/check")
    assert draft("checked")[0] == [True]
    clerk.post(f"/imports/{draft_id}/items/{ids[0]}/check", data={"undo": "1"})
    assert draft("checked")[0] == [False]


def test_an_item_that_the_document_lacks_is_added(clerk, draft_id, draft):
    clerk.post(f"/imports/{draft_id}/items", data={"new-task": "开展培训。", "new-units-0-name": "县司法局"})
    added = draft("task", "units", "read")[3]
    assert (added[0], added[1][0]["name"], added[2]) == ("开展培训。", "县司法局", None)
    answer = clerk.post(f"/imports/{draft_id}/items", data={"new-task": " ", "new-goal": "没有任务的目标"})
    assert answer.status_code == 422
    assert "没有任务的目标" in answer.text


def test_going_to_another_item_saves_what_was_typed(clerk, draft_id, ids, draft):
    answer = edit(clerk, draft_id, ids[0], goal="半途", leave_for=str(ids[2]))
    assert f"item={ids[2]}" in answer.headers["Location"]
    assert draft("goal", "checked")[0] == ["半途", False]


def test_a_draft_survives_the_browser(as_, draft_id, ids):
    edit(as_("clerk"), draft_id, ids[0], goal="昨天写的目标", accept="1")
    tomorrow = as_("clerk")
    assert "昨天写的目标" in tomorrow.get(f"/imports/{draft_id}?item={ids[0]}").text
    assert "已核对1/3" in sentences(tomorrow.get("/imports/"))


def test_the_plans_facts_are_corrected(app, cast, clerk):
    draft_id = open_draft(app, cast, NO_YEAR)
    page = clerk.get(f"/imports/{draft_id}")
    assert "没有读到计划年份" in page.text
    data = {"plan-version": "1", "plan-title": "工作要点", "plan-issuer": "", "plan-year": "2025"}
    assert clerk.post(f"/imports/{draft_id}/facts", data=data).status_code == 303
    page = clerk.get(f"/imports/{draft_id}")
    assert "没有读到计划年份" not in page.text
    assert "2025年" in page.text
    wrong = clerk.post(f"/imports/{draft_id}/facts", data={**data, "plan-year": "25"})
    assert wrong.status_code == 422
    assert "2000 至 2099" in wrong.text


def test_stale_facts_show_both_texts(clerk, draft_id):
    data = {"plan-version": "1", "plan-title": "他人的名称", "plan-issuer": "", "plan-year": "2025"}
    clerk.post(f"/imports/{draft_id}/facts", data=data)
    answer = clerk.post(f"/imports/{draft_id}/facts", data={**data, "plan-title": "我的名称"})
    assert answer.status_code == 409
    assert "他人的名称" in answer.text
    assert "我的名称" in answer.text


# Many at once


def test_ticked_items_get_their_units_in_one_act(clerk, draft_id, ids, draft):
    data = MultiDict([("scope", "ticked"), ("items", ids[0]), ("items", ids[1]), ("units", "县行政审批局")])
    data.update({"others": "县财政局、各镇(园区、街道)", "role": "support"})
    clerk.post(f"/imports/{draft_id}/assign", data=data)
    assert [(unit["name"], unit["lead"]) for unit in draft("units")[1][0]] == [
        ("县行政审批局", False),
        ("县财政局", False),
        ("各镇(园区、街道)", False),
    ]
    assert len(draft("units")[2][0]) == 1


@pytest.mark.parametrize(("scope", "changed"), [("unled", [2, 1, 1]), ("all", [3, 1, 2])])
def test_items_are_assigned_without_ticking_each(clerk, draft_id, draft, scope, changed):
    clerk.post(f"/imports/{draft_id}/assign", data={"scope": scope, "units": "县行政审批局", "role": "lead"})
    assert [len(row[0]) for row in draft("units")] == changed


def test_assigning_nothing_keeps_what_was_chosen(clerk, draft_id):
    answer = clerk.post(f"/imports/{draft_id}/assign", data={"scope": "ticked", "others": "县财政局", "role": "lead"})
    assert answer.status_code == 422
    assert "请先勾选" in answer.text
    assert 'value="县财政局"' in answer.text


# Names


def register(app, cast):
    return units.register_of(cast.county)


def test_unknown_names_are_offered_as_new_units_at_once(app, cast, clerk, draft_id):
    page = html.fromstring(clerk.get(f"/imports/{draft_id}").text)
    form = next(form for form in page.forms if form.get("class") == "new-units")
    clerk.post(f"/imports/{draft_id}/units", data=MultiDict(form.form_values()))
    with app.app_context():
        known = register(app, cast)
        assert "县大数据局" in known
        assert "各镇" not in known  # looks like a group: it waits for its members


def test_an_unknown_name_becomes_a_group_with_its_members(app, cast, clerk, draft_id):
    page = html.fromstring(clerk.get(f"/imports/{draft_id}?name=各镇").text)
    form = next(form for form in page.forms if form.get("id") == "name-form")
    data = MultiDict(form.form_values())
    assert data["means"] == "group"
    assert data.getlist("members") == [str(cast.units["东镇"]), str(cast.units["西镇"])]  # as the name suggests
    clerk.post(f"/imports/{draft_id}/names", data=data)
    with app.app_context():
        group = register(app, cast).groups["各镇"]
        assert [unit.name for unit in units.roster(group, cast.act().today)] == ["东镇", "西镇"]


def test_an_unknown_name_becomes_another_name_of_a_unit(app, cast, clerk, draft_id):
    data = {"name": "县大数据局", "means": "alias", "kind": "department", "unit": str(cast.units["县行政审批局"])}
    clerk.post(f"/imports/{draft_id}/names", data=data)
    with app.app_context():
        assert register(app, cast).find("县大数据局").id == cast.units["县行政审批局"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"means": "group"}, "至少一个"),
        ({"means": "alias", "unit": "0"}, "请选择这个名称所指的单位"),
        ({"means": "unit", "name": "县司法局"}, "已登记"),
    ],
)
def test_a_name_that_cannot_be_entered_says_why(clerk, draft_id, data, sentence):
    answer = clerk.post(f"/imports/{draft_id}/names", data={"name": "各科室", "kind": "section", **data})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_another_organisations_unit_is_no_member(cast, clerk, draft_id):
    data = {"name": "各科室", "means": "group", "kind": "section", "members": str(cast.units["邻县司法局"])}
    assert clerk.post(f"/imports/{draft_id}/names", data=data).status_code == 404


# Closing


def ready(client, cast, draft_id: int) -> None:
    """Give the draft all that its document lacks."""
    client.post(f"/imports/{draft_id}/names", data={"name": "县大数据局", "means": "unit", "kind": "department"})
    town = str(cast.units["东镇"])
    client.post(f"/imports/{draft_id}/names", data={"name": "各镇", "means": "group", "kind": "town", "members": town})
    client.post(f"/imports/{draft_id}/assign", data={"scope": "unled", "units": "县司法局", "role": "lead"})


def test_what_is_missing_is_listed_and_bars_the_way(app, clerk, draft_id):
    page = html.fromstring(clerk.get(f"/imports/{draft_id}").text)
    assert len(page.get_element_by_id("missing-list")) == 2
    button = page.xpath("//button[text()='确认入账']")[0]
    assert "disabled" in button.attrib
    answer = clerk.post(f"/imports/{draft_id}/confirm")
    assert answer.status_code == 409
    assert "尚不能入账" in answer.text


def test_confirming_enters_the_plan_with_its_duties(app, cast, clerk, draft_id):
    ready(clerk, cast, draft_id)
    assert "missing-list" not in clerk.get(f"/imports/{draft_id}").text
    answer = clerk.post(f"/imports/{draft_id}/confirm")
    plan_id = int(re.fullmatch(r"/items/\?plan=(\d+)", answer.headers["Location"])[1])
    with app.app_context():
        plan = db.session.get_one(Plan, plan_id)
        assert (plan.title, len(plan.items)) == (PARSED.title, 3)
        assert db.session.scalar(select(func.count(Duty.id)).where(Duty.plan_id == plan_id)) > 0
    again = clerk.post(f"/imports/{draft_id}/confirm")
    assert again.headers["Location"] == answer.headers["Location"]
    assert clerk.get(f"/imports/{draft_id}").headers["Location"].endswith(f"/items/?plan={plan_id}")


def test_a_discarded_draft_can_be_taken_back(clerk, draft_id):
    answer = clerk.post(f"/imports/{draft_id}/discard", follow_redirects=True)
    assert "已放弃的草稿（1）" in answer.text
    assert clerk.get(f"/imports/{draft_id}").status_code == 302
    assert clerk.post(f"/imports/{draft_id}/reopen", follow_redirects=True).status_code == 200
    assert "没有待核对的草稿" not in clerk.get("/imports/").text


def test_a_doubt_outside_the_items_is_settled(app, cast, clerk):
    draft_id = open_draft(app, cast, NO_YEAR)
    clerk.post(f"/imports/{draft_id}/remarks/1")
    assert "没有读到计划年份" not in sentences(clerk.get(f"/imports/{draft_id}"))


def test_the_same_plan_imported_again_is_noticed(app, cast, clerk, draft_id):
    ready(clerk, cast, draft_id)
    clerk.post(f"/imports/{draft_id}/confirm")
    again = open_draft(app, cast)
    assert "台账中已有同名计划" in clerk.get(f"/imports/{again}").text
