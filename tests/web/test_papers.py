"""The papers' register and each paper: who sees which, files as they were set, receipts."""

import pytest
from lxml import html

from tests.closing import LATER, report_first_item, seal
from tests.finding import notified
from tracker import production
from tracker.ledger import papers
from tracker.ledger.db import db
from tracker.ledger.tables.papers import Paper
from tracker.ledger.tables.snapshots import Snapshot
from tracker.rules.paper_kinds import PaperKind


@pytest.fixture
def own_sheet(app, cast, monkeypatch, move_to):
    """The id of the inspection sheet of 县司法局, set and kept."""
    monkeypatch.setattr(production, "_set", lambda _content, order, ending, *_: f"{order}.{ending}".encode())
    move_to(LATER)
    with app.app_context():
        report_first_item(cast)
        notified(cast)
        kept = seal(cast)
        settings = app.config["SETTINGS"]
        production.produce(lambda: cast.act(on=LATER), kept, settings.data / "files", settings.fonts, 60.0)
        listed = papers.papers_of(db.session.get_one(Snapshot, kept.id))
        kind, unit = PaperKind.INSPECTION, cast.units["县司法局"]
        return next(paper.id for paper in listed if paper.kind is kind and paper.unit_id == unit)


def _rows(answer) -> list[str]:
    page = html.fromstring(answer.text)
    return [cell.text_content().strip() for cell in page.xpath("//table[contains(@class, 'register')]/tbody/tr/td[1]")]


@pytest.mark.usefixtures("own_sheet")
def test_the_register_lists_all_by_kind_and_number(as_):
    clerk = as_("clerk")
    numbers = _rows(clerk.get("/papers/"))
    assert len(numbers) == len(set(numbers))
    assert {"季度通报〔2025〕1号", "检查表〔2025〕4号", "整改〔2025〕1号"} <= set(numbers)
    assert _rows(clerk.get("/papers/?kind=ledger")) == ["工作台账〔2025〕1号"]
    assert _rows(clerk.get("/papers/?year=2024")) == []
    assert clerk.get("/papers/?kind=nothing").status_code == 422


@pytest.mark.usefixtures("own_sheet")
def test_a_unit_sees_its_own_and_nobody_elses(app, as_):
    assert all("东镇" in row.text_content() for row in _table(as_("town").get("/papers/")))
    assert _table(as_("stranger").get("/papers/")) == []
    with app.app_context():
        others = [paper.id for paper in db.session.query(Paper) if paper.unit_id is None]
    for paper_id in others:
        assert as_("handler").get(f"/papers/{paper_id}").status_code == 404
        assert as_("handler").get(f"/papers/{paper_id}/file.pdf").status_code == 404


def _table(answer):
    return html.fromstring(answer.text).xpath("//table[contains(@class, 'register')]/tbody/tr")


def test_a_paper_opens_as_it_was_set(as_, own_sheet):
    with as_("handler").get(f"/papers/{own_sheet}/file.pdf") as shown:
        assert (shown.status_code, shown.mimetype) == (200, "application/pdf")
        assert "attachment" not in shown.headers["Content-Disposition"]
    with as_("handler").get(f"/papers/{own_sheet}/file.docx") as handed_out:
        assert "attachment" in handed_out.headers["Content-Disposition"]
    assert as_("handler").get(f"/papers/{own_sheet}/file.exe").status_code == 404
    assert as_("town").get(f"/papers/{own_sheet}/file.pdf").status_code == 404


def test_bytes_that_were_changed_are_not_handed_out(app, as_, own_sheet):
    with app.app_context():
        paper = db.session.get_one(Paper, own_sheet)
        sha256 = papers.file_of(paper, "pdf").file.sha256
        (app.config["SETTINGS"].data / "files" / sha256[:2] / sha256).write_bytes(b"changed")
    answer = as_("clerk").get(f"/papers/{own_sheet}/file.pdf")
    assert (answer.status_code, "缺失或已损坏" in answer.text) == (422, True)


def test_the_unit_signs_for_it(app, as_, own_sheet):
    handler = as_("handler")
    assert handler.post(f"/papers/{own_sheet}/receive", data={"received_by": ""}).status_code == 422
    assert handler.post(f"/papers/{own_sheet}/receive", data={"received_by": "王某"}).status_code == 302
    assert "王某" in handler.get(f"/papers/{own_sheet}").text
    assert as_("colleague").post(f"/papers/{own_sheet}/receive", data={"received_by": "李某"}).status_code == 409
    assert as_("town").post(f"/papers/{own_sheet}/receive", data={"received_by": "张某"}).status_code == 404
    assert as_("clerk").post(f"/papers/{own_sheet}/receive", data={"received_by": "赵某"}).status_code == 403
    with app.app_context():
        assert db.session.get_one(Paper, own_sheet).received_by == "王某"


def test_the_office_sends_the_circular_and_a_unit_reads_and_signs_for_it(app, as_, own_sheet):
    with app.app_context():
        circular = next(paper.id for paper in db.session.query(Paper) if paper.kind is PaperKind.CIRCULAR)
    clerk, town, address = as_("clerk"), as_("town"), f"/papers/{circular}"
    assert "发送各单位" in clerk.get(address).text
    assert town.get(address).status_code == 404
    assert as_("viewer").post(f"{address}/send").status_code == 403
    assert "已发送 4 个单位" in clerk.post(f"{address}/send", follow_redirects=True).text
    assert "发送各单位</button>" not in clerk.get(address).text
    page = town.get(address).text
    assert "东镇" in page
    assert "县司法局" not in page
    with town.get(f"{address}/file.pdf") as shown:
        assert shown.status_code == 200
    assert "请填写签收人" in town.post(f"{address}/receive", data={"received_by": " "}).text
    assert "已签收。" in town.post(f"{address}/receive", data={"received_by": "张某"}, follow_redirects=True).text
    told = " ".join(html.fromstring(clerk.get(address).text).find(".//main").text_content().split())
    assert "已签收 1，共 4 个单位" in told
    assert "张某" in told
    assert clerk.post(f"/papers/{own_sheet}/send").status_code == 409


def test_a_notice_that_is_out_can_be_opened_from_the_register(app, as_, cast, move_to):
    move_to(LATER)
    with app.app_context():
        notified(cast)
    [row] = _table(as_("clerk").get("/papers/?kind=rectification-notice"))
    links = row.xpath("./td[last()]/a")
    assert [link.text for link in links] == ["DOCX", "PDF"]
    assert as_("clerk").get(links[0].get("href")).status_code == 200
