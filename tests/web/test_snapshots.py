"""The page of a sealed quarter: figures and hash, the set with its progress, versions and corrections."""

import io
import zipfile

import pytest
from lxml import html
from sqlalchemy import update

from tests.closing import LATER, correct, finish, report_first_item, seal
from tests.reporting import content, count, rate, report_duty, review, submit
from tracker import production
from tracker.ledger import sealed
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.papers import PaperFile
from tracker.ledger.tables.snapshots import Correction, Snapshot
from tracker.rules.reports import Verdict


@pytest.fixture
def kept(app, cast):
    """The id of a sealed quarter."""
    with app.app_context():
        report_first_item(cast)
        return seal(cast).id


@pytest.fixture(autouse=True)
def quick(monkeypatch, move_to):
    move_to(LATER)
    monkeypatch.setattr(production, "_set", lambda _content, order, ending, *_: f"{order}.{ending}".encode())


def words(answer) -> str:
    return " ".join(html.fromstring(answer.text).find(".//main").text_content().split())


def test_it_shows_figures_day_and_hash(app, as_, kept):
    page = words(as_("clerk").get(f"/snapshots/{kept}"))
    with app.app_context():
        assert db.session.get_one(Snapshot, kept).sha256 in page
    assert "共 3 项任务" in page
    assert "数据截至2025年4月25日" in page
    assert "校验码不符" not in page


def test_a_content_that_was_changed_is_told(app, as_, kept):
    with app.app_context(), transaction():
        changed = db.session.get_one(Snapshot, kept).content | {"plan": "另一计划"}
        db.session.execute(update(Snapshot).values(content=changed))
    assert "校验码不符" in words(as_("clerk").get(f"/snapshots/{kept}"))


def test_the_script_is_told_how_far_it_is_until_all_is_made(app, as_, kept, monkeypatch):
    monkeypatch.setattr("tracker.web.snapshots.STEP_SECONDS", 0.0)
    clerk, made = as_("clerk"), 0
    while True:
        done = clerk.post(f"/snapshots/{kept}/produce", headers={"Accept": "application/json"}).json
        assert done["made"] > made
        made = done["made"]
        if done["finished"]:
            break
    assert (done["percent"], done["made"]) == (100, done["total"])
    with app.app_context():
        assert count(PaperFile) == made


def test_without_a_script_a_press_does_it(as_, kept):
    answer = as_("clerk").post(f"/snapshots/{kept}/produce", follow_redirects=True)
    assert "全套文书已生成" in answer.text
    assert "下载全套（ZIP）" in answer.text


def test_the_set_comes_as_one_archive(as_, kept):
    clerk = as_("clerk")
    assert clerk.get(f"/snapshots/{kept}/set.zip").status_code == 409
    clerk.post(f"/snapshots/{kept}/produce")
    with clerk.get(f"/snapshots/{kept}/set.zip") as answer:
        assert answer.mimetype == "application/zip"
        assert len(zipfile.ZipFile(io.BytesIO(answer.data)).namelist()) > 20


def test_it_is_found_by_its_own_organisation_alone(as_, kept):
    for address in (f"/snapshots/{kept}", f"/snapshots/{kept}/set.zip"):
        assert as_("stranger").get(address).status_code == 404
        assert as_("handler").get(address).status_code == 403
    assert as_("stranger").post(f"/snapshots/{kept}/produce").status_code == 404


def test_a_correction_is_begun_and_sealed_from_the_page(app, cast, as_, kept):
    clerk = as_("clerk")
    page = html.fromstring(clerk.get(f"/snapshots/{kept}?unit={cast.units['县司法局']}").text)
    duties = page.xpath("//input[@name='duties']/@value")
    assert len(duties) == 2
    assert (
        clerk.post(f"/snapshots/{kept}/correction", data={"reason": "录入有误", "duties": duties[:1]}).status_code
        == 302
    )
    with app.app_context():
        begun = db.session.get_one(Correction, 1)
        assert (begun.reason, len(begun.shares)) == ("录入有误", 1)
        early = begun.id
    refused = clerk.post(f"/snapshots/corrections/{early}")
    assert (refused.status_code, "没有重新提交并审核通过" in refused.text) == (409, True)
    with app.app_context():
        said = content("更正。", {rate(cast): "90"})
        review(cast, submit(cast, said, report_duty(cast), on=LATER), Verdict.ACCEPT, on=LATER)
    sealed_again = clerk.post(f"/snapshots/corrections/{early}", follow_redirects=True)
    text = words(sealed_again)
    assert "更正理由：录入有误。更正第1版" in text
    assert "60%（已办结 60，应办 100）" in text
    assert "90%（已办结 90，应办 100）" in text
    assert "本版已被更正" in words(clerk.get(f"/snapshots/{kept}"))
    assert words(clerk.get("/papers/?kind=circular")).count("已由更正版代替") == 1
    old = html.fromstring(clerk.get(f"/snapshots/{kept}").text).xpath("//a[starts-with(@href, '/papers/')]/@href")
    assert "本件已由第2版（更正版）代替" in words(clerk.get(next(each for each in old if each[8:].isdigit())))


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"reason": "", "duties": ["1"]}, "请填写更正理由"),
        ({"reason": "有误"}, "请选择需要更正的填报"),
        ({"reason": "字" * 501, "duties": ["1"]}, "更正理由最多 500 字"),
    ],
)
def test_what_is_missing_of_a_correction_is_named_and_nothing_typed_is_lost(app, cast, as_, kept, form, says):
    answer = as_("clerk").post(f"/snapshots/{kept}/correction?unit={cast.units['县司法局']}", data=form)
    assert answer.status_code == 422
    assert says in answer.text
    assert html.fromstring(answer.text).findtext(".//textarea").strip() == form["reason"]
    with app.app_context():
        assert count(Correction) == 0


def test_only_the_office_and_leaders_correct(as_, kept):
    form = {"reason": "有误", "duties": ["1"]}
    for login in ("inspector", "viewer", "handler"):
        assert as_(login).post(f"/snapshots/{kept}/correction", data=form).status_code == 403
    assert as_("stranger").post(f"/snapshots/{kept}/correction", data=form).status_code == 404


def test_every_version_stays_to_be_seen(app, cast, as_, kept):
    with app.app_context():
        correction = correct(cast, sealed.snapshot_of(cast.county, kept), 0)
        said = content("更正。", {rate(cast): "90"})
        review(cast, submit(cast, said, report_duty(cast), on=LATER), Verdict.ACCEPT, on=LATER)
        second = finish(cast, correction).id
    page = words(as_("leader").get(f"/snapshots/{second}"))
    assert "第1版" in page
    assert "第2版（更正版）" in page


def test_a_correction_is_withdrawn_on_screen_and_the_page_says_so(app, cast, as_, kept):
    with app.app_context():
        correction = correct(cast, sealed.snapshot_of(cast.county, kept), 0).id
    clerk, address = as_("clerk"), f"/snapshots/corrections/{correction}/withdrawal"
    refused = clerk.post(address, data={"withdrawal": " "})
    assert refused.status_code == 422
    assert "请填写撤回理由" in refused.text
    page = words(clerk.post(address, data={"withdrawal": "核对后数据无误"}, follow_redirects=True))
    assert "撤回更正（" in page
    assert "撤回理由：核对后数据无误" in page
    assert "需要更正的填报" not in page
    assert as_("viewer").post(address, data={"withdrawal": "理由"}).status_code == 403
    assert as_("stranger").post(address, data={"withdrawal": "理由"}).status_code == 404
