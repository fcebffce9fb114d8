import csv
import io
from datetime import date

import pytest
from lxml import html
from python_calamine import CalamineWorkbook

from tests.reporting import queries
from tests.web.test_items import LATER, add_plan, hand_in, main_of
from tracker.rules.reports import ProgressClass

ABOUT = 3  # lines above the head: title, what it is of, filters


def on_pages(client, kind, query):
    """The lines that stand on all pages, cell by cell."""
    address, lines = f"/items/{'' if kind == 'list' else 'duties'}?{query}", []
    while address:
        page = main_of(client.get(address))
        for line in page.iterfind(".//tbody/tr"):
            lines.append([" ".join(cell.text_content().split()) for cell in line])
        further = page.find(".//a[@rel='next']")
        address = further.get("href") if further is not None else None
    return lines


def as_csv(client, kind, query):
    answer = client.get(f"/items/{kind}.csv?{query}")
    assert answer.mimetype == "text/csv"
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def as_xlsx(client, kind, query):
    answer = client.get(f"/items/{kind}.xlsx?{query}")
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data())).get_sheet_by_index(0).to_python()


def test_the_years_table_holds_the_lines_of_each_plans_own(app, as_, cast):
    with app.app_context():
        hand_in(cast)
        other = add_plan(cast, 2)
    leader, about = as_("leader"), "quarter=2025Q1"
    year = as_csv(leader, "year", f"plan={cast.plan}&{about}")
    own = [line for plan in (cast.plan, other) for line in as_csv(leader, "list", f"plan={plan}&{about}")[ABOUT + 1 :]]
    assert year[ABOUT][0] == "计划"
    assert [line[1:] for line in year[ABOUT + 1 :]] == own
    assert {line[0] for line in year[ABOUT + 1 :]} == {"2025年政务公开工作计划", "2025年重点任务分工方案"}


@pytest.mark.parametrize(
    "query",
    ["", "sort=worst", "sort=unit", "q=政务", "standing=overdue&sort=deadline", "progress=on_schedule", "q=没有"],
)
def test_page_csv_and_workbook_agree_record_by_record(app, as_, cast, move_to, query):
    with app.app_context():
        hand_in(cast, progress="=HYPERLINK(1)")
        hand_in(cast, item=2, progress_class=ProgressClass.COMPLETED)
    move_to(LATER)
    leader, query = as_("leader"), f"quarter=2025Q1&{query}"
    shown, table, book = (read(leader, "list", query) for read in (on_pages, as_csv, as_xlsx))
    assert len(shown) == len(table) - ABOUT - 1 == len(book) - ABOUT - 1
    head = table[ABOUT]
    assert book[ABOUT] == head
    for line, in_table, in_book in zip(shown, table[ABOUT + 1 :], book[ABOUT + 1 :], strict=True):
        assert [cell.removeprefix("'") for cell in in_table] == in_book
        told = dict(zip(head, in_book, strict=True))
        assert line[0] == told["序号"]
        assert told["工作任务"].startswith(line[1].split(" ")[0])
        for name in ("牵头单位", "配合单位", "完成时限", "量化指标", "进度等次"):
            assert told[name] in " ".join(line), name
        assert line[5].startswith(told["灯"])
        assert line[7] in ("—", told["最近进展"].partition("：")[2])


def test_all_pages_are_in_the_file(app, as_, cast):
    with app.app_context():
        plan = add_plan(cast, 120)
    leader, query = as_("leader"), f"plan={plan}&quarter=2025Q1&sort=worst"
    numbers = [line[0] for line in on_pages(leader, "list", query)]
    assert len(numbers) == 120
    assert [row[0] for row in as_csv(leader, "list", query)[ABOUT + 1 :]] == numbers
    assert [row[0] for row in as_xlsx(leader, "list", query)[ABOUT + 1 :]] == numbers


@pytest.mark.parametrize("query", ["", "part=support", "q=决策", "dates=due", "due_to=2025-04-10"])
def test_duties_agree_line_by_line(as_, cast, move_to, query):
    move_to(date(2025, 9, 10))
    leader, query = as_("leader"), f"quarter=2025Q3&{query}"
    shown, table, book = (read(leader, "duties", query) for read in (on_pages, as_csv, as_xlsx))
    assert table[ABOUT:] == book[ABOUT:]
    assert [[line[0], line[1].split(" ")[0], *line[2:5]] for line in shown] == [row[:5] for row in table[ABOUT + 1 :]]


def test_the_file_says_what_it_is_a_list_of(as_, cast):
    unit = cast.units["县司法局"]
    query = f"quarter=2025Q1&as_of=2025-04-02&unit={unit}&part=lead&q=决策"
    title, about, filters, *_ = as_xlsx(as_("leader"), "list", query)
    assert title[0] == "2025年政务公开工作计划台账"
    assert about[0] == "2025年第一季度　　截至2025年4月2日　　共 3 项，符合条件 1 项"
    assert filters[0] == "筛选条件：查找：决策；单位：县司法局；分工：牵头"


def test_the_file_is_named_for_people(as_):
    for ending in ("csv", "xlsx"):
        answer = as_("leader").get(f"/items/list.{ending}?quarter=2025Q1")
        name = "2025%E5%B9%B4%E6%94%BF%E5%8A%A1%E5%85%AC%E5%BC%80%E5%B7%A5%E4%BD%9C%E8%AE%A1%E5%88%92%E5%8F%B0%E8%B4%A6"
        assert f"filename*=UTF-8''{name}.{ending}" in answer.headers["Content-Disposition"]
        answer.get_data()


def test_a_unit_exports_its_own_lines_alone(as_, cast, move_to):
    move_to(LATER)
    town = as_("town")
    assert [row[0] for row in as_csv(town, "list", "quarter=2025Q1")[ABOUT + 1 :]] == ["1", "2"]
    assert {row[1] for row in as_csv(town, "duties", "quarter=2025Q1")[ABOUT + 1 :]} == {"东镇"}
    assert town.get(f"/items/list.csv?unit={cast.units['西镇']}").status_code == 404


def test_without_a_plan_there_is_nothing_to_export(as_):
    answer = as_("stranger").get("/items/list.xlsx")
    assert answer.status_code == 404
    assert "没有可以导出的台账" in answer.text


def test_the_page_leads_to_the_files_of_what_it_shows(as_):
    page = html.fromstring(as_("leader").get("/items/?quarter=2025Q1&q=预公开&sort=worst").text)
    [book] = page.xpath("//a[starts-with(text(), '导出 Excel')]/@href")
    assert len(as_xlsx(as_("leader"), "list", book.partition("?")[2])) == ABOUT + 2


def test_more_items_ask_no_more_of_the_database(app, as_, cast):
    leader, asked = as_("leader"), []
    for items in (2, 40):
        with app.app_context():
            plan = add_plan(cast, items)
        with app.app_context(), queries() as statements:
            as_csv(leader, "list", f"plan={plan}&quarter=2025Q1")
        asked.append(len(statements))
    assert asked[0] == asked[1]
