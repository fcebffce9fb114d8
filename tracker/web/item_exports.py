"""The ledger's lists as table files: exactly what the address shows, on all of its pages."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import quote

from flask import Blueprint, Response, send_file
from flask.typing import ResponseReturnValue

from tracker.ledger import files, plans, units
from tracker.ledger.item_rows import ItemRow
from tracker.printing import item_list as paper
from tracker.printing.item_list import Column, ListSheet
from tracker.rules.dates import written
from tracker.rules.lights import late_light
from tracker.rules.permissions import Action
from tracker.rules.refusals import NotFound
from tracker.rules.standing import DutyFacts, DutyState
from tracker.web.access import needs, visitor
from tracker.web.item_lists import Asked, DutyList, asked, duty_list, item_list

pages = Blueprint("item_exports", __name__, url_prefix="/items")

ITEM_COLUMNS = (
    Column("序号", 5, centred=True),
    Column("板块", 14),
    Column("工作任务", 36),
    Column("牵头单位", 16),
    Column("配合单位", 18),
    Column("完成时限", 14),
    Column("量化指标", 16),
    Column("灯", 16, centred=True),
    Column("进展情况", 9, centred=True),
    Column("进度等次", 9, centred=True),
    Column("最近进展", 44),
)
DUTY_COLUMNS = (
    Column("办理情况", 16, centred=True),
    Column("单位", 18),
    Column("分工", 7, centred=True),
    Column("应办事项", 34),
    Column("时限", 24),
    Column("任务序号", 9, centred=True),
    Column("所属任务", 60),
)


@pages.get("/list.csv")
@needs(Action.SEE_ITEMS)
def items_csv() -> ResponseReturnValue:
    return _as_csv(_items(_asked()))


@pages.get("/list.xlsx")
@needs(Action.SEE_ITEMS)
def items_xlsx() -> ResponseReturnValue:
    return _as_xlsx(_items(_asked()))


@pages.get("/year.csv")
@needs(Action.SEE_ITEMS)
def year_csv() -> ResponseReturnValue:
    """The items of all plans of the year, each with its plan's title: what an office with many plans works with."""
    return _as_csv(_year(_asked()))


@pages.get("/duties.csv")
@needs(Action.SEE_ITEMS)
def duties_csv() -> ResponseReturnValue:
    return _as_csv(_duties(_asked()))


@pages.get("/duties.xlsx")
@needs(Action.SEE_ITEMS)
def duties_xlsx() -> ResponseReturnValue:
    return _as_xlsx(_duties(_asked()))


def _asked() -> Asked:
    about = asked()
    if about is None:
        raise NotFound("还没有计划，没有可以导出的台账。")
    return about


def _as_csv(sheet: ListSheet) -> Response:
    """Sent line by line; the ledger was asked before, so that a reader who goes away leaves nothing half read."""
    answer = Response(paper.csv_lines(sheet), mimetype="text/csv")
    named = {"filename": "list.csv", "filename*": f"UTF-8''{quote(_name(sheet, 'csv'))}"}  # RFC 6266
    answer.headers.set("Content-Disposition", "attachment", **named)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _as_xlsx(sheet: ListSheet) -> Response:
    return send_file(paper.xlsx(sheet), as_attachment=True, download_name=_name(sheet, "xlsx"), max_age=0)


def _name(sheet: ListSheet, ending: str) -> str:
    return files.showable(f"{sheet.title}.{ending}")


def _about(about: Asked, counted: str) -> list[str]:
    narrowed = f"筛选条件：{about.filters.sentence}" if about.filters.narrows else "全部任务"
    return [f"{about.quarter.label}　　截至{written(about.as_of)}　　{counted}", narrowed]


def _title(about: Asked, what: str) -> str:
    return f"{about.plan.title}{what}{'（示例）' if visitor().office.sample else ''}"


# Items


def _items(about: Asked) -> ListSheet:
    found = item_list(about)
    counted = f"共 {found.total} 项" + (f"，符合条件 {len(found.lines)} 项" if about.filters.narrows else "")
    what = "台账（已撤销任务）" if about.filters.cancelled else "台账"
    cells = [item_cells(row) for row in found.rows(found.lines)]
    return ListSheet(_title(about, what), _about(about, counted), ITEM_COLUMNS, cells)


def item_cells(row: ItemRow) -> Sequence[str]:
    item, line = row.item, row.line
    if item.cancelled_on:
        light, standing = f"○ 已撤销，{written(item.cancelled_on)}起", item.cancel_reason
    else:
        light, standing = line.lit.text, line.standing.label
    told = f"{row.latest.unit}（{row.latest.quarter.label}）：{row.latest.progress}" if row.latest else ""
    return (
        str(item.position),
        item.heading,
        item.task,
        "、".join(item.leads),
        "、".join(item.supports),
        item.deadlines,
        item.targets,
        light,
        standing,
        row.classes_in_words,
        told,
    )


def _year(about: Asked) -> ListSheet:
    of_year = [plan for plan in plans.plans_of(about.plan.organisation_id) if plan.year == about.plan.year]
    lists = [item_list(replace(about, plan=plan)) for plan in sorted(of_year, key=lambda plan: plan.id)]
    cells = [[found.asked.plan.title, *item_cells(row)] for found in lists for row in found.rows(found.lines)]
    counted = f"共 {len(lists)} 个计划，{sum(found.total for found in lists)} 项"
    title = f"{about.plan.year}年各计划台账{'（示例）' if visitor().office.sample else ''}"
    columns = (Column("计划", 30), *ITEM_COLUMNS)
    return ListSheet(title, _about(about, f"{counted}，列出 {len(cells)} 项"), columns, cells)


# Duties


def _duties(about: Asked) -> ListSheet:
    found, dates = duty_list(about), about.filters.dates
    what = f"{dates.label}的应办事项" if dates else "逾期应办事项"
    counted = f"共 {found.total} 条"
    if len(found.duties) != found.total:
        counted += f"，符合条件 {len(found.duties)} 条"
    return ListSheet(_title(about, what), _about(about, counted), DUTY_COLUMNS, list(duty_rows(found)))


def duty_rows(found: DutyList) -> Iterable[Sequence[str]]:
    names = {unit.id: unit.name for unit in units.names_of(found.asked.plan.organisation_id)}
    for duty in found.duties:
        item = found.items[duty.item_id]
        part = "牵头" if duty.lead else "配合"
        state, due = _state(duty, found.asked.as_of), _due(duty)
        yield state, names[duty.unit_id], part, duty.label, due, str(item.position), item.task


def _state(duty: DutyFacts, as_of: date) -> str:
    how = duty.state(as_of)
    if how is DutyState.OVERDUE:
        return late_light(duty, as_of).text
    return f"{how.label} {written(duty.done_on)}" if duty.done_on else how.label


def _due(duty: DutyFacts) -> str:
    if duty.moved:
        return duty.moved.words
    if duty.answer_by is None:
        return "待定"
    return written(duty.answer_by) + ("前报送" if duty.answer_by != duty.due else "")
