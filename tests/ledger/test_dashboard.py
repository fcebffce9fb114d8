"""The fold against a recount that shares nothing with it: plain loops over the tables."""

from collections import Counter, defaultdict

import pytest

from tests import boards
from tracker.ledger import dashboard, plans, verified
from tracker.ledger.dashboard import Narrowed
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.duties import Duty, Fulfilment
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.reports import ReportVersion, Review
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass
from tracker.rules.standing import Standing

Q2, AS_OF = Quarter(2025, 2), boards.LATE_JULY
WORST_FIRST = ["overdue", "returned", "behind", "unreported", "other", "on_schedule", "ahead", "completed"]


@pytest.fixture
def plan(app_context, cast):
    return plans.any_plan(boards.busy(cast))


def by_share(plan):
    """Of every item and unit: whether it leads, how it stands, what it reported, and whether work is overdue."""
    open_duties, leads = defaultdict(list), {}
    for duty in db.session.scalars(db.select(Duty).where(Duty.plan_id == plan.id)):
        if duty.quarter is not None and duty.quarter > Q2:
            continue
        known = db.session.scalars(db.select(Fulfilment).where(Fulfilment.duty_id == duty.id))
        done = [f for f in known if f.recorded_on <= AS_OF and not (f.revoked_on and f.revoked_on <= AS_OF)]
        leads[duty.item_id, duty.unit_id] = duty.lead
        if not done:
            open_duties[duty.item_id, duty.unit_id].append(duty)
    found = {}
    for (item_id, unit_id), lead in leads.items():
        work = [duty for duty in open_duties[item_id, unit_id] if duty.kind is not DutyKind.QUARTER_REPORT]
        late = any(duty.answer_by and duty.answer_by < AS_OF for duty in work)
        reported, returned = told(item_id, unit_id)
        standing = "overdue" if late else "returned" if returned else reported or "unreported"
        found[item_id, unit_id] = lead, standing, reported, late
    return found


def told(item_id, unit_id):
    where = ReportVersion.item_id == item_id, ReportVersion.unit_id == unit_id, ReportVersion.quarter == Q2
    versions = db.session.scalars(db.select(ReportVersion).where(*where).order_by(ReportVersion.number)).all()
    if not versions:
        return None, False
    judged = db.select(Review).where(Review.version_id == versions[-1].id).order_by(Review.id)
    verdicts = [review.verdict for review in db.session.scalars(judged) if review.reviewed_on <= AS_OF]
    return str(versions[-1].progress_class), bool(verdicts) and verdicts[-1] == "return"


def worst(standings):
    return min(standings, key=WORST_FIRST.index)


def counted(tally):
    return {str(standing): number for standing, number in tally.items() if number}


def test_items_units_sections_and_cells_are_what_a_recount_finds(plan):
    board, shares = dashboard.board_of(plan, Q2, AS_OF, Narrowed()), by_share(plan)
    items = {item.id: item.heading for item in db.session.scalars(db.select(Item).where(Item.plan_id == plan.id))}
    total, sections, parts, cells = Counter(), defaultdict(Counter), defaultdict(Counter), defaultdict(Counter)
    for item_id, heading in items.items():
        stands = worst(how for (of, _), (lead, how, _, _) in shares.items() if of == item_id and lead)
        total[stands] += 1
        sections[heading][stands] += 1
    for (item_id, unit_id), (lead, how, _, _) in shares.items():
        parts[unit_id, lead][how] += 1
        cells[unit_id, items[item_id]][how] += 1
    assert set(total) >= {"overdue", "returned", "behind", "unreported", "on_schedule"}
    summary = board.summary
    assert counted(summary.total) == total
    assert {name: counted(tally) for name, tally in summary.by_section.items()} == sections
    assert {key: counted(tally) for key, tally in summary.by_part.items()} == parts
    assert {key: counted(tally) for key, tally in summary.by_cell.items()} == cells


def test_the_three_truths_are_what_a_recount_finds(plan):
    truths, shares = dashboard.board_of(plan, Q2, AS_OF, Narrowed()).truths, by_share(plan)
    checked = {
        (finding.item_id, finding.unit_id): finding.verified_class
        for finding in db.session.scalars(db.select(Finding).where(Finding.quarter == Q2))
    }
    led = {key: share for key, share in shares.items() if share[0]}  # one lead an item
    well = ("on_schedule", "ahead", "completed")
    differing = [
        key
        for key, (_, _, reported, late) in led.items()
        if (reported in well and late)
        or (reported and key in checked and (checked[key] or (None if reported in well else reported)) != reported)
    ]
    assert counted(truths.reported) == Counter(reported or "unreported" for _, _, reported, _ in led.values())
    assert truths.calendar["overdue"] == sum(late for _, _, _, late in led.values()) > 0
    assert sum(truths.verified.values()) - truths.verified["unchecked"] == len(checked) == 20
    assert truths.differing == len(differing) > 5


def test_the_page_of_another_day_is_of_that_day(plan):
    early = dashboard.board_of(plan, Q2, Q2.end, Narrowed())
    assert early.truths.verified["unchecked"] == 60
    assert early.summary.total[Standing.OVERDUE] == 0


def test_last_years_plan_of_the_same_name_is_compared_with(plan):
    board = dashboard.board_of(plan, Q2, AS_OF, Narrowed())
    assert board.last_year is not None
    assert (board.last_year.plan.title, board.last_year.quarter) == ("2024年重点任务分工方案", Quarter(2024, 2))
    assert board.last_year.on.isoformat() == "2024-07-20"
    assert board.last_year.summary.items == 12


def test_a_section_that_last_year_did_not_have_is_not_compared(plan):
    [first, *_] = db.session.scalars(db.select(Item).where(Item.plan_id == plan.id).order_by(Item.position))
    first.section = ["今年新增"]
    db.session.flush()
    board = dashboard.board_of(plan, Q2, AS_OF, Narrowed(section="今年新增"))
    assert board.summary.items == 1
    assert board.last_year is None


def test_the_silent_unit_is_named_with_the_day_of_its_last_move(plan):
    board = dashboard.board_of(plan, Q2, AS_OF, Narrowed())
    assert [board.names[unit_id] for unit_id in board.silent] == ["气象站"]


def test_units_are_ranked_within_their_kind(plan):
    kinds = dashboard.board_of(plan, Q2, AS_OF, Narrowed()).kinds
    assert {kind: len(held) for kind, held in kinds.items()} == {"department": 2, "town": 2, "other": 1}


def test_what_an_inspector_says_is_on_the_board_at_once(plan, cast):
    truths = dashboard.board_of(plan, Q2, AS_OF, Narrowed()).truths
    item, unit_id = plan.items[0], plan.items[0].responsibilities[0].unit_id
    with transaction():
        verified.say(cast.act("inspector", AS_OF), item, unit_id, Q2, verified.Said(ProgressClass.AHEAD), "one press")
    assert dashboard.board_of(plan, Q2, AS_OF, Narrowed()).truths.verified != truths.verified
