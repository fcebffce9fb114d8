from datetime import date

import pytest
from sqlalchemy import func, select

from tests.conftest import TODAY
from tests.reporting import content, duty_of_kind, queries, rate, report_duty, review, save, submit
from tracker.ledger import accounts, report_ticks, reviews
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.reports import Review
from tracker.rules.changes import Mark
from tracker.rules.duties import DutyKind
from tracker.rules.permissions import Role
from tracker.rules.refusals import Forbidden, Invalid, Refusal, Stale
from tracker.rules.reports import ReportState, Verdict

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def duty(cast):
    return report_duty(cast)


@pytest.fixture
def report(cast, duty):
    """县司法局 has handed in its report on the first item."""
    return submit(cast, content("初稿。", {rate(cast): "90"}), duty)


@pytest.fixture
def deputy(cast):
    """A second clerk of the group's office."""
    with transaction():
        person = accounts.add_person(cast.act("admin"), "deputy", "deputy（示例）", "Sample-2025", must_change=False)
        accounts.give_post(cast.act("admin"), person, Role.GROUP_OFFICE)
    cast.people["deputy"] = person.id
    yield "deputy"
    del cast.people["deputy"]


def verdict(cast, report, version, kind=Verdict.ACCEPT, reason="", by="clerk"):
    with transaction():
        return reviews.review(cast.act(by), report, kind, reason, version)


def count_reviews() -> int:
    return db.session.scalar(select(func.count()).select_from(Review)) or 0


def test_an_accepted_report_says_who_and_when(cast, report):
    given = review(cast, report, Verdict.ACCEPT)
    assert report.state is ReportState.ACCEPTED
    assert (given.reviewed_by_id, given.reviewed_on) == (cast.people["clerk"], TODAY)


def test_a_returned_report_is_the_units_again(cast, duty, report):
    review(cast, report, Verdict.RETURN, " 请补充数据。 ")
    assert report.state is ReportState.RETURNED
    assert report.versions[-1].reviews[-1].reason == "请补充数据。"
    assert save(cast, content("改稿。"), duty).state is ReportState.RETURNED


def test_returning_without_a_reason_changes_nothing(cast, report):
    with pytest.raises(Invalid):
        review(cast, report, Verdict.RETURN, " ")
    assert report.state is ReportState.SUBMITTED
    assert count_reviews() == 0


def test_a_draft_is_not_reviewed(cast, duty):
    draft = save(cast, content(), duty)
    with pytest.raises(Refusal, match="尚未提交"):
        verdict(cast, draft, 1)


def test_a_verdict_on_an_older_version_is_stale(cast, duty, report):
    review(cast, report, Verdict.RETURN, "请补充。")
    submit(cast, content("改稿。"), duty)
    with pytest.raises(Stale):
        verdict(cast, report, 1)
    assert report.state is ReportState.SUBMITTED


def test_the_same_verdict_sent_twice_is_one_act(cast, report):
    assert verdict(cast, report, 1) is verdict(cast, report, 1)
    assert count_reviews() == 1


def test_a_second_opinion_comes_too_late(cast, report, deputy):
    verdict(cast, report, 1)
    with pytest.raises(Refusal, match="已审核"):
        verdict(cast, report, 1, Verdict.RETURN, "再想想。")
    with pytest.raises(Refusal, match="已审核"):
        verdict(cast, report, 1, by=deputy)
    assert count_reviews() == 1


def test_nobody_reviews_their_own(cast, duty, report):
    with pytest.raises(Forbidden):
        verdict(cast, report, 1, by="handler")
    assert report.state is ReportState.SUBMITTED


def test_a_colleague_who_hands_in_again_is_the_one_who_may_not(cast, duty, report):
    review(cast, report, Verdict.RETURN, "请补充。")
    submit(cast, content("改稿。"), duty, by="colleague")
    with pytest.raises(Forbidden):
        verdict(cast, report, 2, by="colleague")


def test_what_waits_is_listed_oldest_first(cast):
    later = submit(cast, content(), report_duty(cast), on=date(2025, 4, 2))
    earlier = submit(cast, content(), report_duty(cast, unit="东镇"), by="town", on=date(2025, 4, 1))
    save(cast, content(), report_duty(cast, 2))
    assert reviews.waiting_for_review(cast.county) == [earlier, later]
    assert reviews.waiting_for_review(cast.county, cast.units["县司法局"]) == [later]
    assert reviews.waiting_for_review(cast.county, limit=1) == [earlier]
    assert reviews.waiting_for_review(cast.neighbour) == []


def test_the_units_that_wait_are_counted_the_longest_waiting_first(cast):
    submit(cast, content(), report_duty(cast), on=date(2025, 4, 2))
    submit(cast, content(), report_duty(cast, 2), on=TODAY)
    submit(cast, content(), report_duty(cast, unit="东镇"), by="town", on=date(2025, 4, 1))
    found = reviews.waiting_units(cast.county)
    assert [(waiting.unit.name, waiting.count) for waiting in found] == [("东镇", 1), ("县司法局", 2)]
    assert found[1].oldest == cast.act(on=date(2025, 4, 2)).at
    assert reviews.waiting_units(cast.neighbour) == []


def test_a_report_knows_the_day_it_was_due(cast, report):
    assert reviews.days_due([report]) == {report.id: date(2025, 4, 7)}
    assert reviews.days_due([]) == {}


def test_the_last_reviews_come_newest_first(cast, duty, report):
    first = review(cast, report, Verdict.RETURN, "请补充。")
    submit(cast, content("改稿。"), duty)
    second = review(cast, report, Verdict.ACCEPT)
    assert reviews.last_reviews(cast.county) == [second, first]
    assert reviews.last_reviews(cast.county, limit=1) == [second]
    assert reviews.last_reviews(cast.neighbour) == []


def test_what_changed_since_the_version_seen_is_told(cast, duty, report):
    review(cast, report, Verdict.RETURN, "请补充。")
    submit(cast, content("初稿。再补充。", {rate(cast): "96"}), duty)
    progress, figure = reviews.changed(report, 1, {})
    assert [(piece.mark, piece.text) for piece in progress.pieces] == [(Mark.KEPT, "初稿。"), (Mark.ADDED, "再补充。")]
    assert figure.label == "预公开率达95%"
    assert "".join(piece.text for piece in figure.pieces if piece.mark is not Mark.REMOVED) == (
        "96%（已办结 96，应办 100）"
    )
    assert reviews.changed(report, 2, {}) == []


def test_a_tick_taken_back_is_a_change(cast):
    owed, checked = report_duty(cast, 2), duty_of_kind(cast, DutyKind.RECURRING, 2)
    report = submit(cast, content(done={checked.id: TODAY}), owed)
    review(cast, report, Verdict.RETURN, "尚未完成。")
    submit(cast, content(), owed)
    [change] = reviews.changed(report, 1, report_ticks.done_labels([report]))
    assert (change.label, change.pieces[0].text) == ("每季度（应于 3月31日）", "2025-04-03 完成")


def test_the_first_version_has_nothing_to_differ_from(cast, report):
    assert reviews.changed(report, 0, {}) == []


def test_the_list_takes_as_many_queries_for_many_as_for_one(cast):
    def asked() -> int:
        db.session.expire_all()
        with queries() as found:
            for report in reviews.waiting_for_review(cast.county):
                version = report.versions[-1]
                assert (report.item.plan.id, report.unit.id, version.reviews) == (cast.plan, report.unit_id, [])
                assert version.submitted_by.id in cast.people.values()
                assert len(report.item.targets) < 2
        return len(found)

    submit(cast, content(), report_duty(cast))
    one = asked()
    submit(cast, content(), report_duty(cast, 2))
    submit(cast, content(), report_duty(cast, unit="东镇"), by="town")
    submit(cast, content(), report_duty(cast, 1, unit="东镇"), by="town")
    assert asked() == one
