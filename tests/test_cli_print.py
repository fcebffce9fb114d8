"""`flask --app tracker print KIND`: every paper as a file, from the ledger or from what was sealed."""

from datetime import date
from io import BytesIO

import docx
import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import TODAY
from tests.office_words import plain
from tests.test_cli import command
from tracker.ledger import files, notices, paper_templates, snapshots
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.units import Unit
from tracker.printing.papers import PAPERS, Asked
from tracker.rules.notices import NoticeKind
from tracker.rules.office_templates import TemplateKind
from tracker.rules.paper_defaults import PaperText
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.quarters import Quarter

QUARTER = Quarter(2025, 1)


@pytest.fixture
def printed(app, cast, tmp_path):
    """`printed("ledger", "xlsx")` is the result of the command and the bytes it wrote, None where there are none."""

    def print_(kind, ending, *more, plan=True):
        out = tmp_path / f"paper.{ending}"
        about = ("--plan", cast.plan, "--quarter", QUARTER) if plan else ()
        result = command(app, "print", kind, *about, *more, "-o", out)
        return result, out.read_bytes() if out.exists() else None

    return print_


def words(content):
    return "".join(part.text or "" for part in docx.Document(BytesIO(content)).element.body.iter())


@pytest.mark.parametrize("kind", ["leaders-report", "circular", "inspection", "breakdown", "ledger", "report-form"])
def test_an_open_quarter_is_printed_from_the_ledger(printed, kind):
    result, content = printed(kind, "docx")
    assert result.exit_code == 0, result.output
    assert "第一季度" in words(content) or kind == "breakdown"


@pytest.mark.parametrize("kind", ["inspection-summary", "rectification-register", "ledger"])
def test_tables_are_printed_as_workbooks(printed, kind):
    result, content = printed(kind, "xlsx")
    assert result.exit_code == 0, result.output
    assert len(CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()) > 3


def test_the_ending_must_be_one_of_the_kinds(printed):
    result, content = printed("circular", "xlsx")
    assert (result.exit_code, content) == (1, None)
    assert ".pdf or .docx" in result.output


def test_the_form_of_one_unit_is_its_alone(printed, cast):
    _, content = printed("report-form", "docx", "--unit", cast.units["东镇"])
    assert "填报单位：东镇" in words(content)
    assert "填报单位：西镇" not in words(content)
    assert printed("report-form", "docx", "--unit", 999)[0].exit_code == 1


def test_the_ledger_comes_on_a3_where_that_is_asked_for(printed):
    _, content = printed("ledger", "docx", "--a3")
    assert round(docx.Document(BytesIO(content)).sections[0].page_width.mm) == 420


def test_a_quarter_of_another_year_has_no_papers(app, cast, tmp_path):
    result = command(app, "print", "ledger", "--plan", cast.plan, "--quarter", "2024Q1", "-o", tmp_path / "a.docx")
    assert result.exit_code == 1
    assert "没有2024年第一季度的文书" in result.output


def test_a_sealed_quarter_is_printed_as_it_was_sealed_under_its_number(app, cast, printed):
    with app.app_context(), transaction():
        by = cast.act("leader")
        snapshots.seal(by, db.session.get_one(Plan, cast.plan), QUARTER, TODAY, leads=True)
    _, before = printed("circular", "docx")
    assert "季度通报〔2025〕1号" in words(before)
    with app.app_context(), transaction():
        db.session.get_one(Unit, cast.units["东镇"]).name = "东镇（改名）"
    assert printed("circular", "docx")[1] == before
    assert "东镇（改名）" in words(printed("circular", "docx", "--as-of", "2025-04-03")[1])


def test_a_paper_of_the_ladder_is_printed_by_its_own_id(app, cast, printed):
    with app.app_context(), transaction():
        by = cast.act(on=date(2025, 9, 30))
        duty = db.session.query(Duty).filter_by(unit_id=cast.units["县司法局"], due=date(2025, 8, 31)).first()
        notice_id = notices.write(by, NoticeKind.URGING, duty.unit_id, [duty.id]).id
    result, content = printed("urging-notice", "docx", "--notice", notice_id, plan=False)
    assert result.exit_code == 0, result.output
    assert "催办" in words(content)
    use(app, cast, TemplateKind.URGING, "红头文件：{{ 标题 }}")
    assert "红头文件：" in words(printed("urging-notice", "docx", "--notice", notice_id, plan=False)[1])
    assert "是催办单，不是督办单" in printed("supervision-notice", "docx", "--notice", notice_id, plan=False)[0].output
    assert printed("urging-notice", "docx", plan=False)[0].exit_code == 2


def use(app, cast, kind, *paragraphs):
    """A Word file of the office's own for this kind of paper."""
    with app.app_context():
        sha256 = files.put(app.config["SETTINGS"].data / "files", plain(*paragraphs))
        with transaction():
            by = cast.act()
            paper_templates.use_file(by, kind, files.record(by, "模板.docx", sha256, 1))


def test_an_office_with_a_word_file_of_its_own_gets_its_circular_in_it(app, cast, printed):
    use(app, cast, TemplateKind.CIRCULAR, "红头文件：{{ 标题 }}，共{{ 任务总数 }}项")
    assert "红头文件：" in words(printed("circular", "docx")[1])
    assert "共3项" in words(printed("circular", "docx")[1])
    assert "红头文件：" not in words(printed("leaders-report", "docx")[1])


def test_the_set_of_a_sealed_quarter_is_set_in_the_offices_own_words(app, cast):
    with app.app_context():
        with transaction():
            paper_templates.save_text(cast.act(), PaperText.CIRCULAR, "本单位的文字，共{任务总数}项。", 0)
        with transaction():
            kept = snapshots.seal(cast.act("leader"), db.session.get_one(Plan, cast.plan), QUARTER, TODAY, leads=True)
            content = snapshots.read(kept)
        made = PAPERS[PaperKind.CIRCULAR].make["docx"](Asked(content))
    assert "本单位的文字，共3项。" in words(made)
