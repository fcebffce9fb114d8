from tests.pages import text_of
from tests.reporting import content, report_duty, review, submit
from tracker.rules.reports import Verdict


def test_a_unit_reads_what_was_decided_and_follows_it(app, cast, as_):
    with app.app_context():
        duty = report_duty(cast)
        review(cast, submit(cast, content(), duty), Verdict.RETURN, "请附佐证材料。")
        address = f"/reports/{duty.id}"
    handler = as_("handler")
    assert "1 条未读" in text_of(handler.get("/alerts/").text)
    page = handler.get("/tidings/")
    assert "意见：请附佐证材料。" in page.text
    assert address in page.text
    assert handler.get(address).status_code == 200
    assert "已全部标为已读" in handler.post("/tidings/read", follow_redirects=True).text
    assert "新</span>" not in handler.get("/tidings/").text
    assert "办理消息 有" not in text_of(handler.get("/alerts/").text)


def test_another_unit_and_the_office_do_not(app, cast, as_):
    with app.app_context():
        review(cast, submit(cast, content(), report_duty(cast)), Verdict.RETURN, "请附佐证材料。")
    assert "还没有办理消息" in as_("town").get("/tidings/").text
    assert as_("clerk").get("/tidings/").status_code == 403


def test_the_choice_between_at_once_and_once_a_day_is_kept(as_):
    handler = as_("handler")
    handler.post("/preferences/", data={"email": "a@example.gov.cn", "mail": "y", "quiet_from": "", "quiet_until": ""})
    assert "每天汇总发送一封" in handler.get("/tidings/").text
    handler.post(
        "/preferences/",
        data={"email": "a@example.gov.cn", "mail": "y", "at_once": "y", "quiet_from": "", "quiet_until": ""},
    )
    assert "有消息时数分钟内发送" in handler.get("/tidings/").text
