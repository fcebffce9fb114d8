import io
from datetime import date

import docx
import pytest

from tests.office_words import plain, words
from tracker.ledger import notices
from tracker.ledger.db import transaction
from tracker.rules.notices import NoticeState

LATE = date(2025, 4, 8)
FORM = {"matter": "逾期未填报", "basis": "经核对台账。", "demand": "请抓紧办理。", "reply_due": "2025-04-14"}


@pytest.fixture
def town_notice(app, cast, move_to):
    """The proposal about 东镇."""
    move_to(LATE)
    with app.app_context():
        with transaction():
            notices.propose(cast.county, LATE)
        found = notices.notices_of(cast.county, None, unit_id=cast.units["东镇"])
        return found[0].id


def state(app, cast, notice_id):
    with app.app_context():
        return notices.notice_of(cast.county, notice_id, None).state


def test_the_office_confirms_a_proposal_and_the_unit_answers_it(app, as_, cast, town_notice):
    clerk, town = as_("clerk"), as_("town")
    assert "催办单（建议）" in clerk.get("/notices/").text
    assert "催办单" not in town.get("/notices/").text
    answer = clerk.post(f"/notices/{town_notice}/issue", data=FORM)
    assert answer.status_code == 302
    assert "催办〔2025〕1号" in town.get("/notices/").text
    town.post(f"/notices/{town_notice}/unit", data={"act": "receive", "receiver": "王某"})
    town.post(f"/notices/{town_notice}/unit", data={"act": "reply", "reply": "已补报。"})
    page = clerk.get(f"/notices/{town_notice}").text
    assert "王某" in page
    assert "已补报。" in page
    clerk.post(f"/notices/{town_notice}/office", data={"act": "close", "reason": "同意办结。"})
    assert state(app, cast, town_notice) is NoticeState.CLOSED


def test_nothing_typed_is_lost_where_the_reply_has_no_time(as_, town_notice):
    answer = as_("clerk").post(f"/notices/{town_notice}/issue", data=FORM | {"reply_due": "2025-04-08"})
    assert answer.status_code == 422
    assert "回复期限应晚于今天" in answer.text
    assert "请抓紧办理。" in answer.text


def test_an_empty_reply_is_refused_with_a_sentence(as_, town_notice):
    as_("clerk").post(f"/notices/{town_notice}/issue", data=FORM)
    town = as_("town")
    town.post(f"/notices/{town_notice}/unit", data={"act": "receive"})
    answer = town.post(f"/notices/{town_notice}/unit", data={"act": "reply", "reply": " "})
    assert answer.status_code == 422
    assert "请填写“回复内容”" in answer.text


def test_the_paper_prints_with_number_table_and_receipt(as_, town_notice):
    clerk = as_("clerk")
    clerk.post(f"/notices/{town_notice}/issue", data=FORM)
    answer = clerk.get(f"/notices/{town_notice}.docx")
    document = docx.Document(io.BytesIO(answer.data))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "催办〔2025〕1号" in words
    assert "2025年4月8日" in words
    assert "东镇：" in words
    assert document.tables[1].rows[0].cells[1].text == "催办〔2025〕1号"
    assert clerk.get(f"/notices/{town_notice}.pdf").data.startswith(b"%PDF")


def test_a_notice_is_set_in_the_offices_own_word_file_for_its_kind(as_, town_notice):
    clerk, town = as_("clerk"), as_("town")
    for kind, text in (("urging-notice", "本单位版式"), ("talk-notice", "别的版式")):
        data = {"file": (io.BytesIO(plain(text, "{{ 标题 }}", "{{ 办理情况 }}")), "模板.docx")}
        clerk.post(f"/paper-templates/{kind}/file", data=data, content_type="multipart/form-data")
    clerk.post(f"/notices/{town_notice}/issue", data=FORM)
    town.post(f"/notices/{town_notice}/unit", data={"act": "receive"})
    town.post(f"/notices/{town_notice}/unit", data={"act": "reply", "reply": "已补报。"})
    document = docx.Document(io.BytesIO(town.get(f"/notices/{town_notice}.docx").data))
    assert [paragraph.text for paragraph in document.paragraphs][::2][:2] == ["本单位版式", "已补报。"]
    assert document.tables[0].rows[0].cells[1].text == "催办〔2025〕1号"  # the receipt
    clerk.post("/paper-templates/urging-notice/file/drop")
    assert "本单位版式" not in words(docx.Document(io.BytesIO(clerk.get(f"/notices/{town_notice}.docx").data)))


def test_what_a_unit_has_on_its_ladder_is_one_page(as_, cast, town_notice):
    clerk, town = as_("clerk"), as_("town")
    address = f"/notices/unit/{cast.units['东镇']}"
    assert "逾期事项" in clerk.get(address).text
    assert town.get(address).status_code == 200
    assert town.get(f"/notices/unit/{cast.units['西镇']}").status_code == 404


def test_the_office_draws_up_a_paper_of_its_own(as_, cast, move_to):
    move_to(LATE)
    clerk = as_("clerk")
    address = f"/notices/unit/{cast.units['东镇']}"
    page = clerk.get(address).text
    duty = page.split('name="duty" value="')[1].split('"')[0]
    answer = clerk.post(address, data={"kind": "supervision", "duty": duty})
    assert "督办单（建议）" in clerk.get(answer.headers["Location"]).text
    assert clerk.post(address, data={"kind": "supervision"}).status_code == 422


@pytest.mark.parametrize("login", ["stranger", "handler"])
def test_others_find_no_such_notice(as_, town_notice, login):
    as_("clerk").post(f"/notices/{town_notice}/issue", data=FORM)
    client = as_(login)
    assert client.get(f"/notices/{town_notice}").status_code == 404
    assert client.get(f"/notices/{town_notice}.pdf").status_code == 404
