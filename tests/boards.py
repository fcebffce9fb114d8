"""A plan with something of everything for the leading group's pages, and how their numbers are checked."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from lxml import html

from tests import reporting
from tracker.ledger import findings, plans, reports, reviews, units
from tracker.ledger.db import db, transaction
from tracker.ledger.findings import FindingText, Proof
from tracker.ledger.report_content import ReportContent
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Item, Origin
from tracker.ledger.tables.units import Unit, UnitKind
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.duties import DutyKind
from tracker.rules.figures import Figure
from tracker.rules.findings import FindingSource
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportText, Verdict
from tracker.rules.targets import Op, Per, Target

LATE_JULY = date(2025, 7, 20)
END_OF_JUNE = Deadline(DeadlineKind.DATE, due=date(2025, 6, 30))
FOUR_TIMES = ("全年不少于4次", Target(Op.AT_LEAST, Decimal(4), "次", Per.YEAR), Origin.DOCUMENT)
CLASSES = list(ProgressClass)


def busy(cast) -> int:
    """A plan of 60 items with two quarters of reports and some findings, the same of the year before, a silent unit."""
    with transaction():
        units.add_unit(cast.act(on=date(2025, 1, 6)), "气象站", UnitKind.OTHER)
    add_plan(cast, 12, "2024年重点任务分工方案", year=2024)
    plan_id = add_plan(cast, 60)
    with transaction():
        report_some(cast, plan_id)
        find_some(cast, plan_id)
    return plan_id


def add_plan(cast, items, title="2025年重点任务分工方案", year=2025) -> int:
    """A plan of so many items in four sections and none; each unit leads some and supports others."""
    with transaction():
        known = db.session.scalars(db.select(Unit).where(Unit.organisation_id == cast.county).order_by(Unit.id)).all()
        silent = [(known[4], False, "", Origin.OFFICE)] if len(known) > 4 else []
        facts = [
            plans.ItemFacts(
                section=[f"板块{'一二三四'[turn % 4]}&“重点”"] if turn % 5 else [],
                number=f"{turn + 1}.",
                task=f"做好第{turn + 1}项工作。",
                deadlines=[("6月底前", END_OF_JUNE, Origin.DOCUMENT)][turn % 7 :] if year == 2025 else [],
                targets=[FOUR_TIMES] if turn % 6 == 1 else [],
                responsible=[
                    (known[turn % 4], True, "", Origin.DOCUMENT),
                    *([(known[(turn + 1) % 4], False, "", Origin.OFFICE)] if turn % 3 == 0 else []),
                    *(silent if turn == 7 else []),
                ],
            )
            for turn in range(items)
        ]
        by = cast.act(on=date(2025, 1, 6))
        return plans.register(by, plans.PlanFacts(title, "示例县", year), facts).id


def report_some(cast, plan_id, every=1) -> None:
    """Two quarters of reports: every class occurs, one in five is missing, some come late, some are returned."""
    for number in (1, 2):
        quarter = Quarter(2025, number)
        asked = db.select(Duty).where(
            Duty.plan_id == plan_id, Duty.kind == DutyKind.QUARTER_REPORT, Duty.quarter == quarter
        )
        for turn, duty in enumerate(db.session.scalars(asked.order_by(Duty.id)).all()[::every]):
            if turn % 5 != number and duty.unit.name != "气象站":
                hand_in(cast, duty, quarter.end + timedelta(days=3 + turn % 7), turn)


def hand_in(cast, duty, on, turn) -> None:
    text = ReportText("已开展。", problems="人手不足。", progress_class=CLASSES[turn // 2 % len(CLASSES)])
    figures = {target.id: Figure(Decimal(turn % 3)) for target in duty.item.targets}
    content = ReportContent(text, figures, missing_note=reporting.MISSING)
    report = reports.submit(cast.act("handler", on), duty, content, None)
    if turn % 3 == 0:
        verdict = Verdict.RETURN if turn % 2 else Verdict.ACCEPT
        reviews.review(cast.act("clerk", on + timedelta(days=1)), report, verdict, "请补充。", 1)


def find_some(cast, plan_id) -> None:
    """Checks in July: most give a class, which is not always what the unit reported."""
    items = db.session.scalars(db.select(Item).where(Item.plan_id == plan_id).order_by(Item.position)).all()
    for turn, item in enumerate(items[:20]):
        lead = next(who.unit for who in item.responsibilities if who.lead)
        text = FindingText(
            Quarter(2025, 2),
            item=item,
            source=FindingSource.INSPECTION,
            criterion="准确",
            problem="与填报不符。",
            basis="计划要求准确公开。",
            demand="核对后更正。",
            due=date(2025, 8, 1),
            verified_class=None if turn % 6 == 5 else CLASSES[turn % len(CLASSES)],
        )
        findings.record(cast.act("inspector", date(2025, 7, 12)), lead, text, Proof())


# The numbers of a page


def main_of(page):
    return html.fromstring(page.text).get_element_by_id("main")


_LISTS = re.compile(r"/items/(?:duties)?\?|/dashboard/truths\?|/dashboard/units\?.*(?:silent=1|#)")


def numbers(page) -> Iterator[tuple[int, str]]:
    """Every number of the page that leads to a list, with its address."""
    for link in main_of(page).iterfind(".//a"):
        told = re.findall(r"\d+", link.text_content())
        if told and _LISTS.match(link.get("href")):
            assert len(told) == 1, link.text_content()
            yield int(told[0]), link.get("href")


def rows_behind(client, address) -> int:
    """How many lines the list at an address shows, all of its pages together; those of one part where it names one."""
    total, part = 0, address.partition("#")[2]
    while address:
        page = main_of(client.get(address))
        total += len(page.xpath(f".//section[@aria-labelledby='{part}']//tbody/tr" if part else ".//tbody/tr"))
        further = page.find(".//a[@rel='next']")
        address = further.get("href") if further is not None else None
    return total
