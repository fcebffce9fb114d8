from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.conftest import TODAY
from tests.reporting import content, count, duty_of_kind, percent, rate, report_duty, review, save, state_of, submit
from tracker.ledger import duties, reports
from tracker.ledger.db import db
from tracker.ledger.figures import figures_said
from tracker.ledger.tables.duties import Fulfilment
from tracker.ledger.tables.events import Event
from tracker.ledger.tables.plans import ItemTarget
from tracker.ledger.tables.reports import QuarterReport, ReportVersion
from tracker.rules.duties import DutyKind
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale
from tracker.rules.reports import ProgressClass, ReportState, ReportText, Verdict
from tracker.rules.standing import DutyState

pytestmark = pytest.mark.usefixtures("app_context")
LATE = date(2025, 4, 20)  # the day was the 7th


@pytest.fixture
def duty(cast):
    """县司法局 reports on the first item for the first quarter."""
    return report_duty(cast)


@pytest.fixture
def checked(cast):
    """What 县司法局 owes of the third item each quarter, beside the report on it."""
    return duty_of_kind(cast, DutyKind.RECURRING, 2)


def acts() -> list[str]:
    return list(db.session.scalars(select(Event.act).where(Event.record == "quarter_report").order_by(Event.number)))


# Writing


def test_a_draft_keeps_what_was_typed(cast, duty):
    report = save(cast, content("进行中。", {rate(cast): "90.50"}, problems="人手紧。", next_steps="加快。"), duty)
    assert report.state is ReportState.DRAFT
    assert report.text == ReportText("进行中。", "", "人手紧。", "加快。", ProgressClass.ON_SCHEDULE)
    assert [(figure.target_id, figure.value) for figure in report.figures] == [(rate(cast), Decimal("90.50"))]
    assert report.saved_by_id == cast.people["handler"]


def test_a_draft_may_be_empty(cast, duty):
    assert save(cast, content("", kind=None), duty).state is ReportState.DRAFT


def test_a_draft_reports_nothing(cast, duty):
    save(cast, content(), duty)
    assert count(ReportVersion) == count(Fulfilment) == 0


def test_a_figure_can_be_changed_and_taken_back(cast, duty):
    save(cast, content(figures={rate(cast): 90}), duty)
    assert [figure.value for figure in save(cast, content(figures={rate(cast): 92}), duty).figures] == [92]
    assert save(cast, content(), duty).figures == []


def test_a_colleague_goes_on_where_the_first_left_off(cast, duty):
    save(cast, content("甲写。"), duty)
    assert save(cast, content("乙接着写。"), duty, by="colleague").progress == "乙接着写。"


def test_a_stale_save_is_refused_with_what_stands_now(cast, duty):
    seen = save(cast, content("初稿。"), duty).version
    save(cast, content("同事改稿。"), duty, by="colleague")
    with pytest.raises(Stale) as refusal:
        save(cast, content("本人改稿。"), duty, version=seen)
    assert refusal.value.theirs.progress == "同事改稿。"
    assert reports.report_on(duty).progress == "同事改稿。"


def test_whoever_begins_second_is_told(cast, duty):
    save(cast, content("先开始。"), duty, version=None)
    with pytest.raises(Stale):
        submit(cast, content("后开始。"), duty, by="colleague", version=None)


def test_the_same_save_sent_twice_is_one_act(cast, duty):
    seen = save(cast, content("初稿。"), duty).version
    once = save(cast, content("改稿。"), duty, version=seen).version
    assert save(cast, content("改稿。"), duty, version=seen).version == once
    assert acts() == ["save", "save"]


def test_too_long_a_text_is_refused_and_nothing_kept(cast, duty):
    with pytest.raises(Invalid, match="取得成效"):
        save(cast, content(achievements="字" * 2001), duty)
    assert count(QuarterReport) == 0


def test_every_act_leaves_its_event(cast, duty):
    save(cast, content("初稿。"), duty)
    report = submit(cast, content("定稿。"), duty)
    review(cast, report, Verdict.RETURN, "请补充。")
    assert acts() == ["save", "submit", "review"]


# Handing in


def test_handing_in_meets_the_duty_to_report(cast, duty):
    report = submit(cast, content(), duty)
    assert report.state is ReportState.SUBMITTED
    assert state_of(duty, TODAY) is DutyState.DONE


def test_what_was_handed_in_stays_as_it_was(cast, duty):
    report = submit(cast, content("初稿。", {rate(cast): "90"}), duty)
    review(cast, report, Verdict.RETURN, "请补充。")
    submit(cast, content("改稿。", {rate(cast): "96"}), duty)
    first, second = reports.report_on(duty).versions
    assert (first.number, first.progress, figures_said(first.more)) == (1, "初稿。", {rate(cast): percent(90)})
    assert (second.number, second.progress, figures_said(second.more)) == (2, "改稿。", {rate(cast): percent(96)})


@pytest.mark.parametrize(
    "text",
    [
        ReportText(progress_class=ProgressClass.AHEAD),
        ReportText("已开展。"),
        ReportText("已。", progress_class=ProgressClass.BEHIND),
    ],
)
def test_an_unfinished_report_is_not_handed_in(cast, duty, text):
    with pytest.raises(Invalid):
        submit(cast, replace(content(), text=text), duty)
    assert count(QuarterReport) == 0


def test_the_same_hand_in_sent_twice_is_one_act(cast, duty):
    what = content(figures={rate(cast): "95.0"})
    submit(cast, what, duty, version=None)
    submit(cast, content(figures={rate(cast): "95"}), duty, version=None)
    assert count(ReportVersion) == count(Fulfilment) == 1
    assert acts() == ["submit"]


def test_another_text_after_handing_in_is_refused(cast, duty):
    report = submit(cast, content("初稿。"), duty)
    for verb in (save, submit):
        with pytest.raises(Refusal, match="正在审核"):
            verb(cast, content("又改。"), duty)
    assert reports.report_on(duty).versions == report.versions


def test_what_was_accepted_is_closed(cast, duty):
    review(cast, submit(cast, content(), duty), Verdict.ACCEPT)
    for verb in (save, submit):
        with pytest.raises(Refusal, match="审核通过"):
            verb(cast, content("又改。"), duty)


def test_late_stays_late_however_often_it_is_handed_in(cast, duty):
    report = submit(cast, content("初稿。"), duty, on=LATE)
    review(cast, report, Verdict.RETURN, "请补充。", on=LATE)
    submit(cast, content("改稿。"), duty, on=date(2025, 4, 25))
    assert state_of(duty, date(2025, 4, 30)) is DutyState.DONE_LATE
    assert count(Fulfilment) == 1


def test_in_time_stays_in_time_though_it_is_returned(cast, duty):
    review(cast, submit(cast, content("初稿。"), duty), Verdict.RETURN, "请补充。", on=LATE)
    submit(cast, content("改稿。"), duty, on=LATE)
    assert state_of(duty, LATE) is DutyState.DONE


def test_another_items_target_is_not_found(cast, duty):
    foreign = db.session.scalar(select(ItemTarget.id).where(ItemTarget.item_id == cast.items[1]))
    with pytest.raises(NotFound):
        submit(cast, content(figures={foreign: 1}), duty)
    assert count(QuarterReport) == 0


# Finding


def scope(cast, *units: str) -> frozenset[int]:
    return frozenset(cast.units[unit] for unit in units)


def test_a_unit_finds_its_own_duty_to_report(cast, duty):
    assert duties.report_duty(cast.county, duty.id, scope(cast, "县司法局")) is duty


def test_another_unit_and_another_organisation_do_not(cast, duty):
    with pytest.raises(NotFound):
        duties.report_duty(cast.county, duty.id, scope(cast, "东镇"))
    with pytest.raises(NotFound):
        duties.report_duty(cast.neighbour, duty.id, None)
    with pytest.raises(NotFound):
        duties.report_duty(cast.county, duty.id, frozenset())


def test_a_duty_of_another_kind_is_nothing_to_report(cast, checked):
    with pytest.raises(NotFound):
        duties.report_duty(cast.county, checked.id, None)


def test_a_report_is_found_within_the_scope_only(cast, duty):
    report = submit(cast, content(), duty)
    assert reports.report_of(cast.county, report.id, None) is report
    assert reports.report_of(cast.county, report.id, scope(cast, "县司法局")) is report
    for organisation, reach in ((cast.county, scope(cast, "东镇")), (cast.neighbour, None), (cast.county, frozenset())):
        with pytest.raises(NotFound):
            reports.report_of(organisation, report.id, reach)


def test_each_unit_sees_its_own_reports_on_an_item(cast, duty):
    submit(cast, content("局里。"), duty)
    submit(cast, content("镇里。"), report_duty(cast, unit="东镇"), by="town")
    assert [report.progress for report in reports.reports_on_item(cast.items[0], None)] == ["局里。", "镇里。"]
    assert [r.progress for r in reports.reports_on_item(cast.items[0], scope(cast, "东镇"))] == ["镇里。"]
