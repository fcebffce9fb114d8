"""The figures of a quarter report's form: typed, computed, counted from events, and read by whoever reviews them."""

from decimal import Decimal

import pytest
from lxml import html
from sqlalchemy import select

from tests.conftest import TODAY
from tests.reporting import MISSING, Q2, content, rate, report_duty, review, submit
from tracker.ledger import occurrences, reports
from tracker.ledger.db import db, transaction
from tracker.ledger.figures import figure_kept
from tracker.ledger.occurrences import Registered
from tracker.ledger.tables.plans import Item, ItemTarget
from tracker.ledger.tables.units import Unit
from tracker.rules.figures import Exclusion, Figure, Rate
from tracker.rules.reports import Verdict

WRITTEN = {"progress": "已开展。", "progress_class": "on_schedule", "version": "", "missing_note": MISSING}


@pytest.fixture
def handler(as_):
    return as_("handler")


@pytest.fixture
def town(as_):
    return as_("town")


@pytest.fixture
def opened(app, cast):
    """县司法局's duty to report on the first item, and the first part of the names of its rate's fields."""
    with app.app_context():
        return report_duty(cast).id, f"rate-{rate(cast)}"


@pytest.fixture
def held(app, cast):
    """东镇's duty to report on the second item, and the id of its count."""
    with app.app_context():
        return report_duty(cast, 1, "东镇").id, count_of(cast)


def count_of(cast) -> int:
    return db.session.scalars(select(ItemTarget.id).where(ItemTarget.item_id == cast.items[1])).one()


def post(client, duty, act="save", **fields):
    return client.post(f"/reports/{duty}", data=WRITTEN | {"act": act} | fields)


def figure(app, cast, item=0, unit="县司法局", quarter=None) -> Figure | None:
    """What the ledger keeps of the item's one target."""
    with app.app_context():
        duty = report_duty(cast, item, unit, quarter) if quarter else report_duty(cast, item, unit)
        report = reports.report_on(duty)
        return figure_kept(report.figures[0]) if report and report.figures else None


def words(answer) -> str:
    return " ".join(html.fromstring(answer.text).find(".//main").text_content().split())


def beside(answer, name: str) -> str:
    """The sentence beside the field; the list on top leads to it."""
    page = html.fromstring(answer.text)
    [field] = page.xpath(f"//main//*[@name='{name}']")
    assert f"#{field.get('id')}" in page.xpath("//div[@class='error-summary']//a/@href")
    return page.get_element_by_id(f"{field.get('id')}-error").text_content()


def parts(name, **given):
    return {f"{name}-{part.replace('_', '-')}": value for part, value in given.items()}


# A rate


def test_a_rate_is_computed_from_what_was_done_and_due(app, cast, handler, opened):
    duty, name = opened
    fields = parts(
        name, done="1,018", due="1020", excluded_1="1", ground_1="申请人撤回", excluded_3="１", ground_3="移送"
    )
    assert post(handler, duty, "submit", **fields).status_code == 302
    assert figure(app, cast) == Figure.of(
        Rate(Decimal(1018), Decimal(1020), (Exclusion(Decimal(1), "申请人撤回"), Exclusion(Decimal(1), "移送")))
    )


def test_a_rate_that_is_typed_is_no_field_of_the_form(app, cast, handler, opened):
    duty, name = opened
    assert post(handler, duty, **{name.replace("rate", "figure"): "95"}).status_code == 302
    assert figure(app, cast) is None


def test_where_nothing_was_due_two_noughts_say_so(app, cast, handler, opened):
    duty, name = opened
    assert post(handler, duty, "submit", **parts(name, done="0", due="0")).status_code == 302
    assert figure(app, cast).value is None
    assert "本季度无应办件" in words(handler.get("/reports/?quarter=2025Q1"))


def test_a_draft_keeps_half_a_rate_and_shows_it_again(app, cast, handler, opened):
    duty, name = opened
    assert post(handler, duty, **parts(name, done="9", excluded_2="1")).status_code == 302
    page = html.fromstring(handler.get(f"/reports/{duty}").text)
    shown = {field.get("name"): field.get("value") for field in page.xpath(f"//input[starts-with(@name, '{name}')]")}
    assert (shown[f"{name}-done"], shown[f"{name}-due"], shown[f"{name}-excluded-1"]) == ("9", "", "1")


@pytest.mark.parametrize(
    ("given", "part", "sentence"),
    [
        ({"done": "9"}, "due", "请填写“预公开率达95%”的应办数"),
        ({"due": "9"}, "done", "请填写“预公开率达95%”的已办结数"),
        ({"done": "9", "due": "8"}, "done", "“预公开率达95%”的已办结数 9 多于应办数 8，请核对。"),
        ({"done": "约九", "due": "8"}, "done", "“预公开率达95%”的已办结数应填数字（如 12 或 95.5），不能填“约九”。"),
        ({"done": "8", "due": "9", "excluded_4": "1"}, "ground-4", "请写明法定或正当理由"),
        ({"done": "8", "due": "9", "ground_2": "撤回"}, "excluded-2", "写有剔除理由，请填写剔除数"),
        ({"done": "8", "due": "9", "excluded_2": "-1", "ground_2": "撤回"}, "excluded-2", "应大于 0"),
        ({"done": "8", "due": "9", "excluded_2": "1", "ground_2": "字" * 201}, "ground-2", "最多 200 字"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_all_that_was_typed_stays(
    app, cast, handler, opened, given, part, sentence
):
    duty, name = opened
    answer = post(handler, duty, "submit", **parts(name, **given))
    assert answer.status_code == 422
    assert sentence in beside(answer, f"{name}-{part}")
    page = html.fromstring(answer.text)
    for field, typed in parts(name, **given).items():
        assert page.xpath(f"//input[@name='{field}']/@value") == [typed]
    assert figure(app, cast) is None


def test_last_quarters_figure_stands_beside_the_fields_with_its_basis(app, cast, handler):
    with app.app_context():
        submit(cast, content(figures={rate(cast): "80"}), report_duty(cast))
    page = words(handler.get("/reports/?quarter=2025Q2"))
    assert "2025年第一季度填报：80%（已办结 80，应办 100）" in page
    assert "按未舍入的数值判断" in page


# A count


@pytest.mark.parametrize(("typed", "kept"), [("1,000", 1000), ("９．５", "9.5"), (" 2次 ", 2), ("", None)])
def test_a_count_is_taken_as_people_type_it(app, cast, town, held, typed, kept):
    duty, target = held
    assert post(town, duty, **{f"figure-{target}": typed}).status_code == 302
    assert figure(app, cast, 1, "东镇") == (None if kept is None else Figure(Decimal(kept)))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("约九次", "“每年不少于1次”的本年累计数值应填数字（如 12 或 95.5），不能填“约九次”。"),
        ("-1", "“每年不少于1次”的数值不能为负数。"),
    ],
)
def test_what_is_no_count_is_refused_by_name(town, held, typed, sentence):
    duty, target = held
    answer = post(town, duty, **{f"figure-{target}": typed})
    assert beside(answer, f"figure-{target}") == sentence
    assert f'value="{typed}"' in answer.text


def test_a_count_that_went_back_asks_why(app, cast, town):
    with app.app_context():
        target = count_of(cast)
        submit(cast, content(figures={target: Figure(Decimal(3))}), report_duty(cast, 1, "东镇"), by="town")
        duty = report_duty(cast, 1, "东镇", Q2).id
    fewer = {f"figure-{target}": "2"}
    assert post(town, duty, **fewer).status_code == 302  # a draft may lack it
    version = {
        "version": html.fromstring(town.get(f"/reports/{duty}").text).xpath("string(//*[@name='version']/@value)")
    }
    answer = post(town, duty, "submit", **fewer, **version)
    assert beside(answer, f"reason-{target}") == (
        "“每年不少于1次”本年累计由2025年第一季度的 3次 减为 2次，请填写减少原因，或核对数值。"
    )
    assert post(town, duty, "submit", **fewer, **version, **{f"reason-{target}": "一次重复填报"}).status_code == 302
    assert figure(app, cast, 1, "东镇", Q2) == Figure(Decimal(2), reason="一次重复填报")


def test_what_did_not_go_back_keeps_no_reason(app, cast, town, held):
    duty, target = held
    post(town, duty, **{f"figure-{target}": "2", f"reason-{target}": "多余的话"})
    assert figure(app, cast, 1, "东镇") == Figure(Decimal(2))


def test_what_is_registered_counts_instead_of_what_is_typed(app, cast, town, held):
    duty, target = held
    register(app, cast, target)
    page = town.get(f"/reports/{duty}")
    assert "本年累计 3次 由办理登记自动汇总，在此不能修改。" in words(page)
    assert f"/occurrences/?item={cast.items[1]}&unit={cast.units['东镇']}" in page.text.replace("&amp;", "&")
    assert f'name="figure-{target}"' not in page.text
    assert post(town, duty, "submit", **{f"figure-{target}": "9"}).status_code == 302
    assert figure(app, cast, 1, "东镇") == Figure(Decimal(3), counted=True)


def register(app, cast, target):
    with app.app_context(), transaction():
        item, unit = db.session.get_one(Item, cast.items[1]), db.session.get_one(Unit, cast.units["东镇"])
        what = Registered("政府开放日", TODAY.replace(month=3), Decimal(3), target_id=target)
        occurrences.register(cast.act("town"), item, unit, what)


# Who reads it


def test_the_reviewer_reads_what_a_rate_comes_from_and_what_changed(app, cast, handler, opened, as_):
    duty, name = opened
    post(handler, duty, "submit", **parts(name, done="8", due="10", excluded_1="1", ground_1="申请人撤回"))
    clerk = as_("clerk")
    page = words(clerk.get("/reviews/"))
    assert "约88.89% 尚未达到 已办结 8 ÷ （应办 10 － 剔除 1） 剔除 1：申请人撤回" in page
    with app.app_context():
        review(cast, reports.report_on(report_duty(cast)), Verdict.RETURN, "撤回的不止一件。")
        version = reports.report_on(report_duty(cast)).version
    fields = parts(name, done="8", due="10", excluded_1="2", ground_1="申请人撤回")
    assert post(handler, duty, "submit", version=version, **fields).status_code == 302
    page = html.fromstring(clerk.get("/reviews/").text)
    assert "约88.89%" in page.xpath("string(//del)")
    assert "剔除 2" in " ".join(page.xpath("//ins//text()"))


def test_two_who_write_at_once_see_both_figures(app, cast, handler, opened, as_):
    duty, name = opened
    post(handler, duty, **parts(name, done="8", due="10"))
    with app.app_context():
        seen = reports.report_on(report_duty(cast)).version
    post(as_("colleague"), duty, version=seen, **parts(name, done="9", due="10"))
    answer = post(handler, duty, version=seen, **parts(name, done="7", due="10"))
    assert answer.status_code == 409
    page = words(answer)
    assert "90%（已办结 9，应办 10）" in page
    assert "70%（已办结 7，应办 10）" in page


def test_a_ground_is_only_ever_shown(handler, opened):
    duty, name = opened
    hostile = "<script>alert(1)</script>{{7*7}}"
    post(handler, duty, "submit", **parts(name, done="8", due="9", excluded_1="1", ground_1=hostile))
    page = handler.get("/reports/?quarter=2025Q1").text
    assert "<script>alert" not in page
    assert "{{7*7}}" in page


def test_no_id_stands_twice_where_one_writes_for_several_units(app, cast, handler, opened):
    ids = html.fromstring(handler.get("/reports/?quarter=2025Q1").text).xpath("//@id")
    assert len(ids) == len(set(ids))
