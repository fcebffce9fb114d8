import re

import pytest
from lxml import html

from tests.reporting import queries
from tests.revising import CHANGED, CHECK, PREVIEW, REVISED_ON, SAME, TRAINING, confirm, edition, propose, read_item
from tracker.ledger import imports, revisions
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.revisions import ProposedRevision, Revision


@pytest.fixture
def clerk(as_, move_to):
    move_to(REVISED_ON)
    return as_("clerk")


@pytest.fixture
def draft_id(app, cast):
    """A draft that is said to be a revision."""
    with app.app_context():
        return propose(cast, *CHANGED)


def open_draft(app, cast, *items, year=2025, login="clerk"):
    with app.app_context(), transaction():
        return imports.open_draft(cast.act(login, on=REVISED_ON), edition(*items, year=year), "x").id


def seen(client, draft_id):
    return html.fromstring(client.get(f"/revisions/{draft_id}").text).xpath("string(//input[@name='seen']/@value)")


def words(answer):
    return re.sub(r"\s+", "", html.fromstring(answer.text).text_content())


def item_ids(app, draft_id, cast):
    with app.app_context():
        return [item.id for item in imports.draft_of(cast.county, draft_id).items]


# From the draft's page to the comparison


def test_a_draft_like_a_plan_is_offered_as_its_revision(app, clerk, cast):
    draft_id = open_draft(app, cast, *SAME)
    page = clerk.get(f"/imports/{draft_id}")
    assert "与已入账计划“2025年政务公开工作计划”相近" in page.text
    assert f"/revisions/{draft_id}" in page.text
    assert clerk.get(f"/revisions/{draft_id}").status_code == 200
    answer = clerk.post(f"/revisions/{draft_id}/plan", data={"plan": cast.plan})
    assert answer.headers["Location"] == f"/revisions/{draft_id}"
    assert "逐项一致" in clerk.get(f"/revisions/{draft_id}").text


def test_a_plan_of_another_year_is_refused_with_the_reason(app, clerk, cast):
    draft_id = open_draft(app, cast, *SAME, year=2026)
    answer = clerk.post(f"/revisions/{draft_id}/plan", data={"plan": cast.plan})
    assert answer.status_code == 409
    assert "修订件须与原计划同一年度" in answer.text
    assert "没有可修订的计划" in answer.text


def test_no_choice_is_told(app, clerk, cast):
    answer = clerk.post(f"/revisions/{open_draft(app, cast, *SAME)}/plan")
    assert answer.status_code == 422
    assert "请选择该草稿所修订的计划" in answer.text


def test_the_drafts_page_then_leads_to_the_comparison_instead_of_confirming(clerk, draft_id):
    page = clerk.get(f"/imports/{draft_id}").text
    assert "核对修订" in page
    assert f"/imports/{draft_id}/confirm" not in page
    answer = clerk.post(f"/imports/{draft_id}/confirm")
    assert answer.status_code == 409
    assert "修订对照" in answer.text


def test_a_revision_can_become_a_plan_of_its_own_after_all(app, clerk, draft_id):
    clerk.post(f"/revisions/{draft_id}/withdraw")
    with app.app_context():
        assert db.session.get(ProposedRevision, draft_id) is None
    assert "确认入账" in clerk.get(f"/imports/{draft_id}").text


# The comparison


def test_the_page_shows_what_changed_field_by_field(clerk, draft_id):
    answer = clerk.get(f"/revisions/{draft_id}")
    assert "修改1项，新增1项，删去1项，未变1项。" in words(answer)
    page = html.fromstring(answer.text)
    struck = ["".join(node.text_content().split()) for node in page.xpath("//dl//del")]
    put_in = ["".join(node.text_content().split()) for node in page.xpath("//dl//ins")]
    assert "删去：8" in struck
    assert "改为：10" in put_in
    assert "改为：2025年10月底前（2025年10月31日前）" in put_in


def test_a_pair_is_corrected_by_the_clerk(app, clerk, draft_id, cast):
    training = item_ids(app, draft_id, cast)[2]
    page = html.fromstring(clerk.get(f"/revisions/{draft_id}?pair={training}").text)
    options = [option.text_content() for option in page.xpath("//select[@name='pair']/option")]
    assert len(options) == 4
    assert "现对应草稿第 1 项" in options[1]
    answer = clerk.post(f"/revisions/{draft_id}/pairs", data={"item": training, "pair": cast.items[1]})
    assert answer.headers["Location"] == f"/revisions/{draft_id}#new-{training}"
    assert "修改2项，新增0项，删去0项" in words(clerk.get(f"/revisions/{draft_id}"))


def test_what_is_typed_is_never_markup(app, clerk, cast):
    with app.app_context():
        draft_id = propose(
            cast, PREVIEW, CHECK, read_item("9.", "<b>", "<script>alert(1)</script>", units=[("东镇", True)])
        )
    page = clerk.get(f"/revisions/{draft_id}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_many_items_are_compared_with_as_many_queries_as_few(app, as_, clerk, draft_id, cast):
    many = [read_item(f"{n}.", "新板块", f"第{n}项全新的任务内容{n * n}。", units=[("东镇", True)]) for n in range(40)]
    with app.app_context():
        long = propose(cast, *many)
    counts = []
    for each in (draft_id, long):
        with app.app_context(), queries() as asked:
            clerk.get(f"/revisions/{each}")
        counts.append(len(asked))
    assert counts[1] <= counts[0] <= 31  # with the frame's, which tests make anew at every request


# Confirming


def test_a_confirmed_revision_leads_to_the_ledger(app, clerk, draft_id, cast):
    data = {"seen": seen(clerk, draft_id), "reason": "上级取消"}
    answer = clerk.post(f"/revisions/{draft_id}/confirm", data=data)
    assert answer.headers["Location"] == f"/items/?plan={cast.plan}"
    page = words(clerk.get(f"/items/?plan={cast.plan}"))
    assert "共3项，另有已撤销1项" in page
    assert "培训班" in page
    assert "开放日" not in page
    cancelled = words(clerk.get(f"/items/?plan={cast.plan}&cancelled=1"))
    assert "开放日" in cancelled
    assert "已撤销，2025年7月10日起；理由：上级取消" in cancelled


def test_sent_twice_it_is_one_revision(app, clerk, draft_id):
    data = {"seen": seen(clerk, draft_id), "reason": "上级取消"}
    assert [clerk.post(f"/revisions/{draft_id}/confirm", data=data).status_code for _ in range(2)] == [303, 303]
    with app.app_context():
        assert len(db.session.scalars(db.select(Revision)).all()) == 1


def test_a_missing_reason_is_named_and_what_was_typed_stays(clerk, draft_id, cast):
    data = {"seen": seen(clerk, draft_id), "reason": " "}
    answer = clerk.post(f"/revisions/{draft_id}/confirm", data=data)
    assert answer.status_code == 422
    assert "请填写撤销理由：台账第 2 项" in answer.text
    long = data | {f"reason-{cast.items[1]}": "因机构调整" * 200}
    answer = clerk.post(f"/revisions/{draft_id}/confirm", data=long)
    assert answer.status_code == 422
    assert "因机构调整" in answer.text


def test_a_reason_of_its_own_goes_before_the_common_one(app, clerk, draft_id, cast):
    data = {"seen": seen(clerk, draft_id), "reason": "统一理由", f"reason-{cast.items[1]}": "因机构调整"}
    clerk.post(f"/revisions/{draft_id}/confirm", data=data)
    with app.app_context():
        assert db.session.get_one(Item, cast.items[1]).cancel_reason == "因机构调整"


def test_a_revision_confirmed_meanwhile_is_told_and_the_reason_stays(app, clerk, draft_id, cast):
    before = seen(clerk, draft_id)
    with app.app_context():
        confirm(cast, propose(cast, *SAME, TRAINING))
    answer = clerk.post(f"/revisions/{draft_id}/confirm", data={"seen": before, "reason": "上级取消"})
    assert answer.status_code == 409
    assert "另一次修订" in answer.text
    assert "上级取消" in answer.text


def test_a_pair_changed_meanwhile_is_told(app, clerk, draft_id, cast):
    before = seen(clerk, draft_id)
    clerk.post(f"/revisions/{draft_id}/pairs", data={"item": item_ids(app, draft_id, cast)[2], "pair": cast.items[1]})
    answer = clerk.post(f"/revisions/{draft_id}/confirm", data={"seen": before, "reason": "上级取消"})
    assert answer.status_code == 409
    assert "对应关系刚被修改" in answer.text


def test_a_discarded_draft_confirms_nothing(clerk, draft_id):
    data = {"seen": seen(clerk, draft_id), "reason": "上级取消"}
    clerk.post(f"/imports/{draft_id}/discard")
    answer = clerk.post(f"/revisions/{draft_id}/confirm", data=data)
    assert answer.status_code == 409
    assert "已放弃" in answer.text


# The ledger's pages afterwards


@pytest.fixture
def revised(app, clerk, cast, draft_id):
    with app.app_context():
        confirm(cast, draft_id)


@pytest.mark.usefixtures("revised")
def test_an_items_page_shows_the_first_promise_beside_the_one_that_holds(clerk, cast):
    page = words(clerk.get(f"/items/{cast.items[0]}?plan={cast.plan}"))
    assert "2025年10月底前（2025年10月31日前）" in page
    assert "原定：2025年8月底前（2025年8月31日前）" in page
    assert "第1次修订" in page
    assert "第1次修订修改该任务" in page


@pytest.mark.usefixtures("revised")
def test_an_items_page_of_an_earlier_day_reads_as_it_did(clerk, cast):
    page = words(clerk.get(f"/items/{cast.items[0]}?plan={cast.plan}&as_of=2025-07-09"))
    assert "2025年8月底前建成专栏，预公开率达95%。" in page
    assert "修订情况" not in page
    assert "10月31日" not in page


@pytest.mark.usefixtures("revised")
def test_a_cancelled_items_page_says_so_from_that_day(clerk, cast):
    address = f"/items/{cast.items[1]}?plan={cast.plan}"
    assert "已撤销该任务自2025年7月10日起撤销（第1次修订）。理由：上级取消该项工作" in words(clerk.get(address))
    assert "已撤销" not in words(clerk.get(f"{address}&as_of=2025-07-09")).split("办理记录")[0]


@pytest.mark.usefixtures("revised")
def test_board_and_list_of_an_earlier_day_still_count_what_was_cancelled(as_, clerk, cast):
    board = f"/dashboard?plan={cast.plan}&quarter=2025Q3"
    assert "共3项任务" in words(as_("leader").get(f"{board}&as_of=2025-07-09"))
    assert "共3项任务" in words(as_("leader").get(board)), "one went, one came"
    assert "开放日" in clerk.get(f"/items/?plan={cast.plan}&as_of=2025-07-09").text
    assert "培训班" not in clerk.get(f"/items/?plan={cast.plan}&as_of=2025-07-09").text


@pytest.mark.usefixtures("revised")
def test_a_quarter_that_was_over_does_not_know_the_new_item(clerk, cast):
    assert TRAINING.task[:8] not in clerk.get(f"/items/?plan={cast.plan}&quarter=2025Q1").text


@pytest.mark.usefixtures("revised")
def test_a_unit_is_told_that_a_cancelled_item_takes_no_more_reports(app, as_, cast):
    from tests.reporting import Q3, report_duty

    with app.app_context():
        duty = report_duty(cast, item=1, unit="东镇", quarter=Q3).id
    answer = as_("town").get(f"/reports/{duty}")
    assert answer.status_code == 409
    assert "已撤销" in answer.text


# Looking back


def test_last_years_unfinished_items_are_offered_and_taken_over(app, clerk, cast):
    draft_id = open_draft(app, cast, CHECK, year=2026)
    assert "2025年计划还有 3 项任务未完成" in clerk.get(f"/imports/{draft_id}").text
    page = clerk.get(f"/revisions/{draft_id}/look-back")
    assert "预公开重大行政决策草案" in page.text
    answer = clerk.post(f"/revisions/{draft_id}/look-back", data={"items": [cast.items[0], cast.items[2]]})
    taken = item_ids(app, draft_id, cast)[1]
    assert answer.headers["Location"] == f"/imports/{draft_id}?item={taken}"
    assert "2025年计划还有 1 项任务未完成" in clerk.get(f"/imports/{draft_id}").text
    assert "已转入本草稿" in clerk.get(f"/revisions/{draft_id}/look-back").text


def test_nothing_ticked_is_told(app, clerk, cast):
    draft_id = open_draft(app, cast, CHECK, year=2026)
    answer = clerk.post(f"/revisions/{draft_id}/look-back")
    assert answer.status_code == 422
    assert "请先勾选" in answer.text


# Who may


@pytest.mark.parametrize("login", ["leader", "handler", "inspector", "viewer", "admin"])
def test_only_the_office_revises(as_, draft_id, login):
    other = as_(login)
    for address in (f"/revisions/{draft_id}", f"/revisions/{draft_id}/look-back"):
        assert other.get(address).status_code == 403
    for act in ("plan", "withdraw", "pairs", "confirm", "look-back"):
        assert other.post(f"/revisions/{draft_id}/{act}").status_code == 403


def test_a_stranger_finds_nothing(app, as_, draft_id, cast):
    stranger = as_("stranger")
    assert stranger.get(f"/revisions/{draft_id}").status_code == 404
    assert stranger.get(f"/revisions/{draft_id}/look-back").status_code == 404
    for act, data in (
        ("plan", {"plan": cast.plan}),
        ("withdraw", {}),
        ("pairs", {"item": item_ids(app, draft_id, cast)[0], "pair": 0}),
        ("confirm", {"seen": "0-", "reason": "理由"}),
        ("look-back", {"items": cast.items[0]}),
    ):
        assert stranger.post(f"/revisions/{draft_id}/{act}", data=data).status_code == 404


def test_a_strangers_draft_revises_no_plan_of_ours(app, as_, cast):
    theirs = open_draft(app, cast, *SAME, login="stranger")
    assert as_("stranger").post(f"/revisions/{theirs}/plan", data={"plan": cast.plan}).status_code == 404
    with app.app_context():
        assert revisions.proposal_of(imports.draft_of(cast.neighbour, theirs)) is None
