"""Corrections of a sealed quarter: named reports, a reason, a new version beside the old one."""

import pytest

from tests.closing import LATER, SEALING, correct, finish, report_first_item, seal
from tests.reporting import Q1, content, count, rate, report_duty, review, save, submit
from tracker.ledger import corrections, events, evidence, papers, plans, reports, sealed, snapshots
from tracker.ledger.db import db, transaction
from tracker.ledger.report_content import beside_text, content_kept
from tracker.ledger.snapshot_content import content_of
from tracker.ledger.tables.snapshots import Snapshot
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.rules.reports import ProgressClass, Verdict
from tracker.rules.standing import Standing

pytestmark = pytest.mark.usefixtures("app_context")


def _rewrite(cast, done="90", kind=ProgressClass.AHEAD):
    """县司法局 hands the first item in anew, and the office accepts it."""
    report = submit(cast, content("更正：预公开草案9件。", {rate(cast): done}, kind=kind), report_duty(cast), on=LATER)
    review(cast, report, Verdict.ACCEPT, on=LATER)


def test_a_correction_makes_a_new_version_that_says_what_changed(cast):
    report_first_item(cast)
    first = seal(cast)
    correction = correct(cast, first, 0)
    _rewrite(cast)
    second = finish(cast, correction)
    said = snapshots.read(second)
    assert (second.number, second.as_of, second.reason) == (2, SEALING, "数据录入有误")
    assert said.edition == "更正版（第2版）"
    changed = {(change.what, change.before, change.after) for change in said.correction.changes}
    assert ("达进度", "1 项", "0 项") in changed
    assert ("超进度", "0 项", "1 项") in changed
    assert ("进度等次", "达进度", "超进度") in changed
    assert ("填报数值“预公开率达95%”", "60%（已办结 60，应办 100）", "90%（已办结 90，应办 100）") in changed
    assert snapshots.read(first).totals.tally[Standing.ON_SCHEDULE] == 1


def test_nothing_but_the_named_reports_is_otherwise(cast):
    report_first_item(cast)
    first = seal(cast)
    correction = correct(cast, first, 0)
    _rewrite(cast)
    old, new = snapshots.read(first), snapshots.read(finish(cast, correction))
    touched = {
        (share.item_id, share.unit_id) for share, other in zip(old.shares, new.shares, strict=True) if share != other
    }
    assert touched == {(cast.items[0], cast.units["县司法局"])}
    assert (old.findings, old.filings, old.before) == (new.findings, new.filings, new.before)


def test_every_page_of_the_sealed_day_shows_the_last_version(cast):
    report_first_item(cast)
    correction = correct(cast, seal(cast), 0)
    _rewrite(cast)
    plan = plans.plan_of(cast.county, cast.plan)
    before = content_of(plan, Q1, SEALING).totals
    after = snapshots.read(finish(cast, correction)).totals
    assert before.tally[Standing.ON_SCHEDULE] == 1  # until the new version is sealed the day stays as it was
    assert content_of(plan, Q1, SEALING).totals == after


def test_only_the_named_reports_are_open(cast):
    report_first_item(cast)
    correct(cast, seal(cast), 0)
    with pytest.raises(Refusal, match="封存"):
        submit(cast, content(), report_duty(cast, 2), on=LATER)
    assert submit(cast, content("更正。", {rate(cast): "90"}), report_duty(cast), on=LATER).versions[-1].number == 2


def test_a_report_that_was_missing_can_be_made_up_and_stays_late(cast):
    correction = correct(cast, seal(cast), 0)
    _rewrite(cast)
    said = snapshots.read(finish(cast, correction))
    filing = said.filing_by_unit[cast.units["县司法局"]]
    assert said.items[0].standing is Standing.AHEAD
    assert filing.missing == 2  # on the sealed day it was not in


def test_it_waits_for_every_named_report(cast):
    report_first_item(cast)
    correction = correct(cast, seal(cast), 0)
    with pytest.raises(Refusal, match="还有 1 份填报没有重新提交并审核通过（县司法局）"):
        finish(cast, correction)
    submit(cast, content("更正。", {rate(cast): "90"}), report_duty(cast), on=LATER)
    with pytest.raises(Refusal, match="没有重新提交并审核通过"):
        finish(cast, correction)
    assert count(Snapshot) == 1


def test_a_correction_pressed_twice_is_one(cast):
    report_first_item(cast)
    first = seal(cast)
    correction = correct(cast, first, 0)
    assert correct(cast, first, 0).id == correction.id
    with pytest.raises(Refusal, match="正在办理更正"):
        correct(cast, first, 2, reason="另一理由")
    _rewrite(cast)
    assert finish(cast, correction).id == finish(cast, correction).id
    assert count(Snapshot) == 2


def test_it_needs_a_reason_and_a_report(cast):
    first = seal(cast)
    with pytest.raises(Invalid, match="请填写更正理由"):
        correct(cast, first, 0, reason="  ")
    with pytest.raises(Invalid, match="请选择需要更正的填报"):
        correct(cast, first)
    with pytest.raises(NotFound), transaction():
        corrections.start(cast.act(on=LATER), first, [999], "理由", leads=False)


def test_an_old_version_is_not_corrected_any_more(cast):
    report_first_item(cast)
    first = seal(cast)
    correction = correct(cast, first, 0)
    _rewrite(cast)
    finish(cast, correction)
    with pytest.raises(Refusal, match="请在最新版本上办理更正"):
        correct(cast, first, 0)


def test_papers_keep_their_numbers_and_the_old_ones_stay(cast):
    report_first_item(cast)
    first = seal(cast)
    correction = correct(cast, first, 0)
    _rewrite(cast)
    second = finish(cast, correction)
    old, new = papers.papers_of(first), papers.papers_of(second)
    assert [(paper.kind, paper.number) for paper in old] == [(paper.kind, paper.number) for paper in new]
    assert {paper.version for paper in new} == {2}
    assert papers.file_name(new[0], "pdf").endswith("（更正版第2版）.pdf")


def test_every_step_is_told(cast):
    report_first_item(cast)
    first = seal(cast)
    correction = correct(cast, first, 0)
    _rewrite(cast)
    second = finish(cast, correction)
    assert [event.act for event in events.history(cast.county, "snapshot", first.id)][-1] == "begin_correction"
    sealing = events.history(cast.county, "snapshot", second.id)[0]
    assert (sealing.act, sealing.after["version"], sealing.after["reason"]) == ("seal", 2, "数据录入有误")
    assert sealed.latest(cast.plan, Q1).id == second.id
    assert reports.report_on(report_duty(cast)).versions[-1].submitted_at > first.sealed_at


def _withdraw(cast, correction, reason="核对后数据无误", on=LATER):
    with transaction():
        corrections.withdraw(cast.act(on=on), correction, reason, leads=False)


def test_a_correction_under_which_nothing_was_handed_in_is_withdrawn_and_all_is_as_it_was(cast):
    report_first_item(cast)
    first = seal(cast)
    plan = plans.plan_of(cast.county, cast.plan)
    sealed_then, today_then = content_of(plan, Q1, SEALING), content_of(plan, Q1, LATER)
    correction = correct(cast, first, 0, 2)
    assert content_of(plan, Q1, LATER) != today_then
    _withdraw(cast, correction)
    assert (content_of(plan, Q1, SEALING), content_of(plan, Q1, LATER)) == (sealed_then, today_then)
    assert sealed.correction_under_way(cast.plan, Q1) is None
    for item in (0, 2):
        with pytest.raises(Refusal, match="封存"):
            submit(cast, content(), report_duty(cast, item), on=LATER)
    [kept] = sealed.withdrawn(first)
    assert (kept.withdrawal_reason, kept.closed_on) == ("核对后数据无误", LATER)


def test_what_was_written_under_a_withdrawn_correction_gives_way_to_what_was_sealed(cast):
    duty = report_duty(cast)
    with transaction():
        evidence.add_link(cast.act("handler"), duty, "专栏", "https://example.gov.cn/zl")
    report_first_item(cast)
    kept = content_kept(reports.report_on(duty)), beside_text(reports.report_on(duty))
    correction = correct(cast, seal(cast), 0)
    save(cast, content("更正草稿。", {rate(cast): "90"}, kind=ProgressClass.AHEAD), report_duty(cast), on=LATER)
    with transaction():
        by, [held] = cast.act("handler", on=LATER), reports.report_on(duty).evidence
        evidence.remove_evidence(by, duty, held.id)
        evidence.add_link(by, duty, "另一栏", "https://example.gov.cn/other")
    _withdraw(cast, correction)
    db.session.expire_all()
    again = reports.report_on(duty)
    assert (content_kept(again), beside_text(again)) == kept


def test_withdrawing_stays_told_and_pressed_twice_is_once(cast):
    report_first_item(cast)
    first = seal(cast)
    correction = correct(cast, first, 0)
    _withdraw(cast, correction)
    _withdraw(cast, correction)
    told = [event.act for event in events.history(cast.county, "snapshot", first.id)]
    assert told[-2:] == ["begin_correction", "withdraw_correction"]
    with pytest.raises(Refusal, match="该更正已撤回"):
        finish(cast, correction)
    assert correct(cast, first, 0).id != correction.id


def test_what_was_handed_in_anew_is_not_withdrawn(cast):
    report_first_item(cast)
    correction = correct(cast, seal(cast), 0)
    submit(cast, content("更正。", {rate(cast): "90"}), report_duty(cast), on=LATER)
    with pytest.raises(Refusal, match="已有 1 份填报重新提交（县司法局），不能撤回"):
        _withdraw(cast, correction)
    assert sealed.correction_under_way(cast.plan, Q1).id == correction.id


def test_a_sealed_correction_and_one_without_a_reason_are_not_withdrawn(cast):
    report_first_item(cast)
    correction = correct(cast, seal(cast), 0)
    with pytest.raises(Invalid, match="请填写撤回理由"):
        _withdraw(cast, correction, " ")
    _rewrite(cast)
    finish(cast, correction)
    with pytest.raises(Refusal, match="更正版已封存，不能再撤回"):
        _withdraw(cast, correction)
