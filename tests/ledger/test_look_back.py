"""Looking back: what last year left unfinished is offered to this year's draft, and keeps its link."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.reporting import Q1, Verdict, content, report_duty, review, submit
from tests.revising import CHECK, edition
from tracker.ledger import draft_steps, imports, look_back, plans
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Item
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, NotFound
from tracker.rules.reports import ProgressClass

NEXT_YEAR = date(2026, 1, 20)


@pytest.fixture(autouse=True)
def application(app):
    with app.app_context():
        yield


@pytest.fixture
def draft_id(cast):
    with transaction():
        return imports.open_draft(cast.act(on=NEXT_YEAR), edition(CHECK, year=2026), "2026").id


def unfinished(cast, draft_id):
    draft = imports.draft_of(cast.county, draft_id)
    return look_back.unfinished(draft, plans.plans_of(cast.county), NEXT_YEAR)


def take(cast, draft_id, *items):
    with transaction():
        return look_back.take_over(cast.act(on=NEXT_YEAR), imports.draft_of(cast.county, draft_id), items)


def test_last_years_unfinished_items_are_offered_with_their_last_report(cast, draft_id):
    slow = content("起步较晚。", kind=ProgressClass.BEHIND, problems="人手不足。", next_steps="加紧。")
    submit(cast, slow, report_duty(cast, quarter=Q1))
    offered = {left.item.id: left for left in unfinished(cast, draft_id)}
    assert list(offered) == cast.items
    last = offered[cast.items[0]].last
    assert (last.progress_class, last.problems) == (ProgressClass.BEHIND, "人手不足。")
    assert offered[cast.items[1]].last is None
    assert offered[cast.items[0]].overdue


def test_an_item_that_is_completed_with_all_its_duties_is_not_offered(cast, draft_id):
    recurring = db.session.scalars(
        select(Duty).where(Duty.item_id == cast.items[2], Duty.kind == DutyKind.RECURRING)
    ).all()
    for number in range(1, 5):
        quarter = Quarter(2025, number)
        done = {duty.id: duty.due for duty in recurring if duty.quarter == quarter}
        finished = content("已检查。", kind=ProgressClass.COMPLETED, done=done, achievements="已通报。")
        duty = report_duty(cast, item=2, quarter=quarter)
        report = submit(cast, finished, duty, on=duty.due)
        review(cast, report, Verdict.ACCEPT, on=duty.due)
    assert cast.items[2] not in {left.item.id for left in unfinished(cast, draft_id)}


def test_a_plan_of_another_year_looks_back_on_nothing(cast):
    with transaction():
        draft = imports.open_draft(cast.act(), edition(CHECK, year=2025), "2025")
    assert unfinished(cast, draft.id) == []


def test_what_is_taken_over_stands_at_the_end_as_the_offices_own(cast, draft_id):
    assert take(cast, draft_id, cast.items[0], cast.items[1]) == 2
    items = imports.draft_of(cast.county, draft_id).items
    assert [item.look_back_of_id for item in items] == [None, *cast.items[:2]]
    taken = items[1]
    assert (taken.read, taken.checked, taken.position) == (None, False, 2)
    assert {unit["origin"] for unit in taken.units} == {"office"}
    assert taken.units[0]["name"] == "县司法局"


def test_last_years_date_is_no_promise_for_this_year(cast, draft_id):
    take(cast, draft_id, cast.items[0])
    [due] = imports.draft_of(cast.county, draft_id).items[1].deadlines
    assert due["kind"] == DeadlineKind.UNDETERMINED
    assert "2025年8月31日" in due["text"]


def test_taken_twice_is_taken_once(cast, draft_id):
    take(cast, draft_id, cast.items[0])
    assert take(cast, draft_id, cast.items[0]) == 0
    assert [left.taken for left in unfinished(cast, draft_id)] == [True, False, False]


def test_taking_over_can_be_taken_back(cast, draft_id):
    take(cast, draft_id, cast.items[0])
    with transaction():
        draft = imports.draft_of(cast.county, draft_id)
        draft_steps.undo(cast.act(on=NEXT_YEAR), draft, draft_steps.last_step(draft.id).number)
    assert len(imports.draft_of(cast.county, draft_id).items) == 1
    assert [left.taken for left in unfinished(cast, draft_id)] == [False, False, False]


def test_only_what_is_offered_can_be_taken(cast, draft_id):
    with pytest.raises(NotFound):
        take(cast, draft_id, 999999)
    with pytest.raises(Invalid, match="勾选"):
        take(cast, draft_id)


def test_the_ledgers_items_know_each_other(cast, draft_id):
    take(cast, draft_id, cast.items[1])
    with transaction():
        draft = imports.draft_of(cast.county, draft_id)
        plan = imports.confirm(cast.act(on=NEXT_YEAR), draft)
    later = plan.items[-1]
    before = db.session.get_one(Item, cast.items[1])
    assert later.look_back_of_id == before.id
    assert look_back.goes_on_from(later, None) is before
    assert look_back.continued_in(before, None) == [later]
    nobody = frozenset({cast.units["邻县司法局"]})
    assert look_back.goes_on_from(later, nobody) is None
    assert look_back.continued_in(before, nobody) == []
