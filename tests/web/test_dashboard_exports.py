import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from tests.boards import main_of, numbers
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.units import Unit
from tracker.rules.standing import Standing

QUERY = "quarter=2025Q2"


@pytest.fixture
def told(as_, busy_plan):
    return as_("leader").get(f"/dashboard/figures.json?plan={busy_plan}&{QUERY}").get_json()


def in_order(counts):
    return [counts[standing] for standing in Standing]


def csv_tables(text):
    """Rows by the name of their table."""
    tables, name = {}, ""
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
        if len(row) == 1:
            name = row[0]
        elif row:
            tables.setdefault(name, []).append(row)
    return tables


def test_the_json_says_what_the_page_says(as_, busy_plan, told):
    page = as_("leader").get(f"/dashboard?plan={busy_plan}&{QUERY}")
    shown = {address.split("quarter=2025Q2")[1]: number for number, address in numbers(page) if "2025Q2" in address}
    assert shown[""] == told["overdue_duties"] or shown[""] == sum(told["total"].values())
    for standing, number in told["total"].items():
        assert shown.get(f"&standing={standing}", 0) == number
    truths = told["truths"]
    for kind in ("reported", "verified", "calendar"):
        for value, number in truths[kind].items():
            assert shown.get(f"&{kind}={value}", 0) == number
    assert shown["&differs=1"] == truths["differing"]
    assert shown["&risk=1"] == len(told["items_at_risk"])
    assert shown["&dates=on_time"] == told["punctuality"]["on_time_original"]
    sentence = "".join(main_of(page).xpath("string(.//p[@class='sentence'])").split())
    assert sentence.replace("●", "").replace("▲", "").startswith(told["sentence"].replace(" ", ""))


def test_units_quarters_and_sections_add_up_to_the_same(told):
    assert sum(told["total"].values()) == 60
    assert told["quarters"]["2025Q2"] == told["total"]
    assert told["quarters"]["2025Q4"] is None
    for standing, number in told["total"].items():
        assert sum(of_section[standing] for of_section in told["sections"].values()) == number
    for unit in told["units"]:
        whole = sum(sum(unit[part].values()) for part in ("lead", "support"))
        assert sum(sum(cell.values()) for cell in unit["sections"].values()) == whole


def test_the_csv_has_the_same_numbers(as_, busy_plan, told):
    answer = as_("leader").get(f"/dashboard/figures.csv?plan={busy_plan}&{QUERY}")
    assert answer.mimetype == "text/csv"
    tables = csv_tables(answer.text)
    [_, *rows] = tables["各季度"]
    assert {row[0]: [int(cell) for cell in row[2:]] for row in rows}["2025年第二季度"] == in_order(told["total"])
    [_, *rows] = tables["各单位"]
    by_unit = {(row[0], row[2]): [int(cell) for cell in row[4:]] for row in rows}
    for unit in told["units"]:
        assert by_unit[unit["name"], "牵头"] == in_order(unit["lead"])
        assert by_unit[unit["name"], "配合"] == in_order(unit["support"])
    assert dict(tables["期限与风险"])["逾期应办事项"] == str(told["overdue_duties"])


def test_the_workbook_has_the_same_tables_with_numbers_as_numbers(as_, busy_plan):
    leader = as_("leader")
    content = leader.get(f"/dashboard/figures.xlsx?plan={busy_plan}&{QUERY}").data
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    of_csv = csv_tables(leader.get(f"/dashboard/figures.csv?plan={busy_plan}&{QUERY}").text)
    assert book.sheet_names == list(of_csv)
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()[4:]
        told = [[str(int(cell)) if isinstance(cell, float) else cell for cell in row] for row in rows]
        assert told == of_csv[name]
    assert isinstance(book.get_sheet_by_name("各季度").to_python()[5][1], float)


def test_a_name_that_looks_like_a_formula_is_none(app, as_, cast, busy_plan):
    with app.app_context(), transaction():
        db.session.get_one(Unit, cast.units["东镇"]).name = "=1+1"
    leader = as_("leader")
    assert "'=1+1" in leader.get(f"/dashboard/figures.csv?plan={busy_plan}&{QUERY}").text
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(leader.get(f"/dashboard/figures.xlsx?plan={busy_plan}&{QUERY}").data)
    )
    assert "=1+1" in {row[0] for row in book.get_sheet_by_name("各单位").to_python()}


def test_a_file_says_what_it_is_narrowed_to(as_, busy_plan):
    leader = as_("leader")
    text = leader.get(f"/dashboard/figures.csv?plan={busy_plan}&{QUERY}&group=1").text
    assert "筛选条件：单位组：各镇(园区、街道)" in text
    told = leader.get(f"/dashboard/figures.json?plan={busy_plan}&{QUERY}&group=1").get_json()
    assert told["narrowed"] == {"group": 1}
    assert {unit["name"] for unit in told["units"]} == {"东镇", "西镇"}
    by_kind = leader.get(f"/dashboard/figures.json?plan={busy_plan}&{QUERY}&unit_kind=department").get_json()
    assert by_kind["narrowed"] == {"unit_kind": "department"}
    assert {unit["kind"] for unit in by_kind["units"]} == {"department"}


def test_without_a_plan_there_is_nothing_to_export(as_):
    assert as_("stranger").get("/dashboard/figures.csv").status_code == 404
