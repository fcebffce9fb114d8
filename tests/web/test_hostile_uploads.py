"""What a clerk sees who uploads a file made to do harm: its sentence beside the field, and the form again."""

import io

import pytest
from lxml import html

from tests.reading import traps
from tracker.ledger.db import db
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.imports import Draft
from tracker.reading import guarded


def upload(client, content: bytes, name: str):
    return client.post("/imports/", data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def kept(app) -> int:
    with app.app_context():
        return db.session.query(StoredFile).count() + db.session.query(Draft).count()


@pytest.mark.parametrize(
    ("name", "build", "sentence"),
    [
        ("计划.docx", lambda: traps.bomb(traps.word(), "word/media/a.bin", 60_000_000), "解开后过大"),
        ("计划.xlsx", lambda: traps.far(traps.workbook()), "过于庞大"),
        ("计划.docx", lambda: traps.repacked(traps.word(), {"../../x": b"1"}), "指向别处"),
        ("计划.pdf", traps.locked_pdf, "密码"),
        ("计划.txt", lambda: b"", "空的"),
    ],
)
def test_the_form_comes_back_with_the_sentence_and_nothing_is_kept(as_, app, name, build, sentence):
    before = kept(app)
    answer = upload(as_("clerk"), build(), name)
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert sentence in page.text_content()
    assert page.xpath("//form//input[@type='file']")
    assert kept(app) == before


def test_a_stuck_reader_is_a_sentence_too(as_, monkeypatch):
    monkeypatch.setattr(guarded, "SECONDS", 0.01)
    answer = upload(as_("clerk"), "一、公开目录。".encode(), "计划.txt")
    assert answer.status_code == 422
    assert "用时过长" in answer.text


def test_what_is_hidden_in_a_workbook_is_a_doubt_of_the_draft(as_):
    hidden = traps.repacked(traps.workbook(), sheet1=lambda xml: xml.replace(b'<row r="3"', b'<row r="3" hidden="1"'))
    clerk = as_("clerk")
    answer = upload(clerk, hidden, "计划.xlsx")
    assert "在原表中是隐藏的" in clerk.get(answer.headers["Location"]).text
