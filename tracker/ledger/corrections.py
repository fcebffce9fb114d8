"""Corrections (更正) of a sealed quarter: named reports are opened again with a reason, and sealed as a new version.

Until the new version is sealed, what is written counts from its own day on and leaves the sealed day as it was; then
it is the unit's word from the sealed day on.  So the sealed day has one answer at any time, that of the last version.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from tracker.ledger import events, sealed, snapshots
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.handing_in import given
from tracker.ledger.report_handed_in import turn_back
from tracker.ledger.standing import is_owed
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.reports import QuarterReport, ReportVersion
from tracker.ledger.tables.snapshots import CorrectedShare, Correction, Snapshot
from tracker.rules import closing as rules
from tracker.rules.duties import DutyKind
from tracker.rules.refusals import NotFound, Refusal
from tracker.rules.reports import ReportState, ReviewLevel, Verdict

_RETURN = "更正已封存的季度："


def start(by: Act, snapshot: Snapshot, duty_ids: Sequence[int], reason: str, *, leads: bool) -> Correction:
    """Open these reports again; each goes back to its unit with the reason.  Sent twice it is one correction."""
    rules.check_may_seal(db.session.get_one(Organisation, by.organisation_id).sealing_levels, leads=leads)
    reason = rules.check_reason(reason)
    rules.check_shares(duty_ids)
    events.hold(by.organisation_id)
    found = sealed.latest(snapshot.plan_id, snapshot.quarter)
    if found is None or found.id != snapshot.id:
        raise Refusal("该季度已有更新的版本，请在最新版本上办理更正。")
    duties = _duties(snapshot, duty_ids)
    if held := sealed.correction_under_way(snapshot.plan_id, snapshot.quarter):
        return _same_or_refuse(held, duties, reason)
    correction = Correction(
        organisation_id=by.organisation_id,
        snapshot=snapshot,
        reason=reason,
        opened_on=by.today,
        opened_at=by.at,
        opened_by_id=by.person_id,
    )
    db.session.add(correction)
    correction.shares = [_open(by, duty, reason) for duty in duties]
    db.session.flush()
    told = {"quarter": str(snapshot.quarter), "version": snapshot.number, "reason": reason}
    shares = [[share.item_id, share.unit_id] for share in correction.shares]
    events.record(by, "begin_correction", "snapshot", snapshot.id, after=told | {"shares": shares})
    return correction


def _same_or_refuse(held: Correction, duties: Sequence[Duty], reason: str) -> Correction:
    asked = {(duty.item_id, duty.unit_id) for duty in duties}
    if held.reason == reason and {(share.item_id, share.unit_id) for share in held.shares} == asked:
        return held
    raise Refusal("该季度正在办理更正，请先完成后再开始新的更正。")


def _duties(snapshot: Snapshot, duty_ids: Sequence[int]) -> list[Duty]:
    """The duties to report that are named; raise NotFound where one is not of the quarter."""
    of_quarter = (Duty.plan_id == snapshot.plan_id, Duty.quarter == snapshot.quarter)
    query = select(Duty).where(Duty.id.in_(duty_ids), *of_quarter, Duty.kind == DutyKind.QUARTER_REPORT)
    found = list(db.session.scalars(query.order_by(Duty.id)))
    if len(found) != len(set(duty_ids)):
        raise NotFound
    return found


def reports_owed(snapshot: Snapshot, unit_id: int) -> list[Duty]:
    """The duties to report of one unit that the sealed quarter counts, in the plan's order: what can be corrected."""
    of_quarter = (Duty.plan_id == snapshot.plan_id, Duty.quarter == snapshot.quarter, Duty.unit_id == unit_id)
    query = select(Duty).join(Duty.item).where(*of_quarter, Duty.kind == DutyKind.QUARTER_REPORT)
    query = query.where(is_owed(snapshot.as_of)).order_by(Item.position)
    return list(db.session.scalars(query.options(contains_eager(Duty.item))))


def _open(by: Act, duty: Duty, reason: str) -> CorrectedShare:
    report = _report(duty.item_id, duty.unit_id, duty)
    number = len(report.versions) if report else 0
    before = None
    if report and report.versions and not report.state.is_open:
        before = report.state
        level = ReviewLevel.OFFICE
        report.versions[-1].reviews.append(given(level, Verdict.RETURN, by, f"{_RETURN}{reason}"))
        report.state = ReportState.RETURNED
        for fulfilment in _fulfilled_by(report.versions[-1]):
            fulfilment.revoked_on = fulfilment.revoked_on or by.today
    return CorrectedShare(item_id=duty.item_id, unit_id=duty.unit_id, version_before=number, state_before=before)


def _report(item_id: int, unit_id: int, about: Duty | Snapshot) -> QuarterReport | None:
    of_share = (QuarterReport.item_id == item_id, QuarterReport.unit_id == unit_id)
    return db.session.scalar(select(QuarterReport).where(*of_share, QuarterReport.quarter == about.quarter))


def _fulfilled_by(version: ReportVersion) -> Sequence[Fulfilment]:
    return db.session.scalars(select(Fulfilment).where(Fulfilment.version_id == version.id)).all()


# Sealing it


def waiting(correction: Correction) -> list[CorrectedShare]:
    """Whose reports are not handed in anew and judged to the end."""
    return [share for share in correction.shares if not _is_finished(correction, share)]


def _is_finished(correction: Correction, share: CorrectedShare) -> bool:
    report = _report(share.item_id, share.unit_id, correction.snapshot)
    if report is None or report.state is not ReportState.ACCEPTED:
        return False
    return len(report.versions) > share.version_before


def finish(by: Act, correction: Correction, *, leads: bool) -> Snapshot:
    """Seal the next version; raise Refusal while a named report is still to come.  Pressed twice it is one version."""
    rules.check_may_seal(db.session.get_one(Organisation, by.organisation_id).sealing_levels, leads=leads)
    events.hold(by.organisation_id)
    db.session.refresh(correction)
    before = correction.snapshot
    if correction.withdrawn_at is not None:
        raise Refusal("该更正已撤回，没有可以封存的更正版。")
    if correction.closed_on is not None:
        return sealed.latest(before.plan_id, before.quarter) or before
    if left := waiting(correction):
        names = "、".join(dict.fromkeys(share.unit.name for share in left))
        raise Refusal(f"还有 {len(left)} 份填报没有重新提交并审核通过（{names}），暂不能生成更正版。")
    for share in correction.shares:
        _count_from(before.as_of, _report(share.item_id, share.unit_id, before), share.version_before)
    db.session.flush()
    correction.closed_on = by.today
    return snapshots.seal_again(by, correction)


def _count_from(day: date, report: QuarterReport | None, before: int) -> None:
    """Let what was handed in anew be the unit's word from the sealed day on, and nothing of what it replaces."""
    assert report is not None  # it is finished
    for version in report.versions:
        if version.number == before:
            for fulfilment in _fulfilled_by(version):
                fulfilment.revoked_on = min(fulfilment.revoked_on or day, day)
        elif version.number > before and version.left_on:
            version.left_on = min(version.left_on, day)
            for review in version.reviews:
                review.reviewed_on = min(review.reviewed_on, day)
            for fulfilment in _fulfilled_by(version):
                fulfilment.recorded_on = min(fulfilment.recorded_on, day)
                if fulfilment.revoked_on:
                    fulfilment.revoked_on = min(fulfilment.revoked_on, day)


# Withdrawing it


def withdraw(by: Act, correction: Correction, reason: str, *, leads: bool) -> None:
    """Close the reports again as they were; raise Refusal once one was handed in anew.  Pressed twice it is once.

    The returns that opened them go with it, for a version that was ever returned counts no more; the events of both
    acts stay.
    """
    rules.check_may_seal(db.session.get_one(Organisation, by.organisation_id).sealing_levels, leads=leads)
    reason = rules.check_withdrawal(reason)
    events.hold(by.organisation_id)
    db.session.refresh(correction)
    if correction.withdrawn_at is not None:
        return
    if correction.closed_on is not None:
        raise Refusal("更正版已封存，不能再撤回更正。")
    quarter, snapshot = correction.snapshot.quarter, correction.snapshot
    reports = [(share, _report(share.item_id, share.unit_id, snapshot)) for share in correction.shares]
    anew = [share for share, report in reports if report and len(report.versions) > share.version_before]
    if anew:
        names = "、".join(dict.fromkeys(share.unit.name for share in anew))
        raise Refusal(f"已有 {len(anew)} 份填报重新提交（{names}），不能撤回。请审核后封存更正版。")
    for share, report in reports:
        if report and share.state_before:
            _close_again(correction, report, share.state_before)
    correction.closed_on = by.today
    correction.withdrawn_at, correction.withdrawn_by_id, correction.withdrawal_reason = by.at, by.person_id, reason
    db.session.flush()
    told = {"quarter": str(quarter), "version": snapshot.number, "reason": reason}
    events.record(by, "withdraw_correction", "snapshot", snapshot.id, after=told)


def _close_again(correction: Correction, report: QuarterReport, state: ReportState) -> None:
    """What the unit wrote meanwhile and did not hand in gives way to what was sealed."""
    version = report.versions[-1]
    opened = next(
        review
        for review in reversed(version.reviews)
        if review.verdict is Verdict.RETURN and review.reviewed_at == correction.opened_at
    )
    db.session.delete(opened)
    db.session.flush()
    db.session.expire(version, ["reviews"])
    report.state = state
    turn_back(report, version)
    for fulfilment in _fulfilled_by(version):
        if fulfilment.revoked_on == correction.opened_on:
            fulfilment.revoked_on = None


def correction_of(organisation_id: int, correction_id: int) -> Correction:
    found = db.session.get(Correction, correction_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound
    return found
