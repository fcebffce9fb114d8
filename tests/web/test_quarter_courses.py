from datetime import date

import pytest

from tests.pages import text_of

OWN = {"reviewed": "8", "checked": "15", "closed": "18", "starts_on": "2025-04-03"}


@pytest.fixture
def clerk(as_):
    return as_("clerk")


def test_the_offices_own_days_stand_where_the_steps_are_shown(clerk):
    assert "报告、关账 4月25日" in text_of(clerk.get("/?quarter=2025Q1").text)
    saved = clerk.post("/quarter-course/", data=OWN, follow_redirects=True)
    assert "季度进度安排已保存，自2025年4月3日起启用" in text_of(saved.text)
    assert "设定季度进度安排（8 日审核完毕，15 日检查完毕，18 日报告、关账）" in text_of(saved.text)
    assert "报告、关账 4月18日" in text_of(clerk.get("/?quarter=2025Q1").text)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reviewed": "0"}, "“审核完毕”应为 1 至 28 日"),
        ({"closed": "三十"}, "“报告、关账”应为 1 至 28 日"),
        ({"checked": "7"}, "“检查完毕”不能早于上一步的 8 日"),
        ({"starts_on": "2025-04-02"}, "启用日期应为今天（2025年4月3日）或以后"),
        ({"starts_on": "2025-02-30"}, "启用日期不存在"),
    ],
)
def test_what_cannot_stand_is_said_at_its_field_and_stays_typed(clerk, typed, sentence):
    answer = clerk.post("/quarter-course/", data=OWN | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(f'value="{value}"' in answer.text for value in (OWN | typed).values())


def test_what_is_ahead_is_announced_and_can_be_taken_back(clerk, as_, move_to):
    clerk.post("/quarter-course/", data=OWN | {"starts_on": "2025-04-20"})
    page = clerk.get("/quarter-course/").text
    assert "2025年4月20日起改用新安排" in text_of(page)
    address = page.split('action="')[1:]
    withdraw = next(part.split('"')[0] for part in address if "withdraw" in part)
    assert as_("stranger").post(withdraw).status_code == 404
    move_to(date(2025, 4, 4))
    assert clerk.post(withdraw).status_code == 302
    assert "撤销拟自2025年4月20日起启用的季度进度安排" in text_of(clerk.get("/quarter-course/").text)


def test_only_the_office_may(as_):
    assert as_("handler").get("/quarter-course/").status_code == 403
    assert as_("leader").post("/quarter-course/", data=OWN).status_code == 403
