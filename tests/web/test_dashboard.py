import json
import re
import shutil
from datetime import date, timedelta

import pytest
from lxml import html

from tests import reporting
from tracker.ledger import plans, reports, reviews
from tracker.ledger.db import db, transaction
from tracker.ledger.report_content import ReportContent
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Origin
from tracker.ledger.tables.units import Unit
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportText, Verdict

LATE_JULY = date(2025, 7, 20)
END_OF_JUNE = Deadline(DeadlineKind.DATE, due=date(2025, 6, 30))
CLASSES = list(ProgressClass)


def report_some(cast, plan_id):
    """Two quarters of reports: every class occurs, one in five is missing, some come late, some are returned."""
    for number in (1, 2):
        quarter = Quarter(2025, number)
        asked = db.select(Duty).where(
            Duty.plan_id == plan_id, Duty.kind == DutyKind.QUARTER_REPORT, Duty.quarter == quarter
        )
        for turn, duty in enumerate(db.session.scalars(asked.order_by(Duty.id)).all()):
            if turn % 5 != number:
                hand_in(cast, duty, quarter.end + timedelta(days=3 + turn % 7), turn)


def hand_in(cast, duty, on, turn):
    text = ReportText("已开展。", problems="人手不足。", progress_class=CLASSES[turn % len(CLASSES)])
    report = reports.submit(cast.act("handler", on), duty, ReportContent(text, missing_note=reporting.MISSING), None)
    if turn % 3 == 0:
        verdict = Verdict.RETURN if turn % 2 else Verdict.ACCEPT
        reviews.review(cast.act("clerk", on + timedelta(days=1)), report, verdict, "请补充。", 1)


def add_plan(cast, items, title="2025年重点任务分工方案"):
    """A plan of so many items in four sections and none; each unit leads some and supports others."""
    with transaction():
        known = db.session.scalars(db.select(Unit).where(Unit.organisation_id == cast.county).order_by(Unit.id)).all()
        facts = [
            plans.ItemFacts(
                section=[f"板块{'一二三四'[turn % 4]}&“重点”"] if turn % 5 else [],
                number=f"{turn + 1}.",
                task=f"做好第{turn + 1}项工作。",
                deadlines=[("6月底前", END_OF_JUNE, Origin.DOCUMENT)][turn % 7 :],
                responsible=[
                    (known[turn % 4], True, "", Origin.DOCUMENT),
                    *([(known[(turn + 1) % 4], False, "", Origin.OFFICE)] if turn % 3 == 0 else []),
                ],
            )
            for turn in range(items)
        ]
        return plans.register(cast.act(on=date(2025, 1, 6)), plans.PlanFacts(title, "示例县", 2025), facts).id


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where the busy plan's database is kept: made once, copied for each test."""
    return tmp_path_factory.mktemp("busy") / "ledger.db"


@pytest.fixture
def busy_plan(app, cast, move_to, tmp_path, kept):
    """A plan of 60 items with two quarters of reports, looked at in late July."""
    with app.app_context():
        if not kept.exists():
            plan_id = add_plan(cast, 60)
            with transaction():
                report_some(cast, plan_id)
            db.engine.dispose()
            shutil.copy(tmp_path / "ledger.db", kept)
        shutil.copy(kept, tmp_path / "ledger.db")
        move_to(LATE_JULY)
        return max(plan.id for plan in plans.plans_of(cast.county))


def main_of(page):
    return html.fromstring(page.text).get_element_by_id("main")


def numbers(page):
    """Every number of the page that leads somewhere, with its address."""
    for link in main_of(page).iterfind(".//a"):
        says = re.fullmatch(r"(?:共 |全部 )?(\d+)(?: [项条].*|\s+全部任务|\s+\S+)?", link.text_content().strip())
        if says:
            yield int(says[1]), link.get("href")


def rows_behind(client, address):
    """How many lines the list at an address shows, all of its pages together."""
    total = 0
    while address:
        page = main_of(client.get(address))
        total += len(page.findall(".//tbody/tr"))
        further = page.find(".//a[@rel='next']")
        address = further.get("href") if further is not None else None
    return total


@pytest.mark.parametrize("query", ["quarter=2025Q2", "quarter=2025Q2&as_of=2025-07-06", "quarter=2025Q1"])
def test_every_number_leads_to_exactly_the_records_it_counts(as_, busy_plan, query):
    leader = as_("leader")
    told = set(numbers(leader.get(f"/dashboard?plan={busy_plan}&{query}")))
    assert len(told) > 50
    for number, address in told:
        assert rows_behind(leader, address) == number, address


def test_every_part_of_a_bar_leads_to_the_records_it_counts(as_, busy_plan):
    leader = as_("leader")
    page = main_of(leader.get(f"/dashboard?plan={busy_plan}&quarter=2025Q2"))
    charts = [holder.get("data-figure") for holder in page.iterfind(".//div[@data-figure]")]
    assert len(charts) == 3
    for bar in json.loads(charts[0])["data"]:
        for number, address in zip(bar.get("y"), bar["customdata"], strict=True):
            if number:
                assert rows_behind(leader, address) == number


def test_what_needs_attention_is_overdue_and_worst_first(as_, busy_plan):
    page = main_of(as_("leader").get(f"/dashboard?plan={busy_plan}&quarter=2025Q2"))
    shown = page.find(".//table[@class='list attention']").text_content()
    days = [int(d) for d in re.findall(r"(?:逾期|未填报) (\d+) 天", shown)]
    assert len(days) == 5
    assert days == sorted(days, reverse=True)
    assert days[0] == (LATE_JULY - date(2025, 4, 7)).days


def test_the_page_answers_at_exactly_its_address(as_):
    assert as_("leader").get("/dashboard").status_code == 200


def test_the_page_shows_the_day_that_is_asked_for(as_, busy_plan):
    leader = as_("leader")
    before = leader.get(f"/dashboard?plan={busy_plan}&quarter=2025Q1&as_of=2025-04-01").text
    after = leader.get(f"/dashboard?plan={busy_plan}&quarter=2025Q1&as_of=2025-04-20").text
    assert "没有逾期事项" in before
    assert "没有逾期事项" not in after
    assert "截至2025年4月20日" in after
    assert "as_of=2025-04-20" in after


def test_a_quarter_is_compared_with_the_one_before_at_the_same_moment(as_, busy_plan):
    text = main_of(as_("leader").get(f"/dashboard?plan={busy_plan}&quarter=2025Q2")).text_content()
    assert re.search(r"较上季度同期（4月20日）[多少] \d+ 项逾期。", text)
    first = main_of(as_("leader").get(f"/dashboard?plan={busy_plan}&quarter=2025Q1")).text_content()
    assert "较上季度" not in first


def test_quarters_ahead_are_not_begun(as_, busy_plan):
    page = main_of(as_("leader").get(f"/dashboard?plan={busy_plan}&quarter=2025Q2&as_of=2025-06-30"))
    rows = page.xpath(".//section[@aria-labelledby='by-quarter']//tbody/tr")
    assert ["未开始" in row.text_content() for row in rows] == [False, False, True, True]


def test_a_quarter_that_has_not_begun_says_so(as_, cast):
    text = as_("leader").get(f"/dashboard?plan={cast.plan}&quarter=2025Q3").text
    assert "2025年第三季度尚未开始" in text


@pytest.mark.parametrize(
    ("as_of", "sentence"),
    [
        ("2025-02-30", "日期“2025-02-30”不存在"),
        ("2025-04-04", "截至日期2025年4月4日尚未到来，无法统计。请选择2025年4月3日或更早的日期。"),
        ("9999-12-31", "尚未到来"),
    ],
)
def test_a_date_that_cannot_be_is_refused_in_words(as_, as_of, sentence):
    answer = as_("leader").get(f"/dashboard?as_of={as_of}")
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_first_day_of_all_is_no_fault(as_):
    assert as_("leader").get("/dashboard?as_of=0001-01-01").status_code == 200


def test_without_a_plan_the_page_says_what_to_do(as_):
    page = as_("stranger").get("/dashboard").text
    assert "还没有计划" in page
    assert "data-figure" not in page
    assert "plotly" not in page


def test_a_plan_without_reports_has_a_page(as_, cast):
    text = main_of(as_("leader").get(f"/dashboard?plan={cast.plan}&quarter=2025Q2&as_of=2025-04-01")).text_content()
    assert "共 3 项任务，其中 3 项待填报。" in text


def test_a_strangers_plan_is_not_found(as_, cast):
    assert as_("stranger").get(f"/dashboard?plan={cast.plan}").status_code == 404


def test_a_unit_does_not_see_all_units_side_by_side(as_):
    assert as_("handler").get("/dashboard").status_code == 403


def test_styles_are_allowed_on_this_page_alone(as_):
    leader = as_("leader")
    board = leader.get("/dashboard").headers["Content-Security-Policy"]
    other = leader.get("/items/").headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in board
    assert board.replace("; style-src 'self' 'unsafe-inline'", "") == other
    assert "unsafe" not in other


def test_the_charts_script_comes_from_here_and_is_kept_by_the_browser(as_):
    leader = as_("leader")
    [address] = re.findall(r'src="([^"]*plotly[^"]*)"', leader.get("/dashboard").text)
    answer = leader.get(address)
    assert answer.mimetype == "text/javascript"
    assert answer.cache_control.max_age > 30 * 24 * 3600
    again = leader.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("address", ["/dashboard", "/items/"])
def test_more_items_ask_no_more_of_the_database(app, as_, cast, address):
    with app.app_context():
        few, many = add_plan(cast, 3), add_plan(cast, 30, "另一个计划")
    asked = {}
    for plan_id in (few, many):
        leader = as_("leader")
        with app.app_context(), reporting.queries() as queries:
            assert leader.get(f"{address}?plan={plan_id}&quarter=2025Q1").status_code == 200
        asked[plan_id] = len(queries)
    assert asked[few] == asked[many] < 45  # the list notes who looked, and asks what its lights look at
