"""`flask --app tracker print KIND`: a paper into a file, in the format of the file's ending.

A sealed quarter is printed from its snapshot, under the numbers that its papers have; an open one, or any as of a day
that is named, from the ledger's figures.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app

import config
from tracker import clock
from tracker.ledger import (
    finding_papers,
    findings,
    inspection_papers,
    notice_papers,
    paper_templates,
    papers,
    plans,
    sealed,
    snapshots,
)
from tracker.ledger.snapshot_content import content_of
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.snapshots import Snapshot
from tracker.printing import close_out, inspection_summary, letter, office_template, rectification
from tracker.printing.letter_parts import Letter
from tracker.printing.notice import letter as notice_letter
from tracker.printing.papers import PAPERS, Asked
from tracker.rules.notices import NoticeKind
from tracker.rules.office_templates import TemplateKind, kind_of_step
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Refusal

NOTICES = {kind.value: kind.step for kind in TemplateKind if kind.step}
CLOSE_OUT = "close-out-slip"
KINDS: Mapping[str, PaperKind | NoticeKind] = {
    **{kind.value: kind for kind in PaperKind},
    "inspection-summary": PaperKind.SUMMARY,
    CLOSE_OUT: PaperKind.RECTIFICATION_NOTICE,
    **NOTICES,
}


@dataclass(frozen=True)
class _Order:
    """What was asked for; `as_of` is None where no day was named."""

    name: str
    kind: PaperKind | NoticeKind
    ending: str
    plan: int | None
    quarter: str | None
    unit: int | None
    as_of: date | None
    a3: bool

    @property
    def day(self) -> date:
        return self.as_of or clock.today(_settings().timezone)


def _settings() -> config.Settings:
    settings: config.Settings = current_app.config["SETTINGS"]
    return settings


@click.command("print")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.option("--plan", type=int, help="Of which plan; together with --quarter.")
@click.option("--quarter", help="For example 2025Q1.")
@click.option("--unit", type=int, help="Of one unit alone, where each has its own (report-form, inspection).")
@click.option("--finding", type=int, help="A single notice of rectification, instead of a plan's.")
@click.option("--notice", type=int, help="Which paper of the ladder (urging-notice …).")
@click.option("--inspection", type=int, help="The summary of one inspection, instead of a quarter's.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day to judge by, whether sealed or not.")
@click.option("--a3", is_flag=True, help="The ledger on A3.")
@click.option(
    "-o", "path", type=click.Path(dir_okay=False, path_type=Path), required=True, help="*.pdf, *.docx, *.xlsx"
)
def print_(
    kind: str,
    plan: int | None,
    quarter: str | None,
    unit: int | None,
    finding: int | None,
    notice: int | None,
    inspection: int | None,
    as_of: datetime | None,
    a3: bool,  # noqa: FBT001 - click hands options over by name
    path: Path,
) -> None:
    """Write a paper into a file, in the format of the file's ending."""
    ending, day = path.suffix.removeprefix("."), as_of.date() if as_of else None
    order = _Order(kind, KINDS[kind], ending, plan, quarter, unit, day, a3)
    try:
        content = _made(order, finding, notice, inspection)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    except ValueError as fault:
        raise click.ClickException(str(fault)) from fault
    path.write_bytes(content)
    click.echo(f"{path}: {len(content)} bytes")


def _made(order: _Order, finding: int | None, notice: int | None, inspection: int | None) -> bytes:
    if isinstance(order.kind, NoticeKind):
        return _notice(order, order.kind, notice)
    if order.name == CLOSE_OUT and finding is None:
        raise click.UsageError("Say whose slip: --finding ID.")
    if order.kind is PaperKind.RECTIFICATION_NOTICE and finding is not None:
        return _rectification(order, finding)
    if order.kind is PaperKind.SUMMARY and inspection is not None:
        return _inspection(order, inspection)
    if order.plan is None or order.quarter is None:
        raise click.UsageError("Say of which plan and quarter: --plan ID --quarter 2025Q1.")
    make = _maker(order, PAPERS[order.kind].make)
    return make(_asked(order, order.kind, plans.any_plan(order.plan), Quarter.parse(order.quarter)))


def _maker(order: _Order, makers: Mapping[str, Callable[[Asked], bytes]]) -> Callable[[Asked], bytes]:
    _check_ending(order, tuple(makers))
    return makers[order.ending]


def _check_ending(order: _Order, endings: tuple[str, ...]) -> None:
    if order.ending not in endings:
        raise click.ClickException(f"the ending must be {' or '.join(f'.{each}' for each in endings)}")


def _asked(order: _Order, kind: PaperKind, plan: Plan, quarter: Quarter) -> Asked:
    if quarter.year != plan.year:
        raise Refusal(f"“{plan.title}”是{plan.year}年的计划，没有{quarter.label}的文书。")
    kept = sealed.latest(plan.id, quarter) if order.as_of is None else None
    content = snapshots.read(kept) if kept else content_of(plan, quarter, order.day)
    word = paper_templates.word_template(content, kind, _settings().data / "files") if order.ending == "docx" else None
    number = _number(kept, kind, order.unit or 0) if kept else ""
    return Asked(content, _settings().fonts, order.unit or 0, number, a3=order.a3, template=word)


def _number(kept: Snapshot, kind: PaperKind, subject: int) -> str:
    """Under which the paper was entered with the seal; empty for several in one file."""
    found = (paper for paper in papers.papers_of(kept) if paper.kind is kind and paper.subject == subject)
    return next(map(papers.number_of, found), "")


def _notice(order: _Order, kind: NoticeKind, notice_id: int | None) -> bytes:
    if notice_id is None:
        raise click.UsageError("Say which paper of the ladder: --notice ID.")
    found = notice_papers.any_notice(notice_id)
    if found.kind is not kind:
        raise Refusal(f"编号为 {notice_id} 的文书是{found.kind.label}，不是{kind.label}。")
    received = clock.local_date(found.received_at, _settings().timezone) if found.received_at else None
    told = notice_papers.paper(found, order.day, received)
    if order.ending == "docx":
        return office_template.notices([told], _own(found.organisation_id, kind_of_step(kind)))
    return _letters(order, [notice_letter(told)])


def _rectification(order: _Order, finding_id: int) -> bytes:
    found = findings.any_finding(finding_id)
    told = finding_papers.notice(found, order.day)
    if order.name == CLOSE_OUT:
        return _letters(order, [close_out.letter(told)])
    if order.ending == "docx":
        own = _own(found.organisation_id, TemplateKind.RECTIFICATION_NOTICE)
        return office_template.rectifications([told], own)
    return _letters(order, [rectification.letter(told)])


def _own(organisation_id: int, kind: TemplateKind) -> bytes | None:
    return paper_templates.in_use(organisation_id, kind, _settings().data / "files")


def _letters(order: _Order, letters: list[Letter]) -> bytes:
    _check_ending(order, ("pdf", "docx"))
    return letter.pdf(letters, _settings().fonts) if order.ending == "pdf" else letter.docx(letters)


def _inspection(order: _Order, inspection_id: int) -> bytes:
    _check_ending(order, ("pdf", "docx", "xlsx"))
    summary = inspection_papers.summary(inspection_papers.any_inspection(inspection_id), order.day)
    if order.ending == "pdf":
        return inspection_summary.pdf(summary, _settings().fonts)
    return inspection_summary.docx(summary) if order.ending == "docx" else inspection_summary.xlsx(summary)
