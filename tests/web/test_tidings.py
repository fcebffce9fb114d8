from tests import inspecting
from tests.closing import seal
from tests.ledger.test_circulation import kept, send
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


def test_a_notice_of_inspection_and_a_circular_lead_to_their_own_pages(app, cast, as_, tmp_path):
    with app.app_context():
        made = inspecting.notified(cast)
        paper = kept(cast, seal(cast), tmp_path)
        send(cast, paper)
        addresses = (f"/inspections/{made.id}/units/{cast.units['县司法局']}", f"/papers/{paper.id}")
    handler = as_("handler")
    page = handler.get("/tidings/").text
    for address in addresses:
        assert f'href="{address}"' in page
        assert handler.get(address).status_code == 200


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
