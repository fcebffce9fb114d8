"""A revised edition of the cast's plan, for tests: the ledger's items as a reader would have read them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.conftest import Cast
from tracker.ledger import imports, plans, revisions
from tracker.ledger.db import transaction
from tracker.ledger.tables.revisions import Revision
from tracker.reading.plan import ParsedPlan, ReadDeadline, ReadItem, ReadTarget, ReadUnit, Span
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.targets import Op, Per, Target

NOWHERE = Span(0, 0)
REVISED_ON = date(2025, 7, 10)

TOWNS = "各镇(园区、街道)"


def read_item(number: str, section: str, task: str, goal: str = "", units=(), targets=(), deadlines=()) -> ReadItem:
    return ReadItem(
        number,
        (section,),
        task,
        goal or None,
        f"{number}{task}{goal}",
        1,
        1,
        (NOWHERE,),
        units=tuple(ReadUnit(name, lead, NOWHERE) for name, lead in units),
        targets=tuple(ReadTarget(text, target, NOWHERE) for text, target in targets),
        deadlines=tuple(ReadDeadline(text, due, NOWHERE) for text, due in deadlines),
    )


def by(day: date) -> Deadline:
    return Deadline(DeadlineKind.DATE, due=day)


PREVIEW = read_item(
    "1.",
    "深化决策公开",
    "预公开重大行政决策草案。",
    "2025年8月底前建成专栏，预公开率达95%。",
    [("县司法局", True), (TOWNS, False)],
    [("预公开率达95%", Target(Op.AT_LEAST, Decimal(95), "%"))],
    [("2025年8月底前", by(date(2025, 8, 31)))],
)
OPEN_DAY = read_item(
    "2.",
    "深化决策公开",
    "定期开展“政府开放日”活动。",
    units=[("县行政审批局", True), (TOWNS, False)],
    targets=[("每年不少于1次", Target(Op.AT_LEAST, Decimal(1), "次", Per.YEAR))],
)
CHECK = read_item(
    "3.",
    "强化监督",
    "每季度检查各单位政务公开工作。",
    units=[("县司法局", True)],
    deadlines=[("每季度", Deadline(DeadlineKind.RECURRING, every=Every.QUARTER))],
)
SAME = (PREVIEW, OPEN_DAY, CHECK)

# The date is put off, the rate raised; the open day goes; training is new.
LATER = replace(
    PREVIEW,
    goal="2025年10月底前建成专栏，预公开率达98%。",
    targets=(ReadTarget("预公开率达98%", Target(Op.AT_LEAST, Decimal(98), "%"), NOWHERE),),
    deadlines=(ReadDeadline("2025年10月底前", by(date(2025, 10, 31)), NOWHERE),),
)
TRAINING = read_item("4.", "强化监督", "组织一次政务公开业务培训班。", units=[("东镇", True)])
CHANGED = (LATER, CHECK, TRAINING)


def edition(*items: ReadItem, year: int = 2025) -> ParsedPlan:
    return ParsedPlan(f"{year}年政务公开工作计划（修订）", "示例县政府办公室", year, "修订后的计划\n", tuple(items))


def propose(cast: Cast, *items: ReadItem, on: date = REVISED_ON, year: int = 2025) -> int:
    """A draft of these items, said to be a revision of the cast's plan."""
    with transaction():
        act = cast.act(on=on)
        draft = imports.open_draft(act, edition(*items, year=year), "修订")
        revisions.propose(act, draft, plans.plan_of(cast.county, cast.plan))
        return draft.id


def confirm(cast: Cast, draft_id: int, reason: str = "上级取消该项工作", on: date = REVISED_ON) -> Revision:
    with transaction():
        draft = imports.draft_of(cast.county, draft_id)
        seen = revisions.comparison(draft).seen
        return revisions.confirm(cast.act(on=on), draft, seen, {}, reason)


def revise(cast: Cast, *items: ReadItem, on: date = REVISED_ON) -> Revision:
    return confirm(cast, propose(cast, *items, on=on), on=on)
