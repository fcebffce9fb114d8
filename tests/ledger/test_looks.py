from datetime import date, timedelta

from tests import reporting
from tests.conftest import noon
from tracker.ledger import looks
from tracker.ledger.db import db, transaction
from tracker.ledger.looks import Kind
from tracker.ledger.tables.plans import Plan
from tracker.rules.reports import Verdict

ZONE = "Asia/Shanghai"
FIRST, SECOND = date(2025, 4, 1), date(2025, 4, 3)


def look(cast, on, after=timedelta()):
    with transaction():
        looks.note(cast.people["leader"], cast.plan, noon(on) + after, ZONE)
    return looks.look_of(cast.people["leader"], cast.plan)


def since(cast, on, today=None, scope=None):
    plan = db.session.get_one(Plan, cast.plan)
    return looks.changes(plan, noon(on), today or SECOND, ZONE, scope)


def test_the_last_look_on_another_day_is_kept(app_context, cast):
    look(cast, FIRST)
    kept = look(cast, SECOND)
    assert looks.last_before(kept, SECOND, ZONE) == noon(FIRST)
    assert looks.last_before(kept, SECOND + timedelta(days=1), ZONE) == noon(SECOND)


def test_a_second_look_on_the_same_day_changes_nothing(app_context, cast):
    look(cast, FIRST)
    look(cast, SECOND)
    kept = look(cast, SECOND, after=timedelta(hours=2))
    assert (kept.before, kept.last) == (noon(FIRST), noon(SECOND))


def test_what_was_handed_in_returned_and_accepted_is_counted(app_context, cast):
    report = reporting.submit(cast, reporting.content(figures={reporting.rate(cast): 90}), reporting.report_duty(cast))
    reporting.review(cast, report, Verdict.RETURN, "请补充。")
    found = since(cast, FIRST)
    assert found.counts == {Kind.HANDED_IN: 1, Kind.RETURNED: 1}
    assert {(line.position, line.unit, line.what) for line in found.lines} == {(1, "县司法局", "2025年第一季度")}


def test_a_unit_is_told_of_its_own_alone(app_context, cast):
    reporting.submit(cast, reporting.content(figures={reporting.rate(cast): 90}), reporting.report_duty(cast))
    assert since(cast, FIRST, scope=frozenset({cast.units["东镇"]})).lines == []
    assert since(cast, FIRST, scope=frozenset({cast.units["县司法局"]})).counts == {Kind.HANDED_IN: 1}


def test_what_has_become_overdue_since_is_told_and_what_was_before_is_not(app_context, cast):
    due = date(2025, 8, 31)
    assert Kind.OVERDUE not in since(cast, date(2025, 9, 10), date(2025, 9, 12)).counts
    late = since(cast, due, due + timedelta(days=1))
    assert [(line.kind, line.on, line.unit) for line in late.lines] == [(Kind.OVERDUE, due, "县司法局")]


def test_at_most_fifty_lines_are_told_and_all_are_counted(app_context, cast, monkeypatch):
    monkeypatch.setattr(looks, "MOST_LINES", 2)
    found = since(cast, date(2025, 1, 6), date(2026, 6, 1))
    assert len(found.lines) == 2
    assert found.counts.total() > 2
