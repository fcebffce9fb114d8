"""A revision is laid upon the plan: nothing that was promised or reported is lost, and every day keeps its answer."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests.conftest import Cast
from tests.reporting import Q1, content, rate, report_duty, submit
from tests.revising import (
    CHANGED,
    CHECK,
    LATER,
    OPEN_DAY,
    PREVIEW,
    REVISED_ON,
    SAME,
    TRAINING,
    confirm,
    edition,
    propose,
    revise,
)
from tracker.ledger import duties, events, imports, plans, revisions
from tracker.ledger.db import db, transaction
from tracker.ledger.inspection_sheets import inspection_sheets
from tracker.ledger.items import item_record
from tracker.ledger.standing import standings
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.plans import Item, ItemDeadline, ItemTarget
from tracker.ledger.tables.reports import ReportVersion
from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale
from tracker.rules.revisions import Fate

Q3, Q4 = Quarter(2025, 3), Quarter(2025, 4)
THE_DAY_BEFORE = REVISED_ON - timedelta(days=1)
pytestmark = pytest.mark.usefixtures("application")


@pytest.fixture
def application(app):
    with app.app_context():
        yield


def plan_of(cast: Cast):
    return plans.plan_of(cast.county, cast.plan)


def fates(cast, *items):
    draft = imports.draft_of(cast.county, propose(cast, *items))
    found = revisions.comparison(draft)
    return {fate: len(found.of(fate)) for fate in Fate if found.of(fate)}


def item(cast, number):
    return db.session.get_one(Item, cast.items[number])


# Comparing


def test_the_same_edition_changes_nothing(cast):
    assert fates(cast, *SAME) == {Fate.UNCHANGED: 3}


def test_added_changed_and_dropped_items_are_told_apart(cast):
    assert fates(cast, *CHANGED) == {Fate.CHANGED: 1, Fate.ADDED: 1, Fate.DROPPED: 1, Fate.UNCHANGED: 1}


def test_a_units_other_name_is_no_change(cast):
    from dataclasses import replace

    from tracker.ledger import units

    with transaction():
        units.add_alias(cast.act(), units.unit_of(cast.county, cast.units["县司法局"]), "司法局")
    renamed = replace(CHECK, units=(replace(CHECK.units[0], name="司法局"),))
    assert fates(cast, PREVIEW, OPEN_DAY, renamed) == {Fate.UNCHANGED: 3}


def test_the_clerk_can_say_which_item_it_is(cast):
    draft_id = propose(cast, *CHANGED)
    with transaction():
        draft = imports.draft_of(cast.county, draft_id)
        revisions.set_pair(cast.act(), draft, draft.items[2].id, cast.items[1])
    found = revisions.comparison(imports.draft_of(cast.county, draft_id))
    assert not found.of(Fate.DROPPED)
    assert {line.old.id for line in found.of(Fate.CHANGED)} == {cast.items[0], cast.items[1]}
    with transaction():
        draft = imports.draft_of(cast.county, draft_id)
        revisions.set_pair(cast.act(), draft, draft.items[2].id, None)
    assert len(revisions.comparison(imports.draft_of(cast.county, draft_id)).of(Fate.ADDED)) == 1


def test_a_pair_with_an_item_of_another_plan_is_not_found(cast):
    draft = imports.draft_of(cast.county, propose(cast, *CHANGED))
    with pytest.raises(NotFound):
        revisions.set_pair(cast.act(), draft, draft.items[0].id, 999999)


def test_a_plan_of_the_year_with_a_like_title_is_offered(cast):
    with transaction():
        alike = imports.open_draft(cast.act(), edition(*SAME), "修订")
        other_year = imports.open_draft(cast.act(), edition(*SAME, year=2026), "明年")
    assert revisions.is_alike(alike, plan_of(cast))
    assert not revisions.is_alike(other_year, plan_of(cast))
    assert revisions.revisable(other_year, [plan_of(cast)]) == []


# Refusing


def test_a_plan_of_another_year_is_no_earlier_edition(cast):
    with pytest.raises(Refusal, match="2026 年的计划"):
        propose(cast, *SAME, year=2026)


def test_a_draft_that_is_confirmed_is_not_confirmed_again(cast):
    draft_id = propose(cast, *CHANGED)
    confirm(cast, draft_id)
    with pytest.raises(Refusal, match="已确认入账"):
        confirm(cast, draft_id)


def test_a_proposed_revision_is_not_entered_as_a_plan_of_its_own(cast):
    draft_id = propose(cast, *CHANGED)
    with pytest.raises(Refusal, match="修订对照"), transaction():
        imports.confirm(cast.act(), imports.draft_of(cast.county, draft_id))


def test_what_is_dropped_needs_a_reason(cast):
    draft_id = propose(cast, *CHANGED)
    with pytest.raises(Invalid, match="第 2 项"):
        confirm(cast, draft_id, reason=" ")
    assert item(cast, 1).cancelled_on is None


def test_nothing_is_confirmed_that_somebody_changed_meanwhile(cast):
    first, second = propose(cast, *CHANGED), propose(cast, PREVIEW, CHECK)
    seen = revisions.comparison(imports.draft_of(cast.county, second)).seen
    confirm(cast, first)
    draft = imports.draft_of(cast.county, second)
    with pytest.raises(Stale, match="另一次修订"):
        revisions.confirm(cast.act(), draft, seen, {}, "理由")


def test_an_edition_without_any_change_is_not_entered(cast):
    with pytest.raises(Refusal, match="逐项一致"):
        revise(cast, *SAME)


# Confirming


def test_unchanged_items_stay_as_they_are(cast):
    revise(cast, *CHANGED)
    kept = item(cast, 2)
    assert (kept.position, kept.number, kept.revised_by, kept.cancelled_on) == (3, "3.", None, None)


def test_a_changed_item_has_a_new_layer_upon_its_baseline(cast):
    revision = revise(cast, *CHANGED)
    changed = item(cast, 0)
    assert changed.goal == LATER.goal
    assert [due.due for due in changed.deadlines] == [date(2025, 10, 31)]
    assert {due.added_by_id for due in changed.deadlines} == {revision.id}
    dues = db.session.scalars(select(ItemDeadline).where(ItemDeadline.item_id == changed.id))
    assert {due.due: due.ended_by_id for due in dues} == {date(2025, 8, 31): revision.id, date(2025, 10, 31): None}
    targets = db.session.scalars(select(ItemTarget).where(ItemTarget.item_id == changed.id).order_by("id")).all()
    assert [(target.value, target.ended_by_id) for target in targets] == [(95, revision.id), (98, None)]
    assert {who.added_by_id for who in changed.responsibilities} == {None}


def test_an_added_item_is_a_new_one_at_the_end(cast):
    revision = revise(cast, *CHANGED)
    added = db.session.scalars(select(Item).where(Item.added_on.is_not(None))).one()
    assert (added.position, added.task, added.plan_id) == (4, TRAINING.task, cast.plan)
    assert (added.revised_by, added.added_on) == (revision, REVISED_ON)


def test_a_dropped_item_is_cancelled_with_its_reason_and_keeps_its_reports(cast):
    duty = report_duty(cast, item=1, unit="东镇", quarter=Q1)
    submit(cast, content("已举办一次。"), duty, by="town")
    revise(cast, *CHANGED)
    dropped = item(cast, 1)
    assert (dropped.cancelled_on, dropped.cancel_reason) == (REVISED_ON, "上级取消该项工作")
    record = item_record(dropped, Q3, REVISED_ON, None)
    told = {share.unit.name: share.told[Q1].version.progress for share in record.shares if Q1 in share.told}
    assert told == {"东镇": "已举办一次。"}


def test_reports_stay_with_a_changed_item_and_their_figures_with_the_target_they_were_of(cast):
    submit(cast, content("率为90%。", {rate(cast): "90"}), report_duty(cast))
    versions = db.session.scalar(select(func.count()).select_from(ReportVersion))
    revise(cast, *CHANGED)
    assert db.session.scalar(select(func.count()).select_from(ReportVersion)) == versions
    record = item_record(item(cast, 0), Q3, REVISED_ON, None)
    assert [target.text for target in record.targets] == ["预公开率达98%", "预公开率达95%"]
    assert [share.unit.name for share in record.reporting(record.targets[1].id)] == ["县司法局"]


def test_an_items_history_says_what_was_and_what_is(cast):
    revise(cast, *CHANGED)
    history = item_record(item(cast, 0), Q3, REVISED_ON, None).history
    assert [change.label for change in history.revisions[0].changes] == ["工作目标", "量化指标", "完成时限"]
    assert [due.text for due in history.original.deadlines] == ["2025年8月底前"]


def test_a_second_revision_leaves_the_first_to_be_seen(cast):
    from dataclasses import replace

    revise(cast, *CHANGED)
    again = replace(LATER, task="预公开全部重大行政决策草案。")
    revise(cast, again, CHECK, TRAINING, on=date(2025, 9, 1))
    steps = item_record(item(cast, 0), Q3, date(2025, 9, 1), None).history.revisions
    assert [[change.label for change in step.changes] for step in steps] == [
        ["工作目标", "量化指标", "完成时限"],
        ["工作任务"],
    ]


def test_every_act_is_in_the_chain(cast):
    revise(cast, *CHANGED)
    assert [event.act for event in events.history(cast.county, "item", cast.items[1])] == ["cancel"]
    assert [event.act for event in events.history(cast.county, "item", cast.items[0])] == ["revise"]
    assert events.first_break(cast.county) is None


# Duties


def dues(cast, number, unit="县司法局", *kinds):
    """The open and the cancelled ones of a kind."""
    rows = db.session.scalars(
        select(Duty).where(Duty.item_id == cast.items[number], Duty.unit_id == cast.units[unit], Duty.kind.in_(kinds))
    ).all()
    return {duty.due for duty in rows if not duty.cancelled_on}, {duty.due for duty in rows if duty.cancelled_on}


def test_the_old_date_is_taken_back_and_the_new_one_owed(cast):
    revise(cast, *CHANGED)
    owed, cancelled = dues(cast, 0, "县司法局", DutyKind.MILESTONE)
    assert (owed, cancelled) == ({date(2025, 10, 31)}, {date(2025, 8, 31)})


def test_generating_again_adds_nothing(cast):
    revise(cast, *CHANGED)
    with transaction():
        assert duties.generate(cast.act(on=date(2025, 9, 1)), plan_of(cast)) == 0


def test_a_new_item_owes_nothing_for_the_quarters_that_were_over(cast):
    revise(cast, *CHANGED)
    added = db.session.scalars(select(Item.id).where(Item.added_on.is_not(None))).one()
    quarters = db.session.scalars(select(Duty.quarter).where(Duty.item_id == added).order_by(Duty.quarter)).all()
    assert quarters == [Q3, Q4]


def test_what_is_done_stays_done(cast):
    submit(cast, content("已公开。"), report_duty(cast, quarter=Q1))
    revise(cast, OPEN_DAY, CHECK)
    found = standings(cast.plan, Q1, THE_DAY_BEFORE).duties[cast.items[0], cast.units["县司法局"]]
    assert [duty.done_on for duty in found if duty.kind is DutyKind.QUARTER_REPORT] == [date(2025, 4, 3)]
    record = item_record(item(cast, 0), Q1, REVISED_ON, None)
    [share] = [share for share in record.shares if share.unit.name == "县司法局"]
    assert [duty.done_on for duty in share.duties[Q1]] == [date(2025, 4, 3)]


def test_a_unit_that_is_taken_off_keeps_its_quarters_and_owes_no_more(cast):
    from dataclasses import replace

    submit(cast, content("已公开。"), report_duty(cast, quarter=Q1))
    handed_over = replace(PREVIEW, units=(replace(PREVIEW.units[0], name="县行政审批局"), PREVIEW.units[1]))
    revise(cast, handed_over, OPEN_DAY, CHECK)
    old, new = (cast.items[0], cast.units["县司法局"]), (cast.items[0], cast.units["县行政审批局"])
    assert old in standings(cast.plan, Q1, REVISED_ON).shares
    assert new not in standings(cast.plan, Q1, REVISED_ON).shares
    later = standings(cast.plan, Q3, REVISED_ON).shares
    assert old not in later
    assert later[new].lead
    lits = {share.unit.name: share.lit.reason for share in item_record(item(cast, 0), Q3, REVISED_ON, None).shares}
    assert lits["县司法局"] == "修订后不再承担"


def test_a_unit_that_comes_to_lead_leads_from_that_day(cast):
    from dataclasses import replace

    swapped = replace(OPEN_DAY, units=(replace(OPEN_DAY.units[0], lead=False), replace(OPEN_DAY.units[0], name="东镇")))
    revise(cast, PREVIEW, swapped, CHECK)
    town, bureau = ((cast.items[1], cast.units[name]) for name in ("东镇", "县行政审批局"))
    before, after = (standings(cast.plan, Q3, day).shares for day in (THE_DAY_BEFORE, REVISED_ON))
    assert (before[town].lead, before[bureau].lead) == (False, True)
    assert (after[town].lead, after[bureau].lead) == (True, False)


def test_a_cancelled_item_takes_no_more_reports(cast):
    duty = report_duty(cast, item=1, unit="东镇", quarter=Q3)
    revise(cast, *CHANGED)
    with pytest.raises(Refusal, match="已撤销"):
        duties.report_duty(cast.county, duty.id, None)


# As of a day


def test_before_the_revision_the_ledger_answers_as_before(cast):
    def answers(as_of):
        items = [(i.id, i.task, i.goal, i.section, i.number) for i in plans.outline(plan_of(cast), None, as_of)]
        shares = standings(cast.plan, Q3, as_of).shares
        return items, shares, inspection_sheets(plan_of(cast), Q3, as_of)

    before = answers(THE_DAY_BEFORE)
    revise(cast, *CHANGED)
    db.session.expunge_all()
    assert answers(THE_DAY_BEFORE) == before
    db.session.expunge_all()
    assert answers(REVISED_ON) != before


def test_an_item_counts_until_the_day_on_which_it_is_cancelled(cast):
    revise(cast, *CHANGED)
    before, after = ({i.id for i in plans.outline(plan_of(cast), None, day)} for day in (THE_DAY_BEFORE, REVISED_ON))
    assert cast.items[1] in before
    assert cast.items[1] not in after
    assert [i.id for i in plans.cancelled(plan_of(cast), None, REVISED_ON)] == [cast.items[1]]
    assert plans.cancelled(plan_of(cast), None, THE_DAY_BEFORE) == []
    shares = standings(cast.plan, Q3, REVISED_ON).shares
    assert cast.items[1] not in {item_id for item_id, _ in shares}


def test_a_unit_finds_a_new_item_from_that_day(cast):
    revise(cast, *CHANGED)
    scope = frozenset({cast.units["东镇"]})
    before, after = ({i.task for i in plans.outline(plan_of(cast), scope, day)} for day in (THE_DAY_BEFORE, REVISED_ON))
    assert TRAINING.task not in before
    assert TRAINING.task in after
