from datetime import date

import pytest
from sqlalchemy import select

from tests.conftest import TODAY
from tests.reporting import Q1, content, report_duty, review, submit
from tracker.ledger import alerts, imports, organisations, plans, workbench
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.calendar import CalendarDay
from tracker.reading.plan import ParsedPlan, ReadItem, Remark
from tracker.rules.alerts import AlertKind
from tracker.rules.quarters import Quarter
from tracker.rules.reports import Verdict

LATER = date(2025, 4, 20)


def collected(cast, day: date, quarter: Quarter = Q1) -> workbench.Collection:
    organisation = organisations.named("示例县")
    return workbench.collection(organisation, plans.plan_of(cast.county, cast.plan), quarter, day)


def silent(cast, day: date) -> dict[str, tuple[int, int, int]]:
    return {one.unit.name: (one.missing, one.overdue, one.unreported) for one in collected(cast, day).silent}


def test_before_anybody_reports_all_are_silent(app_context, cast):
    assert silent(cast, TODAY) == {
        "县司法局": (2, 0, 2),
        "东镇": (2, 0, 2),
        "西镇": (2, 0, 2),
        "县行政审批局": (1, 0, 1),
    }
    assert collected(cast, TODAY).missing == 7


def test_after_the_day_what_is_missing_is_unreported_and_only_work_is_overdue(app_context, cast):
    assert silent(cast, LATER)["东镇"] == (2, 0, 2)


def test_a_unit_that_has_reported_everything_is_silent_no_more(app_context, cast):
    submit(cast, content(), report_duty(cast, 1, "县行政审批局"))
    submit(cast, content(), report_duty(cast, 0, "东镇"), by="town")
    assert "县行政审批局" not in silent(cast, TODAY)
    assert silent(cast, TODAY)["东镇"] == (1, 0, 1)


def test_the_most_overdue_unit_stands_first(app_context, cast):
    submit(cast, content(), report_duty(cast))
    assert [one.unit.name for one in collected(cast, LATER).silent] == ["县司法局", "东镇", "西镇", "县行政审批局"]


def test_the_deadline_is_a_working_day_and_says_whether_it_is_certain(app_context, cast):
    found = collected(cast, TODAY)
    assert (found.due, found.certain) == (date(2025, 4, 7), True)
    with transaction():
        for day in db.session.scalars(select(CalendarDay)):
            if day.day.year == 2025:
                db.session.delete(day)
    assert not collected(cast, TODAY).certain


def test_what_waits_for_review_is_counted_until_it_is_reviewed(app_context, cast):
    assert workbench.office(cast.county, TODAY).waiting == 0
    report = submit(cast, content(), report_duty(cast))
    assert workbench.office(cast.county, TODAY).waiting == 1
    assert workbench.office(cast.neighbour, TODAY).waiting == 0
    review(cast, report, Verdict.ACCEPT)
    assert workbench.office(cast.county, TODAY).waiting == 0


def test_alerts_are_counted_by_kind_and_those_not_raised_beside_them(app_context, cast):
    assert workbench.office(cast.county, TODAY).not_yet_raised == 8
    with transaction():
        alerts.raise_alerts(cast.county, TODAY)
    found = workbench.office(cast.county, TODAY)
    assert (found.alerts, found.not_yet_raised) == ({AlertKind.DUE_SOON: 8}, 0)


def read_item(task: str, doubt: bool) -> ReadItem:
    remarks = (Remark("joined-line", 1, "此行疑为两行合并。", doubt=doubt),)
    return ReadItem("", ("一、总体要求",), task, None, task, 1, 1, (), remarks=remarks)


@pytest.fixture
def draft(app_context, cast) -> int:
    with transaction():
        items = (read_item("甲", doubt=True), read_item("乙", doubt=True), read_item("丙", doubt=False))
        return imports.open_draft(cast.act(), ParsedPlan("草稿", None, 2025, "甲\n乙\n丙", items), "草稿").id


def test_drafts_are_counted_with_what_is_left_to_check(cast, draft):
    with transaction():
        opened = imports.draft_of(cast.county, draft)
        imports.set_checked(cast.act(), opened, opened.items[0], checked=True)
    found = workbench.office(cast.county, TODAY)
    assert (found.drafts, found.doubts, found.unchecked) == (1, 1, 2)


def test_a_draft_put_aside_is_not_on_the_desk(cast, draft):
    with transaction():
        imports.discard(cast.act(), imports.draft_of(cast.county, draft))
    found = workbench.office(cast.county, TODAY)
    assert (found.drafts, found.doubts, found.unchecked) == (0, 0, 0)
