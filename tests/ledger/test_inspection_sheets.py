"""The figures of the inspection sheet, as they stood at the end of a day."""

from datetime import date

import pytest

from tests.conftest import TODAY, Cast
from tests.reporting import Q1, content, duty_of_kind, report_duty, review, submit
from tracker.ledger.db import db
from tracker.ledger.inspection_sheets import inspection_sheets
from tracker.ledger.tables.plans import Plan
from tracker.rules.duties import DutyKind
from tracker.rules.inspection_sheets import InspectedItem, InspectionSheets
from tracker.rules.reports import Verdict

pytestmark = pytest.mark.usefixtures("app_context")

AFTER_THE_DAY = date(2025, 4, 20)  # reports were due on the 7th


def sheets(cast: Cast, as_of: date = TODAY, unit: str | None = None) -> InspectionSheets:
    plan = db.session.get_one(Plan, cast.plan)
    return inspection_sheets(plan, Q1, as_of, cast.units[unit] if unit else None)


def first_of_bureau(cast: Cast, as_of: date = TODAY) -> InspectedItem:
    [sheet] = sheets(cast, as_of, "县司法局").units
    return sheet.items[0]


def test_each_unit_has_a_sheet_of_its_items_in_the_plans_order(cast):
    numbers = {sheet.unit: [item.number for item in sheet.items] for sheet in sheets(cast).units}
    assert numbers == {"县司法局": [1, 3], "县行政审批局": [2], "东镇": [1, 2], "西镇": [1, 2]}


def test_one_unit_alone_has_one_sheet(cast):
    assert [sheet.unit for sheet in sheets(cast, unit="东镇").units] == ["东镇"]


def test_an_item_is_told_with_what_the_plan_asks_and_what_the_unit_said(cast):
    submit(cast, content("已公开 3 项草案。", problems="人手不足。"), report_duty(cast))
    item = first_of_bureau(cast)
    assert (item.role, item.targets, item.deadlines) == ("牵头", ("预公开率达95%",), ("2025年8月底前",))
    assert (item.progress, item.problems, item.report_state) == ("已公开 3 项草案。", "人手不足。", "待审核")


def test_where_nothing_was_reported_nothing_is_told(cast):
    item = first_of_bureau(cast)
    assert (item.report_state, item.progress_class, item.progress, item.next_steps) == ("", "", "", "")


def test_what_came_after_the_day_is_not_on_its_sheet(cast):
    report = submit(cast, content("四月所报。"), report_duty(cast), on=AFTER_THE_DAY)
    review(cast, report, Verdict.ACCEPT, on=date(2025, 4, 22))
    assert first_of_bureau(cast, date(2025, 4, 19)).progress == ""
    assert first_of_bureau(cast, AFTER_THE_DAY).report_state == "待审核"
    assert first_of_bureau(cast, date(2025, 4, 22)).report_state == "已审核"


def test_what_is_overdue_is_named_with_its_day(cast):
    assert first_of_bureau(cast, AFTER_THE_DAY).late == ("2025年第一季度填报（应于 2025年4月7日）逾期 13 天",)


def test_late_stays_late_on_the_sheet_of_its_quarter(cast):
    checked = duty_of_kind(cast, DutyKind.RECURRING, 2)
    submit(cast, content(done={checked.id: date(2025, 4, 2)}), report_duty(cast, item=2))
    [_, third] = sheets(cast, AFTER_THE_DAY, "县司法局").units[0].items
    assert third.late == ("每季度（应于 2025年3月31日）迟 2 天完成",)
