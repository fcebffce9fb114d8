"""A document and what was read of it, by hand: for tests of drafts that do not want to depend on the reader."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tracker.ledger import draft_entries, imports
from tracker.ledger.db import transaction
from tracker.ledger.imports import ItemEdit
from tracker.ledger.tables.imports import DraftItem
from tracker.reading.plan import (
    Dropped,
    ParsedPlan,
    ReadDeadline,
    ReadItem,
    ReadTarget,
    ReadUnit,
    Remark,
    Span,
)
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.targets import Op, Target

SOURCE = """首页 > 政务公开
一、深化公开
1.预公开决策草案,8月底前预公开率达95%。(责任单位:县司法局,各镇)
2.举办<script>alert(1)</script>开放日。
3.在x月xx日前公布年度报告。(责任单位:县大数据局)
"""


def span(text: str) -> Span:
    start = SOURCE.index(text)
    return Span(start, start + len(text))


def line(number: int) -> Span:
    return span(SOURCE.split("\n")[number - 1])


def item(number: int, task: str, **more) -> ReadItem:
    """The item on that line of the document, the first of which is line 3."""
    where = line(number + 2)
    printed = SOURCE[where.start : where.end]
    return ReadItem(f"{number}.", ("深化公开",), task, None, printed, number + 2, number + 2, (where,), **more)


PARSED = ParsedPlan(
    title="示例县2025年政务公开工作要点",
    issuer="示例县政府办公室",
    year=2025,
    source=SOURCE,
    items=(
        item(
            1,
            "预公开决策草案,8月底前预公开率达95%。",
            units=(ReadUnit("县司法局", True, span("县司法局")), ReadUnit("各镇", False, span("各镇"))),
            targets=(ReadTarget("预公开率达95%", Target(Op.AT_LEAST, Decimal(95), "%"), span("预公开率达95%")),),
            deadlines=(ReadDeadline("8月底前", Deadline(DeadlineKind.DATE, due=date(2025, 8, 31)), span("8月底前")),),
        ),
        item(2, "举办<script>alert(1)</script>开放日。"),
        item(
            3,
            "在x月xx日前公布年度报告。",
            units=(ReadUnit("县大数据局", True, span("县大数据局")),),
            deadlines=(ReadDeadline("x月xx日前", Deadline(DeadlineKind.UNDETERMINED), span("x月xx日前")),),
            remarks=(Remark("undetermined-date", 5, "完成时限没有写明日期，请确定日期。", "x月xx日前", True),),
        ),
    ),
    remarks=(Remark("traditional", 2, "繁体字已转为简体。"),),
    dropped=(Dropped(1, "首页 > 政务公开", "网页的导航"),),
)

NO_YEAR = replace(
    PARSED, year=None, remarks=(*PARSED.remarks, Remark("no-year", 3, "没有读到计划年份，请补上。", "", True))
)


def edit(item: DraftItem, **changes) -> ItemEdit:
    """The item as it stands, with these changes."""
    content = {
        "section": item.section,
        "task": item.task,
        "goal": item.goal,
        "units": [(entry["name"], entry["lead"]) for entry in item.units],
        "targets": [(entry["text"], draft_entries.target_of(entry)) for entry in item.targets],
        "deadlines": [(entry["text"], draft_entries.deadline_of(entry)) for entry in item.deadlines],
    }
    return ItemEdit(**(content | changes))


def open_draft(app, cast, parsed: ParsedPlan = PARSED, login: str = "clerk") -> int:
    """A draft for tests that send requests."""
    with app.app_context(), transaction():
        return imports.open_draft(cast.act(login), parsed, "要点").id
