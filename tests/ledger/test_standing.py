from datetime import date

import pytest

from tests.reporting import MISSING, percent, queries
from tracker.ledger import reports, reviews
from tracker.ledger.db import db, transaction
from tracker.ledger.report_content import ReportContent
from tracker.ledger.standing import report_versions, standings, standings_by_quarter, standings_of_item
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import ItemTarget
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter, quarters_of
from tracker.rules.reports import ProgressClass, ReportText, Verdict
from tracker.rules.standing import Standing

Q1, Q2 = Quarter(2025, 1), Quarter(2025, 2)
pytestmark = pytest.mark.usefixtures("app_context")


def hand_in(cast, on, progress_class=ProgressClass.ON_SCHEDULE, progress="已开展。", quarter=Q1):
    """县司法局 reports on the first item."""
    with transaction():
        duty = db.session.scalars(
            db.select(Duty).where(
                Duty.item_id == cast.items[0],
                Duty.unit_id == cast.units["县司法局"],
                Duty.kind == DutyKind.QUARTER_REPORT,
                Duty.quarter == quarter,
            )
        ).one()
        known = reports.report_on(duty)
        text = ReportText(progress, problems="进度偏慢。", progress_class=progress_class)
        content = ReportContent(text, {_rate(cast): percent(90)}, missing_note=MISSING)
        return reports.submit(cast.act("handler", on), duty, content, known.version if known else None)


def _rate(cast):
    return db.session.scalar(db.select(ItemTarget.id).where(ItemTarget.item_id == cast.items[0]))


def review(cast, report, verdict, on):
    with transaction():
        reviews.review(cast.act("clerk", on), report, verdict, "请补充数据。", len(report.versions))


def stands(cast, as_of, quarter=Q1):
    share = (cast.items[0], cast.units["县司法局"])
    return standings(cast.plan, quarter, as_of).shares[share].standing


def test_a_share_stands_as_it_did_at_the_end_of_each_day(cast):
    hand_in(cast, date(2025, 4, 9), ProgressClass.BEHIND)
    assert stands(cast, date(2025, 4, 7)) is Standing.UNREPORTED
    assert stands(cast, date(2025, 4, 8)) is Standing.UNREPORTED  # not in after its day, which is no overdue work
    assert stands(cast, date(2025, 4, 9)) is Standing.BEHIND


def test_a_review_counts_from_its_own_day(cast):
    report = hand_in(cast, date(2025, 4, 2))
    review(cast, report, Verdict.RETURN, date(2025, 4, 4))
    hand_in(cast, date(2025, 4, 6), ProgressClass.AHEAD, "已补充。")
    days = (date(2025, 4, 3), date(2025, 4, 5), date(2025, 4, 6))
    assert [stands(cast, day) for day in days] == [Standing.ON_SCHEDULE, Standing.RETURNED, Standing.AHEAD]


def test_the_text_that_counts_is_the_last_one_handed_in_by_then(cast):
    report = hand_in(cast, date(2025, 4, 2), progress="初稿。")
    review(cast, report, Verdict.RETURN, date(2025, 4, 4))
    hand_in(cast, date(2025, 4, 6), progress="改稿。")
    share = (cast.items[0], cast.units["县司法局"])
    assert report_versions(cast.plan, Q1, date(2025, 4, 5))[share].progress == "初稿。"
    assert report_versions(cast.plan, Q1, date(2025, 4, 6))[share].progress == "改稿。"


def test_each_quarter_folded_together_stands_as_it_does_alone(cast):
    hand_in(cast, date(2025, 4, 2))
    as_of = date(2025, 7, 9)
    together = standings_by_quarter(cast.plan, list(quarters_of(2025)), as_of)
    for quarter, found in together.items():
        alone = standings(cast.plan, quarter, as_of)
        assert (found.shares, found.duties, found.reports) == (alone.shares, alone.duties, alone.reports)


def test_an_item_alone_stands_as_it_does_among_the_others(cast):
    hand_in(cast, date(2025, 4, 2))
    alone = standings_of_item(cast.items[0], [Q1, Q2], date(2025, 4, 3))[Q1]
    among = standings(cast.plan, Q1, date(2025, 4, 3))
    assert alone.shares == {key: share for key, share in among.shares.items() if key[0] == cast.items[0]}


def test_what_a_plan_sets_beyond_its_year_counts_in_its_last_quarter(cast):
    with transaction():
        milestone = db.session.scalars(db.select(Duty).where(Duty.kind == DutyKind.MILESTONE)).one()
        milestone.quarter, milestone.due, milestone.answer_by = Quarter(2026, 1), date(2026, 1, 31), date(2026, 1, 31)
    assert milestone.id not in duty_ids(cast, Quarter(2025, 3))
    assert milestone.id in duty_ids(cast, Quarter(2025, 4))


def duty_ids(cast, quarter):
    return {duty.id for owed in standings(cast.plan, quarter, date(2026, 2, 10)).duties.values() for duty in owed}


def test_four_quarters_are_read_with_the_queries_of_one(cast):
    with queries() as of_one:
        standings(cast.plan, Q1, date(2025, 7, 9))
    with queries() as of_four:
        standings_by_quarter(cast.plan, list(quarters_of(2025)), date(2025, 7, 9))
    assert len(of_four) <= len(of_one)


def test_a_scope_holds_back_the_shares_of_others(cast):
    own = frozenset({cast.units["东镇"]})
    assert {unit_id for _, unit_id in standings(cast.plan, Q1, date(2025, 4, 3), own).shares} == own
    assert not standings(cast.plan, Q1, date(2025, 4, 3), frozenset()).shares
