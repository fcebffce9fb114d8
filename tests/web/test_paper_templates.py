"""文书模板: the page on which an office writes its texts and hands in its Word files."""

import io

import docx
import pytest

from tests.office_words import heads
from tracker.ledger import paper_templates
from tracker.printing import office_example
from tracker.rules import office_templates
from tracker.rules.office_templates import TemplateKind
from tracker.rules.paper_defaults import PaperText

PAGE = "/paper-templates/circular"


def word(*paragraphs):
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def hand_in(client, content, name="通报.docx", kind="circular"):
    data = {"file": (io.BytesIO(content), name)}
    return client.post(f"/paper-templates/{kind}/file", data=data, content_type="multipart/form-data")


def test_the_page_shows_the_text_beside_what_the_quarters_figures_make_of_it(as_):
    page = as_("clerk").get(f"{PAGE}?quarter=2025Q1").text
    assert "{任务总数}" in page
    assert "纳入台账的任务共3项" in page
    assert "2025年第一季度" in page


def test_a_preview_keeps_nothing(as_, app, cast):
    page = as_("clerk").post(PAGE, data={"text": "共{任务总数}项，成效显著。", "do": "preview"}).text
    assert "共3项，成效显著。" in page
    assert "第1行的“显著”是评价用语" in page
    with app.app_context():
        assert paper_templates.own_texts(cast.county) == {}


def test_a_faulty_text_is_shown_again_with_what_is_wrong(as_):
    answer = as_("clerk").post(PAGE, data={"text": "写了很多字{逾期项}", "version": 0, "do": "save"})
    assert answer.status_code == 422
    assert "写了很多字{逾期项}" in answer.text
    assert "第1行第6字：没有“逾期项”这个字段，是不是“逾期项次”" in answer.text


def test_a_text_is_saved_shown_and_put_back(as_, app, cast):
    clerk = as_("clerk")
    assert clerk.post(PAGE, data={"text": "共{任务总数}项。", "version": 0, "do": "save"}).status_code == 302
    page = clerk.get(PAGE).text
    assert "本单位自定文字" in page
    assert "修改情况通报的文字" in page
    assert clerk.post(PAGE, data={"text": "", "version": 1, "do": "restore"}).status_code == 302
    with app.app_context():
        assert paper_templates.own_texts(cast.county) == {}


def test_a_text_changed_by_somebody_else_is_shown_beside_ones_own(as_):
    clerk = as_("clerk")
    clerk.post(PAGE, data={"text": "他人的文字", "version": 0, "do": "save"})
    answer = clerk.post(PAGE, data={"text": "我的文字", "version": 0, "do": "save"})
    assert answer.status_code == 409
    assert "他人的文字" in answer.text
    assert "我的文字" in answer.text


@pytest.mark.parametrize("kind", ["rectification-notice", "urging-notice", "ledger", "nothing"])
def test_only_papers_that_write_themselves_have_a_text(as_, kind):
    assert as_("clerk").post(f"/paper-templates/{kind}", data={"text": "甲", "do": "save"}).status_code == 404


def test_a_word_file_with_unknown_placeholders_is_not_taken_and_each_is_named(as_, app, cast):
    answer = hand_in(as_("clerk"), word("{{ 标题 }}", "{{ 逾期数量 }}", "{{ 不明 }}"))
    assert answer.status_code == 422
    assert "正文第2段：没有“逾期数量”这个字段，是不是“逾期数”" in answer.text
    assert "正文第3段：没有“不明”这个字段" in answer.text
    with app.app_context():
        assert paper_templates.own_files(cast.county) == {}


@pytest.mark.parametrize(("content", "says"), [(b"", "空"), (b"%PDF-1.7", "这不是 Word 文档")])
def test_what_is_no_word_file_is_refused_in_a_sentence(as_, content, says):
    answer = hand_in(as_("clerk"), content)
    assert answer.status_code == 422
    assert says in answer.text


def test_a_word_file_that_is_too_large_is_refused(as_, monkeypatch):
    monkeypatch.setattr(office_templates, "MOST_BYTES", 100_000)
    answer = hand_in(as_("clerk"), b"x" * 100_001)
    assert answer.status_code == 422
    assert "模板不能超过" in answer.text


@pytest.mark.parametrize("kind", list(TemplateKind))
def test_a_right_word_file_is_taken_seen_filled_handed_out_and_dropped(as_, kind):
    clerk = as_("clerk")
    content = clerk.get(f"/paper-templates/{kind}/example.docx").data
    assert content == office_example.example(TemplateKind(kind))
    assert hand_in(clerk, content, kind=kind).status_code == 302
    assert clerk.get(f"/paper-templates/{kind}/file").data == content
    sample = docx.Document(io.BytesIO(clerk.get(f"/paper-templates/{kind}/sample.docx").data))
    assert "{" not in "".join(paragraph.text for paragraph in sample.paragraphs)
    assert any("示例县领导小组办公室" in paragraph.text for paragraph in sample.paragraphs)
    assert clerk.post(f"/paper-templates/{kind}/file/drop").status_code == 302
    assert clerk.get(f"/paper-templates/{kind}/file").status_code == 404


def test_a_sample_of_a_notice_bears_the_mark_for_its_words_are_made_up(as_):
    clerk = as_("clerk")
    hand_in(clerk, word("{{ 标题 }}", "{{ 收文单位 }}", "{{ 事项 }}"), kind="talk-notice")
    sample = docx.Document(io.BytesIO(clerk.get("/paper-templates/talk-notice/sample.docx").data))
    assert [paragraph.text for paragraph in sample.paragraphs][1:3] == ["示例单位", "示例任务一、示例任务二"]
    assert heads(sample) == ["示例数据"] * 3


def test_the_page_lists_every_kind_and_what_each_may_name(as_):
    page = as_("clerk").get("/paper-templates/supervision-notice").text
    for said in ("催办单", "逾期任务通报", "约谈通知", "督办单的 Word 模板", "办理情况", "{{ 回执 }}", "逾期天数"):
        assert said in page
    assert "清单见附件" not in page
    assert "{{ 附件 }}" in as_("clerk").get(PAGE).text


def test_what_was_done_to_a_file_is_told_by_the_papers_name(as_):
    clerk = as_("clerk")
    hand_in(clerk, word("{{ 标题 }}"), kind="overdue-circular")
    assert "启用逾期任务通报的 Word 模板“通报.docx”" in clerk.get("/paper-templates/overdue-circular").text


def test_another_office_sees_nothing_of_it(as_):
    hand_in(as_("clerk"), word("{{ 标题 }}"))
    assert as_("stranger").get("/paper-templates/circular/file").status_code == 404
    assert PaperText.CIRCULAR.default.split("\n")[1] in as_("stranger").get(PAGE).text
