from dataclasses import replace
from datetime import date

import pytest

from tests.conftest import Cast
from tests.drafts import PARSED
from tests.reporting import content, report_duty, submit
from tracker.ledger import imports, look_back, plans, reports
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.imports import Draft
from tracker.ledger.tables.plans import Item, Origin
from tracker.ledger.tables.units import Unit
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, NotFound
from tracker.rules.reports import ProgressClass

pytestmark = pytest.mark.usefixtures("app_context")

NEW_YEAR = date(2026, 1, 12)


def _draft(cast: Cast, year: int | None = 2026) -> Draft:
    with transaction():
        return imports.open_draft(cast.act(on=NEW_YEAR), replace(PARSED, year=year), "要点")


def _offered(cast: Cast, draft: Draft) -> list[look_back.Unfinished]:
    return look_back.unfinished(draft, plans.plans_of(cast.county), NEW_YEAR)


def _take(cast: Cast, draft: Draft, *item_ids: int) -> int:
    with transaction():
        return look_back.take_over(cast.act(on=NEW_YEAR), draft, item_ids)


@pytest.mark.parametrize("year", [None, 2025, 2027])
def test_only_the_year_before_is_looked_back_at(cast, year):
    assert _offered(cast, _draft(cast, year)) == []


def test_what_was_not_completed_is_offered_with_what_is_overdue(cast):
    offered = _offered(cast, _draft(cast))

    assert [left.item.id for left in offered] == cast.items
    assert all(left.overdue for left in offered)


def test_what_was_completed_is_not_offered(cast):
    for number in range(1, 5):
        duty = report_duty(cast, item=2, quarter=Quarter(2025, number))
        ticks = {other.id: other.due for other in reports.open_duties(duty)}
        submit(cast, content(kind=ProgressClass.COMPLETED, done=ticks), duty, on=date(2026, 1, 4))

    assert cast.items[2] not in [left.item.id for left in _offered(cast, _draft(cast))]


def test_the_leads_last_report_is_told_before_a_later_one_of_a_supporting_unit(cast):
    submit(cast, content("牵头单位所报。"), report_duty(cast, item=0))
    submit(cast, content("配合单位所报。"), report_duty(cast, item=0, unit="东镇", quarter=Quarter(2025, 2)), by="town")

    first = _offered(cast, _draft(cast))[0]

    assert first.last.progress == "牵头单位所报。"


def test_an_item_is_taken_over_once_behind_what_the_draft_has(cast):
    draft = _draft(cast)

    assert _take(cast, draft, cast.items[1]) == 1
    assert _take(cast, draft, cast.items[1]) == 0
    assert [item.look_back_of_id for item in draft.items] == [None, None, None, cast.items[1]]
    assert [left.taken for left in _offered(cast, draft)] == [False, True, False]


def test_last_years_date_is_no_promise_for_this_year(cast):
    draft = _draft(cast)
    _take(cast, draft, cast.items[0])

    [deadline] = draft.items[-1].deadlines

    assert deadline["kind"] == DeadlineKind.UNDETERMINED
    assert deadline["text"] == "原时限2025年8月31日前，待重新确定"


def test_nothing_ticked_and_what_was_never_offered_are_refused(cast):
    draft = _draft(cast)

    with pytest.raises(Invalid, match="请先勾选"):
        _take(cast, draft)
    with pytest.raises(NotFound):
        _take(cast, draft, 999)


def test_what_goes_on_from_an_item_is_told_as_far_as_the_scope_reaches(cast):
    old = db.session.get_one(Item, cast.items[0])
    bureau = db.session.get_one(Unit, cast.units["县行政审批局"])
    facts = plans.ItemFacts(
        section=["深化公开"],
        task="继续预公开。",
        responsible=[(bureau, True, bureau.name, Origin.DOCUMENT)],
        look_back_of_id=old.id,
    )
    with transaction():
        plan = plans.register(cast.act(on=NEW_YEAR), plans.PlanFacts("2026年工作计划", "县政府办", 2026), [facts])

    assert look_back.continued_in(old, None) == plan.items
    assert look_back.continued_in(old, frozenset({cast.units["县行政审批局"]})) == plan.items
    assert look_back.continued_in(old, frozenset({cast.units["县司法局"]})) == []
