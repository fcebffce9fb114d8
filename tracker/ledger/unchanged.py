"""No change (无变化): reports handed in as unchanged, many in one act, and how many quarters running."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.ledger import reports
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.owed import OwedQuarter, OwedReport, owed_quarter
from tracker.ledger.report_content import ReportContent
from tracker.ledger.standing import Key
from tracker.ledger.tables.reports import QuarterReport
from tracker.rules import unchanged as rules
from tracker.rules.figures import Figure
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import NotFound, Refusal
from tracker.rules.reports import ReportText
from tracker.rules.standing import overdue_first


@dataclass(frozen=True)
class Candidate:
    """A report still to be written; `obstacle` says why it cannot be handed in as unchanged."""

    owed: OwedReport
    obstacle: str | None


def candidates(quarter: OwedQuarter, as_of: date) -> list[Candidate]:
    """What is open of a quarter, in the plan's order; nothing in a year's first, before which the plan has none."""
    if quarter.quarter.number == 1:
        return []
    found = [Candidate(owed, _facts(owed, as_of).obstacle) for owed in quarter.reports if owed.is_open]
    return sorted(found, key=lambda candidate: candidate.owed.item.position)


def _facts(owed: OwedReport, as_of: date) -> rules.Open:
    before = owed.previous
    return rules.Open(
        state=owed.state,
        before=before.state if before else None,
        said=before.progress_class if before else None,
        overdue=[duty.label for duty in overdue_first(owed.beside, as_of)],
        missing=owed.missing,
    )


def hand_in_unchanged(
    by: Act, plan_id: int, quarter: Quarter, unit_ids: Sequence[int], duty_ids: Collection[int]
) -> list[QuarterReport]:
    """Hand in all of them as unchanged, or none; raise Refusal, naming the item, where one has an obstacle.

    What was so handed in already is passed over: the same press sent twice is one act.
    """
    owed = {report.duty.id: report for report in owed_quarter(plan_id, quarter, unit_ids, by.today).reports}
    if not owed.keys() >= set(duty_ids):
        raise NotFound
    chosen = [owed[duty_id] for duty_id in sorted(duty_ids)]
    return [_hand_in(by, report) for report in chosen if report.is_open or not _is_unchanged(report)]


def _is_unchanged(owed: OwedReport) -> bool:
    return owed.report is not None and owed.report.unchanged


def _hand_in(by: Act, owed: OwedReport) -> QuarterReport:
    obstacle = _facts(owed, by.today).obstacle if owed.is_open else "已经提交"
    if obstacle:
        raise Refusal(f"第 {owed.item.position} 项不能按无变化填报：{obstacle}。所选各项均未提交，请去掉该项后再试。")
    return reports.submit(by, owed.duty, _content(owed), None)


def _content(owed: OwedReport) -> ReportContent:
    assert owed.previous is not None  # without it there is an obstacle
    text = ReportText(rules.TEXT, progress_class=owed.previous.progress_class)
    return ReportContent(text, _figures(owed), unchanged=True)


def _figures(owed: OwedReport) -> dict[int, Figure]:
    quarter = owed.duty.report_quarter
    staying = {target.id for target in owed.item.targets if rules.stays(target.target, quarter)}
    return {
        target_id: before.figure
        for target_id, before in owed.before.items()
        if target_id in staying and before.quarter == quarter.previous
    }


# Reading


def quarters_running(told: Iterable[QuarterReport]) -> dict[int, int]:
    """By report, for how many quarters on end, its own the last, there was no change; 0 where there was one."""
    shown = list(told)
    past: dict[Key, set[Quarter]] = defaultdict(set)
    rows = db.session.execute(
        select(QuarterReport.item_id, QuarterReport.unit_id, QuarterReport.quarter).where(
            QuarterReport.item_id.in_([report.item_id for report in shown if report.unchanged]),
            QuarterReport.unchanged,
        )
    )
    for item_id, unit_id, quarter in rows:
        past[item_id, unit_id].add(quarter)
    return {report.id: rules.quarters_running(past[report.item_id, report.unit_id], report.quarter) for report in shown}
