"""A date that the plan leaves open is set by the office: owed as a date from then on, undetermined before."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.conftest import TODAY
from tests.reporting import Q1, content, report_duty, state_of, submit
from tests.revising import edition, read_item
from tracker.ledger import duties, events, imports, office_dates, plans
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.duties import Duty
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.duties import DutyKind
from tracker.rules.refusals import Invalid, NotFound
from tracker.rules.standing import DutyState

pytestmark = pytest.mark.usefixtures("app_context")
YESTERDAY = TODAY - timedelta(days=1)
JUNE = date(2025, 6, 20)


@pytest.fixture
def plan(app_context, cast):
    """One item of 县司法局 due on x月xx日."""
    open_date = ("x月xx日前", Deadline(DeadlineKind.UNDETERMINED))
    line = read_item("1.", "解读", "做好解读。", units=[("县司法局", True)], deadlines=[open_date])
    with transaction():
        act = cast.act(on=date(2025, 3, 3))
        return imports.confirm(act, imports.open_draft(act, edition(line), "计划"))


def set_date(cast, day=JUNE, on=TODAY):
    with transaction():
        waiting = office_dates.undated(cast.county)
        return office_dates.set_dates(cast.act(on=on), {deadline.id: day for deadline, _ in waiting})


def owed(plan):
    rows = select(Duty).where(Duty.plan_id == plan.id, Duty.kind != DutyKind.QUARTER_REPORT).order_by(Duty.id)
    return list(db.session.scalars(rows))


def test_the_set_date_is_owed_from_that_day(cast, plan):
    [changes] = set_date(cast)
    undetermined, milestone = owed(plan)
    assert (undetermined.cancelled_on, milestone.cancelled_on) == (TODAY, None)
    assert (milestone.kind, milestone.due, str(milestone.quarter)) == (DutyKind.MILESTONE, JUNE, "2025Q2")
    assert milestone.owed_from == TODAY
    assert [(row.how.label, row.unit, row.old, row.new) for row in changes.rows] == [
        ("调整期限", "县司法局", None, JUNE)
    ]


def test_a_day_before_still_answers_undetermined(cast, plan):
    set_date(cast)
    undetermined, milestone = owed(plan)
    assert state_of(undetermined, YESTERDAY) is DutyState.UNDETERMINED
    assert state_of(milestone, TODAY) is DutyState.OPEN
    [(deadline, _)] = office_dates.undated(cast.county)
    assert deadline.held_on(YESTERDAY).kind is DeadlineKind.UNDETERMINED
    assert deadline.held_on(TODAY).due == JUNE


def test_what_is_printed_stays(cast, plan):
    set_date(cast)
    [(deadline, _)] = office_dates.undated(cast.county)
    assert (deadline.text, deadline.deadline) == ("x月xx日前", Deadline(DeadlineKind.UNDETERMINED))
    assert deadline.holds == Deadline(DeadlineKind.DATE, due=JUNE)


def test_a_date_is_corrected_and_the_same_date_changes_nothing(cast, plan):
    set_date(cast)
    [changes] = set_date(cast, date(2025, 6, 30))
    assert [(row.old, row.new) for row in changes.rows] == [(JUNE, date(2025, 6, 30))]
    assert set_date(cast, date(2025, 6, 30)) == []
    assert [event.act for event in events.history(cast.county, "item", plan.items[0].id)] == [
        *("set_date", "adjust_duties", "set_date", "adjust_duties")
    ]


def test_what_was_done_without_a_date_is_not_asked_for_again(cast, plan):
    [undetermined] = owed(plan)
    duty = db.session.scalars(select(Duty).where(Duty.plan_id == plan.id, Duty.quarter == Q1)).one()
    submit(cast, content(done={undetermined.id: YESTERDAY}), duty)
    set_date(cast)
    assert [each.kind for each in owed(plan) if each.cancelled_on is None] == []
    assert state_of(undetermined, TODAY) is DutyState.DONE


def test_generating_again_adds_nothing(cast, plan):
    set_date(cast)
    with transaction():
        assert duties.generate(cast.act(), plan) == 0


def test_a_year_that_is_not_the_plans_is_refused(cast, plan):
    with pytest.raises(Invalid, match="计划期"):
        set_date(cast, date(2052, 6, 20))


def test_a_strangers_date_is_not_found(cast, plan):
    [(deadline, _)] = office_dates.undated(cast.county)
    assert office_dates.undated(cast.neighbour) == []
    with pytest.raises(NotFound), transaction():
        office_dates.set_dates(cast.act("stranger"), {deadline.id: JUNE})


def test_a_plan_without_open_dates_waits_for_nothing(cast):
    assert office_dates.undated(cast.county) == []
    assert report_duty(cast).plan_id == plans.plan_of(cast.county, cast.plan).id
