"""The page of what a unit registered on an item: who may, what follows, and nothing typed is lost."""

import io
from datetime import date

import pytest
from lxml import html
from sqlalchemy import select

from tests.pages import errors_of, queries, text_of
from tests.reporting import count
from tracker.ledger import occurrences, plans, units
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.occurrences import Occurrence
from tracker.ledger.tables.plans import Origin
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.duties import DutyKind

SAYS = Origin.DOCUMENT
WITHIN = "政策文件印发后3个工作日内解读"
FORM = {"title": "《办法》", "happened_on": "2025-04-01", "amount": "1", "link": ""}


@pytest.fixture
def item(app, cast) -> int:
    """An item of 县司法局 with a deadline that runs from an event."""
    deadline = Deadline(DeadlineKind.RELATIVE, days=3, workdays=True, event="印发")
    with app.app_context(), transaction():
        bureau = units.unit_of(cast.county, cast.units["县司法局"])
        responsible = [(bureau, True, "县司法局", SAYS)]
        facts = plans.ItemFacts(
            ["解读"], "做好政策解读。", responsible=responsible, deadlines=[(WITHIN, deadline, SAYS)]
        )
        plan = plans.register(cast.act(), plans.PlanFacts("解读计划", "示例县政府办公室", 2025), [facts])
        return plan.items[0].id


@pytest.fixture
def form(app, cast, item):
    with app.app_context():
        return FORM | {"deadline": str(plans.item_of(cast.county, item, None).deadlines[0].id)}


def address(item, cast=None, unit=None):
    return f"/occurrences/?item={item}" + (f"&unit={cast.units[unit]}" if unit else "")


def running(app):
    with app.app_context():
        return db.session.scalars(select(Duty.id).where(Duty.kind == DutyKind.RELATIVE)).all()


def test_a_unit_registers_and_sees_what_follows(app, as_, item, form):
    answer = as_("handler").post(address(item), data=form, follow_redirects=True)
    page = text_of(answer.text)
    assert "已登记“《办法》”。" in page
    assert "2025年4月7日前 ○ 4 天后到期" in page, "Qingming is on the 4th"
    [duty] = running(app)
    assert html.fromstring(answer.text).xpath(f"//a[@href='/duties/{duty}']/text()") == ["登记完成"]


def test_a_count_asks_for_no_deadline(app, cast, as_):
    with app.app_context():
        target = plans.item_of(cast.county, cast.items[1], None).targets[0].id
    town = as_("town")
    fields = html.fromstring(town.get(address(cast.items[1])).text).xpath("//form//@name")
    assert ("deadline" in fields, "target" in fields) == (False, True)
    page = town.post(address(cast.items[1]), data=FORM | {"target": str(target)}, follow_redirects=True)
    assert "已登记 1次，已达到" in text_of(page.text)


def test_the_office_registers_for_any_unit(app, cast, as_, item, form):
    assert as_("clerk").post(address(item, cast, "县司法局"), data=form).status_code == 302
    assert len(running(app)) == 1


@pytest.mark.parametrize(
    ("login", "status"),
    [("viewer", 403), ("leader", 403), ("inspector", 403), ("town", 404), ("stranger", 404), ("admin", 403)],
)
def test_nobody_else_registers(app, as_, item, form, login, status):
    assert as_(login).post(address(item), data=form).status_code == status
    with app.app_context():
        assert count(Occurrence) == 0


@pytest.mark.parametrize(("login", "status"), [("viewer", 200), ("colleague", 200), ("town", 404), ("stranger", 404)])
def test_who_may_look(as_, item, login, status):
    assert as_(login).get(address(item)).status_code == status


def test_a_unit_that_has_no_part_is_not_found_or_refused(cast, as_, item, form):
    assert as_("handler").get(address(item, cast, "东镇")).status_code == 404
    answer = as_("clerk").post(address(item, cast, "东镇"), data=form)
    assert "不承担该任务" in answer.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "请填写事项名称，如文件标题、活动名称。"),
        ({"title": "长" * 101}, "事项名称最多 100 字。"),
        ({"happened_on": "2025-02-30"}, "日期不存在，请按 2025-08-31 的格式填写。"),
        ({"amount": "一"}, "请填写数字，如 95 或 0.5。"),
        ({"deadline": "999"}, "请从列出的选项中选择。"),
        ({"link": "javascript:alert(1)"}, "链接须是以 http:// 或 https:// 开头的完整网址，且不超过 500 字。"),
    ],
)
def test_a_form_that_is_refused_keeps_what_was_typed(as_, item, form, change, sentence):
    answer = as_("handler").post(address(item), data=form | change)
    assert errors_of(answer) == [sentence]
    assert html.fromstring(answer.text).xpath("string(//input[@name='title']/@value)") == (form | change)["title"]


def test_what_the_rules_refuse_is_said_above_the_form(as_, item, form):
    answer = as_("handler").post(address(item), data=form | {"happened_on": "2025-04-09"})
    assert answer.status_code == 422
    assert "尚未到来" in answer.text
    assert 'value="《办法》"' in answer.text


def test_a_file_is_kept_and_handed_out_as_an_attachment(app, cast, as_, item, form):
    upload = {"file": (io.BytesIO(b"%PDF-1.4 x"), "解读.pdf")}
    as_("handler").post(address(item), data=form | upload)
    with app.app_context():
        event = db.session.scalars(select(Occurrence)).one()
        assert event.file.name == "解读.pdf"
        file = f"/occurrences/{event.id}/file"
    answer = as_("viewer").get(file)
    assert (answer.data, answer.headers["Content-Disposition"].split(";")[0]) == (b"%PDF-1.4 x", "attachment")
    assert as_("town").get(file).status_code == 404
    program = {"file": (io.BytesIO(b"MZ"), "解读.exe")}
    assert "不是可以上传的文件类型" in as_("handler").post(address(item), data=form | program).text


def test_taking_back_asks_for_a_reason_and_leaves_the_row(app, cast, as_, item, form):
    handler = as_("handler")
    handler.post(address(item), data=form)
    with app.app_context():
        event = db.session.scalars(select(Occurrence.id)).one()
    assert handler.post(f"/occurrences/{event}/revocation", data={"reason": ""}).status_code == 422
    assert as_("town").post(f"/occurrences/{event}/revocation", data={"reason": "误"}).status_code == 404
    assert as_("viewer").post(f"/occurrences/{event}/revocation", data={"reason": "误"}).status_code == 403
    page = handler.post(f"/occurrences/{event}/revocation", data={"reason": "登记有误"}, follow_redirects=True)
    assert "2025年4月3日撤回：登记有误" in text_of(page.text)


def test_the_page_takes_the_same_number_of_queries_for_twenty_events(app, cast, as_, item, form):
    handler = as_("handler")
    handler.post(address(item), data=form)
    few = queries(app, handler, address(item))
    with app.app_context(), transaction():
        found = plans.item_of(cast.county, item, None)
        for number in range(20):
            what = occurrences.Registered(f"文件{number}", date(2025, 4, 1), deadline_id=int(form["deadline"]))
            occurrences.register(cast.act(), found, units.unit_of(cast.county, cast.units["县司法局"]), what)
    assert queries(app, handler, address(item)) == few


def test_the_list_names_what_there_is_to_register(cast, as_, item):
    page = text_of(as_("clerk").get("/occurrences/").text)
    assert WITHIN in page
    assert "每年不少于1次" in text_of(as_("town").get(f"/occurrences/?plan={cast.plan}").text)
