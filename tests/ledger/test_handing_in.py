"""What is handed in under one, two and three levels of review, and when it is its unit's word."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.conftest import TODAY
from tests.reporting import Q1, content, count, duty_of_kind, report_duty, review, save, state_of, submit
from tracker.ledger import alerts, reviews
from tracker.ledger.db import db, transaction
from tracker.ledger.owed import owed_quarter
from tracker.ledger.standing import standings
from tracker.ledger.tables.duties import Fulfilment
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.reports import Review
from tracker.rules.duties import DutyKind
from tracker.rules.refusals import Forbidden, Refusal
from tracker.rules.reports import ReportState, ReviewLevel, Verdict
from tracker.rules.standing import DutyState, Standing

pytestmark = pytest.mark.usefixtures("app_context")

UNIT, OFFICE, LEADER = ReviewLevel
ACCEPT, RETURN = Verdict
LATE = date(2025, 4, 9)
JUDGES = {UNIT: "colleague", OFFICE: "clerk", LEADER: "leader"}


def ask(cast, levels: int) -> None:
    with transaction():
        db.session.get_one(Organisation, cast.county).review_levels = levels


def judge(cast, report, level, verdict=ACCEPT, reason="", by=None, on=TODAY, **more):
    with transaction():
        by = cast.act(by or JUDGES[level], on)
        return reviews.review(by, report, verdict, reason, len(report.versions), level=level, **more)


@pytest.fixture
def duty(cast):
    return report_duty(cast)


def share(cast, as_of):
    return standings(cast.plan, Q1, as_of).shares[cast.items[0], cast.units["县司法局"]]


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_a_report_goes_from_level_to_level_until_it_is_accepted(cast, duty, levels):
    ask(cast, levels)
    report = submit(cast, content(), duty)
    asked = [OFFICE] if levels == 1 else list(ReviewLevel)[:levels]
    for level in asked:
        assert not share(cast, TODAY).reviewed
        judge(cast, report, level)
    assert report.state is ReportState.ACCEPTED
    assert [given.level for given in report.versions[-1].reviews] == asked
    assert share(cast, TODAY).reviewed


@pytest.mark.parametrize("level", ReviewLevel)
def test_every_level_returns_to_the_handler_and_the_way_begins_anew(cast, duty, level):
    ask(cast, 3)
    report = submit(cast, content("初稿。"), duty)
    for before in list(ReviewLevel)[: list(ReviewLevel).index(level)]:
        judge(cast, report, before)
    judge(cast, report, level, RETURN, "请补充。")
    assert report.state is ReportState.RETURNED
    assert submit(cast, content("改稿。"), duty).state is ReportState.IN_UNIT


@pytest.mark.parametrize("turn", ReviewLevel)
def test_no_level_judges_out_of_its_turn(cast, duty, turn):
    ask(cast, 3)
    report = submit(cast, content(), duty)
    for before in list(ReviewLevel)[: list(ReviewLevel).index(turn)]:
        judge(cast, report, before)
    for level in set(ReviewLevel) - {turn}:
        with pytest.raises(Refusal, match="不在待"):
            judge(cast, report, level, by="inspector")


def test_nobody_judges_at_two_levels_or_what_they_handed_in(cast, duty):
    ask(cast, 3)
    report = submit(cast, content(), duty)
    with pytest.raises(Forbidden, match="本人提交"):
        judge(cast, report, UNIT, by="handler")
    judge(cast, report, UNIT)
    with pytest.raises(Forbidden, match="前一环节"):
        judge(cast, report, OFFICE, by="colleague")
    judge(cast, report, OFFICE)
    for earlier in ("clerk", "colleague"):
        with pytest.raises(Forbidden, match="前一环节"):
            judge(cast, report, LEADER, by=earlier)


# When it is the unit's word


def test_with_one_level_the_hand_in_meets_the_duty(cast, duty):
    report = submit(cast, content(), duty)
    assert state_of(duty, TODAY) is DutyState.DONE
    assert (report.state, report.versions[-1].left_on) == (ReportState.SUBMITTED, TODAY)


@pytest.mark.parametrize("levels", [2, 3])
def test_with_more_the_heads_approval_does_and_the_handlers_haste_does_not_help(cast, duty, levels):
    ask(cast, levels)
    report = submit(cast, content(), duty)
    assert state_of(duty, TODAY) is DutyState.OPEN
    assert state_of(duty, LATE) is DutyState.OVERDUE
    judge(cast, report, UNIT, on=LATE)
    assert state_of(duty, LATE) is DutyState.DONE_LATE
    assert state_of(duty, TODAY) is DutyState.OPEN


def test_what_waits_for_its_own_head_has_not_been_reported(cast, duty):
    ask(cast, 2)
    report = submit(cast, content(), duty)
    assert share(cast, TODAY).standing is Standing.UNREPORTED
    judge(cast, report, UNIT, on=TODAY + timedelta(days=1))
    assert share(cast, TODAY).standing is Standing.UNREPORTED
    assert share(cast, TODAY + timedelta(days=1)).standing is Standing.ON_SCHEDULE


def test_what_its_own_head_returned_was_never_reported_and_what_the_office_returned_was(cast, duty):
    ask(cast, 2)
    report = submit(cast, content(), duty)
    judge(cast, report, UNIT, RETURN, "请补充。")
    assert share(cast, TODAY).standing is Standing.UNREPORTED
    assert count(Fulfilment) == 0
    submit(cast, content("改稿。"), duty)
    judge(cast, report, UNIT)
    judge(cast, report, OFFICE, RETURN, "请再补充。", on=LATE)
    assert share(cast, LATE).standing is Standing.RETURNED
    assert state_of(duty, LATE) is DutyState.DONE
    assert share(cast, TODAY).standing is Standing.ON_SCHEDULE


def test_once_met_the_duty_stays_met_by_the_first_day(cast, duty):
    ask(cast, 2)
    report = submit(cast, content(), duty)
    judge(cast, report, UNIT)
    judge(cast, report, OFFICE, RETURN, "请补充。")
    submit(cast, content("改稿。"), duty, on=LATE)
    judge(cast, report, UNIT, on=LATE)
    assert state_of(duty, LATE) is DutyState.DONE
    assert len(db.session.scalars(select(Fulfilment).where(Fulfilment.duty_id == duty.id)).all()) == 1


def test_what_is_ticked_counts_from_the_heads_approval(cast):
    ask(cast, 2)
    owed, checked = report_duty(cast, 2), duty_of_kind(cast, DutyKind.RECURRING, 2)
    report = submit(cast, content(done={checked.id: date(2025, 3, 30)}), owed)
    assert state_of(checked, LATE) is DutyState.OVERDUE
    judge(cast, report, UNIT, on=LATE)
    assert state_of(checked, LATE) is DutyState.DONE
    assert state_of(checked, TODAY) is DutyState.OPEN
    judge(cast, report, OFFICE, RETURN, "未见佐证。", on=LATE + timedelta(days=1))
    assert state_of(checked, LATE + timedelta(days=1)) is DutyState.OVERDUE


def test_an_alert_speaks_up_for_what_its_head_leaves_lying(cast, duty):
    ask(cast, 2)
    submit(cast, content(), duty)
    with transaction():
        alerts.raise_alerts(cast.county, LATE)
    assert duty.id in {alert.duty_id for alert in alerts.standing_alerts(cast.county, None, LATE)}


# The head's own hand, and none


@pytest.mark.parametrize("levels", [2, 3])
def test_what_the_head_hands_in_is_approved_by_being_handed_in(cast, duty, levels):
    ask(cast, levels)
    report = submit(cast, content(), duty, by="colleague")
    [given] = report.versions[-1].reviews
    assert (given.level, given.verdict, given.reviewed_by_id) == (UNIT, ACCEPT, cast.people["colleague"])
    assert (report.state, state_of(duty, TODAY)) == (ReportState.UNIT_APPROVED, DutyState.DONE)


@pytest.mark.parametrize("levels", [2, 3])
def test_a_unit_without_a_head_reports_to_the_office(cast, levels):
    ask(cast, levels)
    duty = report_duty(cast, unit="东镇")
    report = submit(cast, content(), duty, by="town")
    assert (report.state, report.versions[-1].reviews) == (ReportState.SUBMITTED, [])
    assert state_of(duty, TODAY) is DutyState.DONE
    judge(cast, report, OFFICE)
    assert report.state is (ReportState.ACCEPTED if levels == 2 else ReportState.OFFICE_AGREED)


# A rule that changes


def test_what_waits_is_finished_by_the_rule_it_was_handed_in_under(cast, duty):
    ask(cast, 3)
    report = submit(cast, content(), duty)
    ask(cast, 1)
    for level in ReviewLevel:
        judge(cast, report, level)
    assert report.state is ReportState.ACCEPTED


def test_more_levels_are_asked_only_of_what_is_handed_in_later(cast, duty):
    report = submit(cast, content(), duty)
    ask(cast, 3)
    judge(cast, report, OFFICE, RETURN, "请补充。")
    assert state_of(duty, TODAY) is DutyState.DONE
    assert submit(cast, content("改稿。"), duty).state is ReportState.IN_UNIT
    other = submit(cast, content(), report_duty(cast, 2))
    assert other.state is ReportState.IN_UNIT


# In the unit's hands


def test_what_waits_anywhere_is_not_the_handlers_to_change(cast, duty):
    ask(cast, 3)
    report = submit(cast, content(), duty)
    for level in (*ReviewLevel, None):
        with pytest.raises(Refusal):
            save(cast, content("改稿。"), duty)
        if level:
            judge(cast, report, level)


def test_the_same_hand_in_sent_twice_is_one_while_it_waits_for_the_head(cast, duty):
    ask(cast, 2)
    first = submit(cast, content(), duty)
    assert submit(cast, content(), duty, version=1) is first
    assert len(first.versions) == 1


def test_a_head_sees_what_lies_with_the_handlers_and_what_waits_at_the_own_desk(cast, duty):
    ask(cast, 2)
    own = frozenset({cast.units["县司法局"]})
    assert [found for found, _ in reviews.not_handed_in(own, TODAY)] == [duty, report_duty(cast, 2)]
    report = submit(cast, content(), duty)
    assert reviews.waiting_for_review(cast.county, desks={UNIT: own}) == [report]
    assert reviews.waiting_for_review(cast.county) == []
    assert reviews.waiting_for_review(cast.county, desks={UNIT: frozenset({cast.units["东镇"]})}) == []
    assert reviews.waiting_for_review(cast.neighbour, desks={UNIT: own}) == []
    assert [found for found, _ in reviews.not_handed_in(own, TODAY)] == [report_duty(cast, 2)]
    judge(cast, report, UNIT, RETURN, "请补充。")
    assert (duty, ReportState.RETURNED) in reviews.not_handed_in(own, TODAY)


def test_the_units_page_counts_apart_what_its_own_head_has_not_approved(cast, duty):
    ask(cast, 2)
    report = submit(cast, content(), duty)

    def filing():
        told = owed_quarter(cast.plan, Q1, [cast.units["县司法局"]], TODAY).filing
        return told.handed_in, told.in_unit, told.returned

    assert filing() == (0, 1, 0)
    judge(cast, report, UNIT, RETURN, "请补充。")
    assert filing() == (0, 0, 1)
    submit(cast, content("改稿。"), duty)
    judge(cast, report, UNIT)
    assert filing() == (1, 0, 0)
    judge(cast, report, OFFICE, RETURN, "请再补充。")
    assert filing() == (0, 0, 1)
    submit(cast, content("三稿。"), duty)
    assert filing() == (0, 1, 0)


# Marks


def test_a_return_marks_fields_and_the_next_version_tells_what_was_mended(cast, duty):
    report = submit(cast, content("初稿。"), duty)
    given = judge(cast, report, OFFICE, RETURN, "请补充。", marks=["evidence", "progress", "no_such_field"])
    assert given.marks == ["progress", "evidence"]
    submit(cast, content("改稿。"), duty)
    before = reviews.seen_before(report, OFFICE)
    assert [(field.label, field.changed) for field in reviews.what_was_mended(report, before)] == [
        ("工作进展", True),
        ("佐证材料", False),
    ]


def test_an_accepted_report_has_nothing_to_be_mended(cast, duty):
    report = submit(cast, content(), duty)
    assert judge(cast, report, OFFICE, marks=["progress"]).marks == []
    assert reviews.what_was_mended(report, reviews.seen_before(report, OFFICE)) == []


def test_the_office_compares_with_what_it_has_seen_and_not_with_what_the_head_kept(cast, duty):
    ask(cast, 2)
    report = submit(cast, content("初稿。"), duty)
    judge(cast, report, UNIT, RETURN, "请补充。")
    submit(cast, content("改稿。"), duty)
    assert reviews.seen_before(report, UNIT).number == 1
    assert reviews.seen_before(report, OFFICE) is None


def test_reviews_by_the_office_alone_are_as_they_were(cast, duty):
    report = submit(cast, content(), duty)
    given = review(cast, report, ACCEPT)
    assert (given.level, report.state, count(Review)) == (OFFICE, ReportState.ACCEPTED, 1)
