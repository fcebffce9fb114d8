"""What the inspector's phone asks of the server."""

import io

import pytest

from tests import inspecting
from tracker.ledger.db import db
from tracker.ledger.tables.inspections import InspectionEntry, InspectionFile
from tracker.ledger.tables.verified import VerifiedClass

PNG = b"\x89PNG\r\n\x1a\n rest"


@pytest.fixture
def part(app, cast):
    with app.app_context():
        return inspecting.part(cast, inspecting.notified(cast, ["县司法局", "东镇"])).id


@pytest.fixture
def sent(cast, part):
    return lambda **more: (
        {
            "part": part,
            "item": cast.items[0],
            "criterion": "及时",
            "verdict": "not_met",
            "fact": "未更新。",
            "key": "a1",
            "seen": 0,
        }
        | more
    )


def test_the_phone_takes_along_all_units_but_the_own_with_what_they_report(as_, cast, part):
    told = as_("inspector").get("/field/data.json").json
    assert [each["unit"] for each in told["parts"]] == ["县司法局", "东镇"]
    first = told["parts"][0]
    assert [item["position"] for item in first["items"]] == [1, 3]
    assert [each["name"] for each in first["criteria"]] == ["全面", "准确", "及时", "制度落实"]
    assert told["token"]
    assert as_("handler").get("/field/data.json").status_code == 403
    assert as_("stranger").get("/field/data.json").json["parts"] == []


def test_an_entry_with_a_photo_arrives_once_however_often_it_is_sent(app, as_, sent):
    inspector = as_("inspector")
    for _ in range(3):
        answer = inspector.post("/field/entries", data=sent(photo=(io.BytesIO(PNG), "现场.png")))
        assert answer.json["taken"]
        assert answer.json["result"]["photos"] == 1
    with app.app_context():
        assert db.session.query(InspectionEntry).count() == 1
        assert db.session.query(InspectionFile).count() == 1


def test_a_clash_tells_what_stands(as_, sent):
    as_("clerk").post("/field/entries", data=sent(key="b1", fact="先到的。"))
    answer = as_("inspector").post("/field/entries", data=sent())
    assert (answer.status_code, answer.json["taken"], answer.json["result"]["fact"]) == (200, False, "先到的。")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"verdict": "splendid"}, 422),
        ({"part": "999"}, 404),
        ({"part": "9" * 30}, 404),
        ({"item": "999"}, 422),
        ({"criterion": "美观"}, 422),
        ({"key": ""}, 422),
        ({"photo": (io.BytesIO(b"<html>"), "a.png")}, 422),
        ({"photo": (io.BytesIO(b"MZ"), "a.exe")}, 422),
    ],
)
def test_what_cannot_be_taken_is_answered_with_a_sentence(as_, sent, more, status):
    answer = as_("inspector").post("/field/entries", data=sent(**more))
    assert answer.status_code == status
    assert answer.json["error"].endswith("。")


def test_others_record_nothing(app, as_, sent):
    for login, status in (("handler", 403), ("leader", 403), ("stranger", 404)):
        assert as_(login).post("/field/entries", data=sent()).status_code == status, login
        assert as_(login).post("/field/classes", data=sent(**{"class": "behind"})).status_code == status, login
    with app.app_context():
        assert db.session.query(InspectionEntry).count() == 0


def test_the_verified_class_is_set_beside_and_once(app, as_, cast, part):
    typed = {"part": part, "item": cast.items[0], "class": "behind", "key": "c1"}
    for _ in range(2):
        assert as_("inspector").post("/field/classes", data=typed).json == {"taken": True}
    with app.app_context():
        assert db.session.query(VerifiedClass).count() == 1
    assert as_("inspector").post("/field/classes", data=typed | {"class": "x"}).status_code == 422
    assert as_("inspector").post("/field/classes", data=typed | {"item": 2}).status_code == 422
    told = as_("inspector").get("/field/data.json").json
    assert told["parts"][0]["items"][0]["verified"] == "behind"


def test_working_keeps_the_session_awake_and_asking_does_not(as_, sent):
    inspector = as_("inspector")
    assert "Set-Cookie" in inspector.post("/field/entries", data=sent()).headers
    assert "ledger=" not in inspector.get("/field/worker.js").headers.get("Set-Cookie", "")


def test_the_page_itself_says_nothing_of_anybody(as_, part):
    page = as_("inspector").get("/field/").text
    assert "县司法局" not in page
    assert "inspector" not in page


def test_the_worker_is_a_script_that_is_asked_for_anew(client):
    answer = client.get("/field/worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_script_that_nobody_is_signed_in_for_is_told_so_and_leaves_the_session_alone(client):
    answer = client.get("/field/data.json", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert client.get("/field/data.json").status_code == 302
