"""Setting the papers of a sealed quarter: from the snapshot alone, step by step, the same to the byte at any time."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from tests.closing import LATER, report_first_item, seal
from tests.finding import notified
from tests.reporting import count
from tracker import production
from tracker.ledger import papers, snapshots
from tracker.ledger.tables.papers import PaperFile
from tracker.printing.papers import PAPERS, Asked
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.refusals import Refusal
from tracker.rules.snapshots import Correction

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def sealed_quarter(cast):
    report_first_item(cast)
    notified(cast)
    return seal(cast)


@pytest.fixture
def produce(app, cast):
    settings = app.config["SETTINGS"]

    def produced(snapshot, seconds: float = 600.0, on: date = LATER):
        return production.produce(lambda: cast.act(on=on), snapshot, settings.data / "files", settings.fonts, seconds)

    return produced


@pytest.fixture
def quick(monkeypatch):
    """Sets nothing: what a file would be stands in its bytes."""
    monkeypatch.setattr(production, "_set", lambda _content, order, ending, *_: f"{order}.{ending}".encode())


def test_the_whole_set_is_made_and_opens(app, sealed_quarter, produce):
    done = produce(sealed_quarter)
    assert done.finished
    assert done.total == count(PaperFile)
    folder = app.config["SETTINGS"].data / "files"
    with production.archive(sealed_quarter, folder) as content, zipfile.ZipFile(content) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert len(names) == done.total + 1
        assert {name.split("/")[0][3:] for name in names[1:]} == {kind.label for kind in PaperKind}
        for name in names:
            _opens(name, packed.read(name))
        assert sealed_quarter.sha256 in packed.read("文件清单.txt").decode("utf-8-sig")
    _says_the_sealed_figures(sealed_quarter, folder)


def _opens(name: str, content: bytes) -> None:
    if name.endswith(".pdf"):
        assert pypdf.PdfReader(io.BytesIO(content)).pages
    elif name.endswith(".docx"):
        assert Document(io.BytesIO(content)).element.body is not None
    elif name.endswith(".xlsx"):
        assert CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def _says_the_sealed_figures(snapshot, folder) -> None:
    content = snapshots.read(snapshot)
    circular = next(paper for paper in papers.papers_of(snapshot) if paper.kind is PaperKind.CIRCULAR)
    place = papers.files.path_of(folder, papers.file_of(circular, "pdf").file.sha256)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(place).pages).replace("\n", "").replace(" ", "")
    assert f"{content.totals.items}项" in text
    assert "季度通报〔2025〕1号" in text


def test_printed_again_another_day_they_are_the_same_to_the_byte(app, sealed_quarter, move_to):
    content, fonts = snapshots.read(sealed_quarter), app.config["SETTINGS"].fonts
    subjects = {PaperKind.INSPECTION: content.units[0].id, PaperKind.REPORT_FORM: content.units[0].id}
    subjects[PaperKind.RECTIFICATION_NOTICE] = content.findings[0].id

    def set_all():
        return {
            (kind, ending): make(Asked(content, fonts=fonts, subject=subjects.get(kind, 0), number="示例〔2025〕1号"))
            for kind, each in PAPERS.items()
            for ending, make in each.make.items()
        }

    first = set_all()
    move_to(date(2026, 8, 1))
    second = set_all()
    assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.usefixtures("quick")
def test_the_archive_too(app, sealed_quarter, produce, move_to):
    produce(sealed_quarter)
    folder = app.config["SETTINGS"].data / "files"

    def packed() -> bytes:
        with production.archive(sealed_quarter, folder) as content:
            return content.read()

    first = packed()
    move_to(date(2026, 8, 1))
    assert packed() == first


@pytest.mark.usefixtures("quick")
def test_a_step_comes_on_and_the_next_one_goes_on_from_there(sealed_quarter, produce):
    first = produce(sealed_quarter, seconds=0.0)
    assert 0 < first.made < first.total
    assert count(PaperFile) == first.made
    second = produce(sealed_quarter, seconds=0.0)
    assert second.made > first.made
    assert produce(sealed_quarter).finished


@pytest.mark.usefixtures("quick")
def test_one_that_is_stopped_in_between_has_lost_nothing(sealed_quarter, produce, monkeypatch):
    whole = production._set

    def stopped(content, order, *more):
        if order.kind is PaperKind.LEDGER:
            raise MemoryError
        return whole(content, order, *more)

    monkeypatch.setattr(production, "_set", stopped)
    with pytest.raises(MemoryError):
        produce(sealed_quarter)
    made = count(PaperFile)
    assert made > 0
    monkeypatch.setattr(production, "_set", whole)
    assert produce(sealed_quarter).finished
    assert count(PaperFile) > made


@pytest.mark.usefixtures("quick")
def test_what_is_made_is_not_made_again(sealed_quarter, produce, monkeypatch):
    produce(sealed_quarter)
    kept = {
        (paper.id, file.ending): file.file.sha256 for paper in papers.papers_of(sealed_quarter) for file in paper.files
    }
    monkeypatch.setattr(production, "_set", lambda *_: pytest.fail("set again"))
    assert produce(sealed_quarter, on=date(2025, 6, 1)).finished
    again = {
        (paper.id, file.ending): file.file.sha256 for paper in papers.papers_of(sealed_quarter) for file in paper.files
    }
    assert again == kept


def test_there_is_no_archive_before_all_is_made(app, sealed_quarter):
    with pytest.raises(Refusal, match="文书还没有全部生成"):
        production.archive(sealed_quarter, app.config["SETTINGS"].data / "files")


def test_every_paper_of_a_corrected_version_says_so(app, cast):
    report_first_item(cast)
    notified(cast)
    content, fonts = snapshots.read(seal(cast)), app.config["SETTINGS"].fonts
    corrected = replace(content, version=2, correction=Correction("有误", 1, LATER))
    subjects = dict.fromkeys((PaperKind.INSPECTION, PaperKind.REPORT_FORM), content.units[0].id)
    for kind, each in PAPERS.items():
        asked = Asked(corrected, fonts=fonts, subject=subjects.get(kind, 0), number="示例〔2025〕1号")
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(each.make["pdf"](asked))).pages)
        assert "更正版（第2版）" in "".join(text.split()), kind
