"""What the quarterly inspection sheet says, word for word; PDF and DOCX only set it."""

from dataclasses import dataclass

from tracker.printing.layout import title_lines
from tracker.rules.dates import written
from tracker.rules.inspection_results import Criterion, Verdict
from tracker.rules.inspection_sheets import CheckedUnit, InspectedItem, InspectionSheets, Judged, UnitSheet

METHODS = ("查阅资料", "电话核查", "现场核实", "线上抽查")
_ITEM_HEADS = ("序号", "工作任务", "责任", "填报情况")
_EMPTY, _CHOSEN = "□", "■"


@dataclass(frozen=True)
class Labelled:
    label: str
    text: str


@dataclass(frozen=True)
class ItemRow:
    """One item; `state` tells how its report stands, `light` is the sign with its word."""

    number: str
    section: str
    task: str
    notes: tuple[Labelled, ...]
    role: str
    state: str
    report: tuple[Labelled, ...]
    light: str
    standing: str
    late: tuple[str, ...]
    judged: tuple[Labelled, ...] = ()


@dataclass(frozen=True)
class CriterionRow:
    """`verdicts` are the boxes, two above two: one is filled where an inspection judged it, else all are empty."""

    label: str
    text: str
    verdicts: tuple[str, ...]
    fact: str = ""


@dataclass(frozen=True)
class Sheet:
    """One unit's sheet; `facts` fill the boxes at its head, the first two side by side.

    Both captions name the unit, for a page that was separated from its sheet.
    """

    title: tuple[str, ...]
    facts: tuple[Labelled, ...]
    items_caption: str
    rows: tuple[ItemRow, ...]
    criteria_caption: str
    criteria: tuple[CriterionRow, ...]
    method: Labelled
    signatures: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """One row of texts to each unit, and the total beneath."""

    title: tuple[str, ...]
    facts: tuple[Labelled, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """The whole paper.  `summary` is None for a single unit, `sample` empty for a real office's data."""

    title: str
    author: str
    sample: str
    summary: Summary | None
    sheets: tuple[Sheet, ...]
    item_heads: tuple[str, ...]
    no_items: str = "本季度没有需要检查的任务。"
    summary_heads: tuple[str, ...] = ("序号", "单位", "任务数", "已填报", "未填报", "逾期迟办", "检查结论", "备注")
    no_units: str = "本季度没有需要检查的单位。"
    criteria_heads: tuple[str, ...] = ("检查内容", "检查结论", "事实与依据")
    signed_on: str = "日期：　　　　年　　月　　日"


def paper(sheets: InspectionSheets) -> Paper:
    return Paper(
        title=sheets.title,
        author=sheets.organisation,
        sample="示例数据　仅供演示" if sheets.sample else "",
        summary=_summary(sheets) if len(sheets.units) != 1 else None,
        sheets=tuple(_sheet(sheets, unit) for unit in sheets.units),
        item_heads=(*_ITEM_HEADS, "时限、检查情况" if any(unit.checked for unit in sheets.units) else "时限情况"),
    )


def _summary(sheets: InspectionSheets) -> Summary:
    units = sheets.units
    total = _figures(units)
    return Summary(
        title=_title(sheets, "汇总表"),
        facts=_facts(sheets, f"共 {len(units)} 个", "任务 {} 项次，已填报 {} 项次，逾期或迟办 {} 项次", units),
        rows=tuple(
            (str(n), unit.unit, *_figures((unit,)), _conclusion(unit.checked), _remark(unit.checked))
            for n, unit in enumerate(units, start=1)
        ),
        total=("", "合计", *total, "", ""),
    )


def _conclusion(checked: CheckedUnit | None) -> str:
    """By verdict the criteria that were judged so: 不符合：及时；符合：全面、准确."""
    if checked is None:
        return ""
    by_verdict = ((each, [one.criterion for one in checked.criteria if one.verdict is each]) for each in Verdict)
    told = [f"{verdict.label}：{'、'.join(names)}" for verdict, names in by_verdict if names]
    return "；".join(told)


def _remark(checked: CheckedUnit | None) -> str:
    if checked is None:
        return ""
    found = f"问题 {len(checked.findings)} 个" if checked.findings else ""
    return "；".join(part for part in (found, checked.confirmation) if part)


def _figures(units: tuple[UnitSheet, ...]) -> tuple[str, str, str, str]:
    """Items, reported, not reported, late."""
    items, reported = sum(len(unit.items) for unit in units), sum(unit.reported for unit in units)
    return str(items), str(reported), str(items - reported), str(sum(unit.late for unit in units))


def _sheet(sheets: InspectionSheets, unit: UnitSheet) -> Sheet:
    return Sheet(
        title=_title(sheets, "表"),
        facts=_facts(sheets, unit.unit, "任务 {} 项，已填报 {} 项，逾期或迟办 {} 项", (unit,)),
        items_caption=f"一、任务落实情况（{unit.unit}）",
        rows=tuple(map(_row, unit.items)),
        criteria_caption=f"二、检查内容与结论（{unit.unit}）",
        criteria=_criteria(unit.checked),
        method=Labelled("检查方式", _methods(unit.checked)),
        signatures=_signatures(unit.checked),
    )


def _criteria(checked: CheckedUnit | None) -> tuple[CriterionRow, ...]:
    """As an inspection judged them; to be filled in by hand where none did."""
    standard = tuple(Judged(criterion.label, criterion.question) for criterion in Criterion)
    judged = checked.criteria if checked else standard
    return tuple(CriterionRow(each.criterion, each.question, _boxes(each.verdict), each.fact) for each in judged)


def _boxes(given: Verdict | None) -> tuple[str, ...]:
    first, second, third, fourth = (f"{_CHOSEN if each is given else _EMPTY}{each.label}" for each in Verdict)
    return f"{first:　<5}{second}", f"{third:　<5}{fourth}"


def _methods(checked: CheckedUnit | None) -> str:
    used = checked.methods if checked else ()
    named = (*METHODS, *(method for method in used if method not in METHODS))
    return "　　".join(f"{_CHOSEN if method in used else _EMPTY}{method}" for method in named)


def _signatures(checked: CheckedUnit | None) -> tuple[str, ...]:
    """The names stand there already where the ledger knows them; both sign by hand all the same."""
    checkers = "、".join(checked.checkers) if checked else ""
    said = f"（{checked.confirmation}）" if checked and checked.confirmation else ""
    return f"检查人（签字）：{checkers}", f"被检查单位负责人（签字）：{said}"


def _title(sheets: InspectionSheets, kind: str) -> tuple[str, ...]:
    return title_lines(sheets.quarter.label, sheets.title.removeprefix(sheets.quarter.label).removesuffix("表") + kind)


def _facts(
    sheets: InspectionSheets, inspected: str, wording: str, units: tuple[UnitSheet, ...]
) -> tuple[Labelled, ...]:
    items, reported, _, late = _figures(units)
    return (
        Labelled("被检查单位", inspected),
        Labelled("截至日期", "　".join(filter(None, (written(sheets.as_of), sheets.edition)))),
        Labelled("工作计划", sheets.plan),
        Labelled("组织单位", sheets.organisation),
        Labelled("填报概况", wording.format(items, reported, late)),
    )


def _row(item: InspectedItem) -> ItemRow:
    return ItemRow(
        number=str(item.number),
        section=item.section,
        task=item.task,
        notes=_said(("目标", item.goal), ("指标", "；".join(item.targets)), ("时限", "；".join(item.deadlines))),
        role=item.role,
        state=_state(item),
        report=_said(
            ("进展", item.progress), ("成效", item.achievements), ("问题", item.problems), ("下一步", item.next_steps)
        ),
        light=f"{item.light_sign} {item.light_word}".strip(),
        standing=item.standing,
        late=item.late,
        judged=_judged(item),
    )


def _judged(item: InspectedItem) -> tuple[Labelled, ...]:
    """What an inspection found of the item: each verdict, with its fact."""
    told = [
        Labelled(each.criterion, f"{each.verdict.label}{f'，{each.fact}' if each.fact else ''}")
        for each in item.judged
        if each.verdict
    ]
    return (*told, *_said(("核实等次", item.verified_class)))


def _state(item: InspectedItem) -> str:
    if not item.report_state:
        return "未填报"
    return f"{item.progress_class}（{item.report_state}）" if item.progress_class else item.report_state


def _said(*pairs: tuple[str, str]) -> tuple[Labelled, ...]:
    return tuple(Labelled(label, text) for label, text in pairs if text.strip())
