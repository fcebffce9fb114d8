import shutil
import subprocess

import pytest

from tests.reading import papers
from tracker.reading import guarded, oldword
from tracker.rules.refusals import Invalid

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(500)
LOCKED = OLD[:512] + b"\xec\xa5" + bytes(9) + b"\x01" + OLD[524:] + "WordDocument".encode("utf-16-le")


@pytest.fixture
def office(tmp_path, monkeypatch):
    """`office(script)` puts a shell script in the place of LibreOffice."""

    def put(script: str) -> None:
        path = tmp_path / "soffice"
        path.write_text("#!/bin/sh\n" + script)
        path.chmod(0o755)
        monkeypatch.setattr(shutil, "which", lambda name: str(path))

    return put


def test_old_word_and_rich_text_are_known_by_content():
    assert oldword.is_old(OLD)
    assert oldword.is_old(b"{\\rtf1 a}")
    assert not oldword.is_old(papers.word("甲"))


def test_without_libreoffice_the_clerk_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Invalid, match="另存为 .docx"):
        guarded.parse(OLD, "计划.doc")


def test_a_document_with_a_password_is_refused_before_anything_is_started(office):
    office("exit 1")
    with pytest.raises(Invalid, match="密码"):
        guarded.parse(LOCKED, "计划.wps")


def test_a_document_that_cannot_be_converted_is_refused(office):
    office("exit 1")
    with pytest.raises(Invalid, match="没能转换"):
        guarded.parse(OLD, "计划.doc")


def test_a_conversion_that_hangs_is_ended_with_all_that_it_started(office, monkeypatch, tmp_path):
    monkeypatch.setattr(oldword, "SECONDS", 0.3)
    mark = str(tmp_path / "still-here")
    office(f"(sleep 1; touch {mark}) & sleep 30")
    with pytest.raises(Invalid, match="用时过长"):
        guarded.parse(OLD, "计划.doc")
    subprocess.run(["sleep", "1"], check=True)
    assert not (tmp_path / "still-here").exists()


def test_what_comes_out_is_read_as_word(office, tmp_path):
    (tmp_path / "made.docx").write_bytes(papers.word("某县2025年工作要点", "一、公开目录。"))
    office(f'for last; do :; done; cp {tmp_path}/made.docx "${{last%.*}}.docx"')
    plan = guarded.parse(OLD, "计划.doc")
    assert [item.task for item in plan.items] == ["公开目录。"]
    assert plan.remarks == ()


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_turns_rich_text_into_a_plan():
    text = "".join(f"\\u{ord(letter)}?" for letter in "一、公开目录。")
    plan = guarded.parse(b"{\\rtf1\\ansi " + text.encode() + b"\\par}", "计划.doc")
    assert [item.task for item in plan.items] == ["公开目录。"]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_an_old_word_document_named_as_one_of_wps_is_read_with_its_table(tmp_path):
    """WPS writes the format of old Word; what it is called does not matter."""
    paper = papers.word(
        "某县2025年工作要点",
        "一、公开目录。6月底前完成。（责任单位：县司法局）",
        [["序号", "工作任务", "责任单位"], ["1", "开展培训", "县教育局"]],
        "特此通知。",
    )
    (tmp_path / "plan.docx").write_bytes(paper)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = ["--headless", "--convert-to", "doc:MS Word 97", "--outdir", str(tmp_path), str(tmp_path / "plan.docx")]
    subprocess.run(["soffice", profile, *convert], check=True, capture_output=True, timeout=60)
    plan = guarded.parse((tmp_path / "plan.doc").read_bytes(), "计划.wps")
    assert [(item.task, [unit.name for unit in item.units]) for item in plan.items] == [
        ("公开目录。6月底前完成。", ["县司法局"]),
        ("开展培训", ["县教育局"]),
    ]
