"""Every paper of a quarter's set, made from its snapshot and opened again."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import docx
import pdfplumber
import pytest
from python_calamine import CalamineWorkbook

from tests.sealed import APPROVAL, EAST, JUSTICE, SNAPSHOT
from tracker.printing import layout, office_example
from tracker.printing.papers import PAPERS, Asked
from tracker.reading.guarded import template_faults
from tracker.rules import office_templates
from tracker.rules.office_templates import TemplateKind
from tracker.rules.paper_fields import values
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.paper_texts import figures_in
from tracker.rules.refusals import Invalid, NotFound
from tracker.rules.snapshots import Correction, OfficeText

ALL = [(kind, ending) for kind, paper in PAPERS.items() for ending in paper.make]
TABLES = (PaperKind.BREAKDOWN, PaperKind.LEDGER, PaperKind.REPORT_FORM, PaperKind.REGISTER, PaperKind.SUMMARY)


def made(kind, ending, fonts, snapshot=SNAPSHOT, **asked):
    return PAPERS[kind].make[ending](Asked(snapshot, fonts, **asked))


def read(content):
    """The text of a PDF without line breaks and blanks."""
    with pdfplumber.open(io.BytesIO(content)) as paper:
        return "".join(c["text"] for page in paper.pages for c in page.chars if c["text"].strip())


def words(content):
    return "".join(part.text or "" for part in docx.Document(io.BytesIO(content)).element.body.iter())


def cells(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_every_kind_of_the_set_can_be_made_as_pdf_and_docx_and_tables_as_workbooks_too():
    assert set(PAPERS) == set(PaperKind)
    for kind, paper in PAPERS.items():
        assert tuple(paper.endings) == (("pdf", "docx", "xlsx") if kind in TABLES else ("pdf", "docx")), kind


@pytest.mark.parametrize(("kind", "ending"), ALL)
def test_the_same_snapshot_is_the_same_bytes(kind, ending, fonts):
    first = made(kind, ending, fonts)
    assert first == made(kind, ending, fonts)
    if ending != "pdf":  # a zip tells the minute it was packed, unless it is told otherwise
        times = {info.date_time for info in zipfile.ZipFile(io.BytesIO(first)).infolist()}
        assert times <= {(2025, 3, 31, 0, 0, 0), (2025, 3, 26, 0, 0, 0), (1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("kind", TABLES)
def test_a_quarter_without_anything_is_still_a_paper(kind, fonts):
    empty = replace(SNAPSHOT, items=(), shares=(), findings=(), filings=())
    if kind is PaperKind.REPORT_FORM:
        with pytest.raises(NotFound):
            made(kind, "docx", fonts, empty)
    else:
        assert made(kind, "docx", fonts, empty).startswith(b"PK")
        assert re.search("没有|合计", read(made(kind, "pdf", fonts, empty)))


def test_the_breakdown_says_who_owes_what_by_when(fonts):
    text = read(made(PaperKind.BREAKDOWN, "pdf", fonts))
    assert "序号工作任务工作目标牵头单位配合单位责任领导责任人完成时限" in text
    assert "张喆李镕" in text
    rows = cells(made(PaperKind.BREAKDOWN, "xlsx", fonts))
    assert rows[4][:4] == [
        1,
        "预公开重大行政决策草案，广泛听取意见。",
        "2025年8月底前建成专栏，预公开率达95%。",
        "县司法局",
    ]


def test_the_ledger_tells_progress_class_and_light_by_sign_and_word(fonts):
    rows = cells(made(PaperKind.LEDGER, "xlsx", fonts))
    assert [row[3] for row in rows if row[0] in (1, 2)] == ["县司法局\n责任领导：张喆", "县行政审批局"]
    late = next(row for row in rows if row[0] == 2)
    assert late[6:10] == ["方案已拟定。", "场地没有落实。", "4月20日前举办。", "欠进度"]
    assert late[10] == "● 红\n逾期11天"
    assert late[11] == "配合1个单位，1个已填报"


def test_a_units_form_holds_its_items_alone_and_is_signed(fonts):
    text = read(made(PaperKind.REPORT_FORM, "pdf", fonts, subject=APPROVAL))
    assert "填报单位：县行政审批局" in text
    assert "政府开放日" in text
    assert "预公开重大行政决策" not in text
    assert text.index("单位负责人（签字）") > text.index("政府开放日")


def test_forms_of_all_units_begin_pages_of_their_own(fonts):
    with pdfplumber.open(io.BytesIO(made(PaperKind.REPORT_FORM, "pdf", fonts))) as paper:
        assert len(paper.pages) == 4
    with pytest.raises(NotFound):
        made(PaperKind.REPORT_FORM, "pdf", fonts, subject=999)


def test_the_summary_counts_each_unit_and_all_of_them(fonts):
    rows = cells(made(PaperKind.SUMMARY, "xlsx", fonts))
    assert [row[:6] for row in rows if row[1] == "东镇"] == [[3, "东镇", 2, 1, 1, 0]]
    assert next(row for row in rows if row[1] == "合计")[2:6] == [6, 5, 1, 1]


def test_the_register_lists_what_is_to_be_mended(fonts):
    text = words(made(PaperKind.REGISTER, "docx", fonts))
    assert "整改〔2025〕1号" in text
    assert "2025年4月10日" in text


def test_a_notice_of_rectification_is_set_for_its_finding(fonts):
    text = read(made(PaperKind.RECTIFICATION_NOTICE, "pdf", fonts, subject=1))
    assert "活动没有按期举办" in text
    with pytest.raises(NotFound):
        made(PaperKind.RECTIFICATION_NOTICE, "pdf", fonts, subject=9)


# Letters whose text writes itself


LETTERS = (PaperKind.CIRCULAR, PaperKind.LEADERS_REPORT)


@pytest.mark.parametrize("kind", LETTERS)
def test_a_letter_has_title_number_addressee_levels_annexes_issuer_and_day(kind, fonts):
    content = made(kind, "docx", fonts, number="通报〔2025〕3号", dated=date(2025, 4, 5))
    document = docx.Document(io.BytesIO(content))
    by_style = {}
    for paragraph in document.paragraphs:
        by_style.setdefault(paragraph.style.name, []).append(paragraph.text)
    assert by_style["公文标题"][0] == "示例县政务公开领导小组办公室"
    assert {"一、总体情况", "二、主要问题"} <= set(by_style["公文一级标题"])
    assert "（一）任务逾期" in by_style["公文二级标题"]
    body = by_style["公文正文"]
    assert "通报〔2025〕3号" in body
    assert "2025年4月5日" in body  # no leading zeros
    assert body.index("附件：1.各单位任务进展情况表") < body.index("2025年4月5日")
    assert len(document.tables) == 5


@pytest.mark.parametrize("kind", LETTERS)
def test_every_figure_of_the_running_text_is_a_field_of_the_snapshot(kind, fonts):
    document = docx.Document(io.BytesIO(made(kind, "docx", fonts)))
    running = [
        p.text for p in document.paragraphs if p.style.name == "公文正文" and not re.match(r"(附件：)?\d\.", p.text)
    ]
    assert set(re.findall(r"\d+", "".join(running))) <= figures_in(values(SNAPSHOT))


@pytest.mark.parametrize(
    ("text", "family", "size"),
    [
        ("落实情况的通报", "FandolSong", 22),
        ("一、总体情况", "FandolHei", 16),
        ("（一）任务逾期", "FandolKai", 16),
        ("各有关单位：", "FandolFang", 16),
    ],
)
def test_a_circular_is_set_in_the_faces_and_sizes_of_the_standard(text, family, size, fonts):
    with pdfplumber.open(io.BytesIO(made(PaperKind.CIRCULAR, "pdf", fonts))) as paper:
        first = next(
            page.search(text, regex=False)[0]["chars"][0] for page in paper.pages if text in page.extract_text()
        )
        body = [c for c in paper.pages[0].chars if round(c["size"]) == 16 and c["text"].isalpha()]  # a stop may hang
    assert (first["fontname"].partition("+")[2].partition("-")[0], first["size"]) == (family, pytest.approx(size))
    assert min(c["x0"] for c in body) >= (layout.LEFT - 1) * 72 / 25.4
    assert max(c["x1"] for c in body) <= (210 - layout.RIGHT + 1) * 72 / 25.4


def test_the_offices_own_text_is_what_was_sealed(fonts):
    own = replace(SNAPSHOT, texts=(OfficeText("circular", "本季度共{任务总数}项任务。"),))
    assert "本季度共3项任务。" in words(made(PaperKind.CIRCULAR, "docx", fonts, own))
    broken = replace(SNAPSHOT, texts=(OfficeText("circular", "{没有的字段}"),))
    with pytest.raises(Invalid, match="没有“没有的字段”"):
        made(PaperKind.CIRCULAR, "docx", fonts, broken)


def test_a_corrected_quarter_says_so_on_its_papers(fonts):
    corrected = replace(SNAPSHOT, version=2, correction=Correction("东镇补报", 1, date(2025, 5, 6)))
    assert "更正原因：东镇补报" in words(made(PaperKind.CIRCULAR, "docx", fonts, corrected))
    assert "更正版（第2版）" in words(made(PaperKind.LEDGER, "docx", fonts, corrected))


# The office's own Word files


@pytest.mark.parametrize("kind", [kind for kind in TemplateKind if not kind.step])
def test_the_example_of_a_word_file_is_right_and_is_filled(kind, fonts):
    example, paper = office_example.example(kind), PaperKind(kind.value)
    assert template_faults(example, office_templates.placeholders(kind)) == []
    subject = 1 if paper is PaperKind.RECTIFICATION_NOTICE else 0
    content = made(paper, "docx", fonts, template=example, subject=subject, number="通报〔2025〕3号")
    text = words(content)
    assert "{" not in text
    assert "县行政审批局" in text
    assert content == made(paper, "docx", fonts, template=example, subject=subject, number="通报〔2025〕3号")


def test_what_users_wrote_goes_into_a_word_file_as_text(fonts):
    odd = replace(SNAPSHOT, office="<w:p>&{{ 标题 }}办公室")
    text = words(made(PaperKind.CIRCULAR, "docx", fonts, odd, template=office_example.example(TemplateKind.CIRCULAR)))
    assert "<w:p>&{{ 标题 }}办公室" in text


def test_sizes_from_one_item_to_long_texts_and_many_units(fonts):
    units = {JUSTICE, EAST}
    long = replace(
        SNAPSHOT,
        items=SNAPSHOT.items[:1],
        shares=tuple(
            replace(share, progress="长" * 2000, problems="文" * 2000)
            for share in SNAPSHOT.shares
            if share.item_id == 11 and share.unit_id in units
        ),
    )
    for kind in (PaperKind.LEDGER, PaperKind.REPORT_FORM):
        text = read(made(kind, "pdf", fonts, long, subject=JUSTICE if kind is PaperKind.REPORT_FORM else 0))
        assert text.count("长") >= 2000
        assert text.count("文") >= 2000
