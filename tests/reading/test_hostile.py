"""Files made to do harm, each built in memory: refused with a sentence of its own, or read right, and always soon."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests.reading import papers, traps
from tracker.reading import guarded
from tracker.rules.refusals import Invalid

SECRET = "机密内容"
LONG = "一、公开目录。" * 20
MANY_ROWS = [traps.ROWS[0], *([f"做好第{number}项公开工作。", "县司法局"] for number in range(12_000))]


@pytest.fixture(autouse=True)
def _soon() -> Iterator[None]:
    """Within 2 s where a check refuses it, on a machine that is not busy; the limit here allows for one that is."""
    started = monotonic()
    yield
    assert monotonic() - started < guarded.SECONDS


@pytest.mark.parametrize(
    ("name", "build", "sentence"),
    [
        ("a.docx", lambda: traps.bomb(traps.word(), "word/media/a.bin"), "解开后过大"),
        ("a.xlsx", lambda: traps.bomb(traps.workbook(), "xl/media/a.bin"), "解开后过大"),
        ("a.docx", lambda: traps.crowd(traps.word()), "部件超过 2000 个"),
        ("a.xlsx", lambda: traps.crowd(traps.workbook()), "部件超过 2000 个"),
        ("a.docx", lambda: traps.overlapping(traps.word()), "损坏"),
        ("a.docx", lambda: traps.understated(traps.word(), b"word/document.xml"), "损坏"),
        ("a.xlsx", lambda: traps.understated(traps.workbook(), b"xl/workbook.xml"), "损坏"),
        ("a.docx", lambda: traps.word()[:-3000], "损坏"),
        ("a.docx", lambda: traps.word()[:3000], "损坏"),
        ("a.docx", traps.locked_office, "密码"),
        ("a.xlsx", traps.locked_office, "密码"),
        ("a.pdf", traps.locked_pdf, "密码"),
        ("a.docx", lambda: b"", "空的"),
        ("a.docx", lambda: Path(sys.executable).resolve().read_bytes()[:100_000], "这是一个程序"),
        ("a.xlsx", lambda: traps.far(traps.workbook()), "过于庞大"),
        ("a.xlsx", lambda: traps.astray(traps.workbook()), "损坏"),
        ("a.xlsx", lambda: papers.workbook(MANY_ROWS), "表格超过 5000 行"),
        ("a.html", lambda: b"<div>" * 60_000 + "一、公开目录。".encode(), "结构过于复杂"),
        ("a.txt", lambda: b"1" * 50_000_000, "超过 20 MB"),
        ("a.txt", lambda: b"1" * 15_000_000, "太长"),
        ("a.txt", lambda: "一、公开目录。".encode() + b"\xff\xfe\x80", "不是可以读取的文本"),
        ("a.pdf", lambda: papers.pdf([]), "扫描件.*文字识别"),
        ("a.ofd", lambda: traps.repacked(traps.word(), {"OFD.xml": b"<a/>"}, document=lambda xml: b""), "损坏"),
    ],
)
def test_it_is_refused_with_its_sentence(name: str, build: Callable[[], bytes], sentence: str):
    with pytest.raises(Invalid, match=sentence):
        guarded.parse(build(), name)


@pytest.mark.parametrize(
    ("name", "build"),
    [
        ("a.docx", lambda change: traps.repacked(traps.word(), document=change)),
        ("a.xlsx", lambda change: traps.repacked(traps.workbook(), sharedStrings=change)),
        ("a.ods", lambda change: traps.repacked(traps.spreadsheet(), content=change)),
    ],
)
def test_entities_are_refused_unread(name: str, build: Callable[[Callable[[bytes], bytes]], bytes], tmp_path: Path):
    (tmp_path / "secret").write_text(SECRET)
    for change in (traps.laughing, lambda xml: traps.with_entity(xml, str(tmp_path / "secret"))):
        with pytest.raises(Invalid, match="DTD"):
            guarded.parse(build(change), name)


def test_entities_of_a_page_stay_what_is_printed(tmp_path: Path):
    (tmp_path / "secret").write_text(SECRET)
    page = papers.page(*traps.PLAN)
    assert SECRET not in guarded.parse(traps.with_entity(page, str(tmp_path / "secret")), "a.html").source
    assert len(guarded.parse(traps.laughing(page), "a.html").source) < 100


@pytest.mark.parametrize("name", ["../../x", "/tmp/x-of-a-plan", "..\\..\\x"])
def test_members_that_point_elsewhere_are_refused_and_nothing_is_written(name: str):
    for whole in (traps.word(), traps.workbook(), traps.spreadsheet()):
        with pytest.raises(Invalid, match="指向别处"):
            guarded.parse(traps.repacked(whole, {name: b"1"}), "a.docx")
    assert not Path("/tmp/x-of-a-plan").exists()


@pytest.mark.parametrize(("name", "build"), [("a.xlsx", traps.word), ("a.pdf", lambda: papers.page(*traps.PLAN))])
def test_a_document_of_another_name_is_read_by_content_and_says_so(name: str, build: Callable[[], bytes]):
    plan = guarded.parse(build(), name)
    assert [item.task for item in plan.items] == ["公开目录。", "更新指南。"]
    assert "mislabelled" in [remark.code for remark in plan.remarks]


@pytest.mark.parametrize(
    ("name", "data", "tasks"),
    [
        ("a.xlsx", traps.vast(traps.workbook()), ["公开目录。", "更新指南。"]),
        ("a.pdf", traps.looping_pdf(), ["公开目录。"]),
        ("a.txt", "一、公开𠮷㑇目录。\n二、更新㐂指南。".encode("gb18030"), ["公开𠮷㑇目录。", "更新㐂指南。"]),
        ("a.txt", "一、公开目录。".encode("utf-16"), ["公开目录。"]),
    ],
)
def test_what_only_looks_dangerous_is_read(name: str, data: bytes, tasks: list[str]):
    assert [item.task for item in guarded.parse(data, name).items] == tasks


def test_a_few_lost_bytes_are_shown_as_such():
    plan = guarded.parse(LONG.encode() + b"\xff" + "二、更新指南。".encode(), "a.txt")
    assert "garbled" in [remark.code for remark in plan.all_remarks if remark.doubt] or "�" in plan.source
