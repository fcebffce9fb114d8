import pytest
from lxml import html

from tests.pages import errors_of, text_of


@pytest.fixture
def clerk(as_):
    return as_("clerk")


def written(page, **otherwise) -> dict[str, str]:
    """The form as a browser would send it."""
    form = html.fromstring(page.text).xpath("//form[.//input[@name='overdue-after']]")[0]
    return {name: value for name, value in form.form_values() if name != "csrf_token"} | otherwise


def send(client, fields, do="try"):
    return client.post("/alert-rules/", data=fields | {"do": do})


OWN = {"due_soon-before": "10 5，0", "overdue-after": "2、9", "overdue-office": "2", "overdue-leader": "", "talk": ""}


def test_the_page_tells_the_rule_in_force(clerk):
    page = text_of(clerk.get("/alert-rules/").text)
    assert "系统默认规则，本单位尚未另行设定。" in page
    assert "即将到期到期前 15、7、3 天、当天不报不报" in page
    assert "逾期 1 天催办单，逾期 10 天督办单，逾期 20 天通报，逾期 45 天约谈通知" in page


def test_a_rule_is_tried_before_it_is_put_in_force_and_then_told_everywhere(clerk):
    tried = send(clerk, written(clerk.get("/alert-rules/"), **OWN))
    assert "试算结果" in tried.text
    assert "系统默认规则" in clerk.get("/alert-rules/").text
    started = send(clerk, written(tried, starts_on="2025-04-03"), do="start")
    assert started.status_code == 302
    page = text_of(clerk.get("/alert-rules/").text)
    assert "即将到期到期前 10、5 天、当天" in page
    assert "设定预警规则，自2025年4月3日起启用" in page
    assert "约谈" not in page.split("拟定新规则")[0]
    assert "到期前 10、5 天、当天提醒责任单位；逾期 2 天起报领导小组办公室" in text_of(clerk.get("/alerts/").text)


def test_what_was_not_tried_is_tried_first(clerk):
    tried = send(clerk, written(clerk.get("/alert-rules/"), **OWN))
    answer = send(clerk, written(tried, **{"overdue-after": "2、8"}), do="start")
    assert answer.status_code == 409
    assert "已重新试算" in answer.text


def test_slips_are_told_beside_their_fields_and_nothing_typed_is_lost(clerk):
    answer = send(
        clerk, written(clerk.get("/alert-rules/"), **{"overdue-after": "七天", "interval": "", "urging": "x"})
    )
    assert answer.status_code == 422
    assert errors_of(answer) == [
        "“已逾期”的“之后”天数应为 1 至 365 的整数。",
        "“催办单”的逾期天数应为 1 至 365 的整数。",
        "两级之间的最短间隔应为 1 至 20 个工作日。",
    ]
    assert written(answer)["overdue-after"] == "七天"


def test_a_version_ahead_can_be_taken_back_and_the_default_restored(clerk):
    tried = send(clerk, written(clerk.get("/alert-rules/"), **OWN))
    send(clerk, written(tried), do="start")
    ahead = clerk.get("/alert-rules/")
    assert "2025年4月4日起改用新规则" in text_of(ahead.text)
    address = html.fromstring(ahead.text).xpath("//form[contains(@action, 'withdraw')]/@action")[0]
    assert "已撤销" in clerk.post(address, follow_redirects=True).text
    restored = clerk.get("/alert-rules/?from=default")
    assert written(restored)["due_soon-before"] == "15、7、3、0"
    assert "已填入系统默认的预警规则" in restored.text


def test_a_day_that_is_none_is_told(clerk):
    tried = send(clerk, written(clerk.get("/alert-rules/"), **OWN))
    answer = send(clerk, written(tried, starts_on="2025-02-30"), do="start")
    assert answer.status_code == 422
    assert "启用日期不存在" in answer.text


def test_only_the_office_sets_it(as_):
    assert as_("handler").get("/alert-rules/").status_code == 403
    assert as_("handler").post("/alert-rules/").status_code == 403
