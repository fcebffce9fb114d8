from lxml import html


def typed(page: str) -> list[str]:
    return html.fromstring(page).xpath("//textarea/text()")


def test_what_was_written_when_the_session_had_ended_can_be_copied(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/reviews/1", data={"verdict": "return", "version": "1", "reason": "请补充<b>佐证</b>"})
    assert answer.status_code == 400
    assert typed(answer.text) == ["请补充<b>佐证</b>"]


def test_what_was_written_in_a_refused_act_can_be_copied(as_):
    answer = as_("viewer").post("/units/new", data={"name": "县水利局", "kind": "department"})
    assert answer.status_code == 403
    assert typed(answer.text) == ["县水利局"]


def test_a_password_is_never_shown_again(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/sign-in", data={"login": "clerk", "password": "密码在此"})
    assert answer.status_code == 400
    assert "密码在此" not in answer.text
