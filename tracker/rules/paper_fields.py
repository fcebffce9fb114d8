"""The fields that the office's texts and DOCX templates may name, each drawn from the snapshot of a quarter.

A field is a number, a text, or a list of rows; a list named by itself is told by the first column of its rows.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.rules import paper_figures as figures
from tracker.rules.dates import written, written_short
from tracker.rules.lights import Light
from tracker.rules.snapshot_entries import FindingEntry, ItemEntry, ShareEntry
from tracker.rules.snapshots import Snapshot
from tracker.rules.standing import Standing

Rows = tuple[Mapping[str, str | int], ...]
Value = str | int | Rows
_NUMBERED = re.compile(r"^[（(]?[一二三四五六七八九十0-9]+[）)、.．]\s*")  # a heading's own number
_SINGLE = str.maketrans("“”", "‘’")
LONGEST_NAME = 30  # characters of a task that is named
MOST_NAMED = 3  # units of a task
LONGEST_EXCERPT = 60  # characters of a task or problem within running text


@dataclass(frozen=True)
class Field:
    """`columns` are those of a list's rows, the first of which tells the list; empty for what is no list."""

    name: str
    about: str
    value: Callable[[Snapshot], Value]
    columns: tuple[str, ...] = ()


def values(snapshot: Snapshot) -> dict[str, Value]:
    """Every field by its name."""
    return {field.name: field.value(snapshot) for field in FIELDS}


def _standing(standing: Standing) -> Callable[[Snapshot], int]:
    return lambda snapshot: snapshot.totals.tally[standing]


def _lit(light: Light) -> Callable[[Snapshot], int]:
    return lambda snapshot: sum(item.light.light is light for item in snapshot.items)


def _day(day: date | None) -> str:
    return written(day) if day else ""


def _going(snapshot: Snapshot) -> int:
    return figures.going(snapshot.totals.tally)


def _filed(name: str) -> Callable[[Snapshot], int]:
    return lambda snapshot: sum(getattr(filing, name) for filing in snapshot.filings)


def _before(snapshot: Snapshot, standing: Standing) -> int:
    return snapshot.before.tally[standing] if snapshot.before else 0


def _difference(snapshot: Snapshot) -> int:
    return snapshot.totals.tally[Standing.OVERDUE] - _before(snapshot, Standing.OVERDUE)


def _compared(snapshot: Snapshot) -> str:
    """In words; empty where the plan has no quarter before, and where nothing was overdue then or now."""
    more = _difference(snapshot)
    if snapshot.before is None or not (more or snapshot.totals.tally[Standing.OVERDUE]):
        return ""
    return f"比上季度{'增加' if more > 0 else '减少'}{abs(more)}项" if more else "与上季度持平"


def _overdue(snapshot: Snapshot) -> Rows:
    return tuple(_share(snapshot, share) for share in figures.overdue(snapshot))


def _share(snapshot: Snapshot, share: ShareEntry) -> dict[str, str | int]:
    item = snapshot.item_by_id[share.item_id]
    return {
        "任务": _named(item),
        "单位": snapshot.unit_by_id[share.unit_id].name,
        "责任": share.role,
        "序号": item.position,
        "天数": share.days_overdue,
        "问题": _excerpt(share.problems),
        "状态": share.standing.label,
    }


def _behind(snapshot: Snapshot) -> Rows:
    return tuple(_share(snapshot, share) for share in figures.behind(snapshot))


def _by_task(shares: Callable[[Snapshot], list[ShareEntry]]) -> Callable[[Snapshot], Rows]:
    """A row to each task, with the units of which that is true."""

    def rows(snapshot: Snapshot) -> Rows:
        units: dict[int, list[ShareEntry]] = {}
        for share in shares(snapshot):
            units.setdefault(share.item_id, []).append(share)
        return tuple(_task(snapshot, item_id, found) for item_id, found in units.items())

    return rows


def _task(snapshot: Snapshot, item_id: int, shares: list[ShareEntry]) -> dict[str, str | int]:
    named = "、".join(snapshot.unit_by_id[share.unit_id].name for share in shares[:MOST_NAMED])
    many = f"等{len(shares)}个单位" if len(shares) > MOST_NAMED else ""
    item = snapshot.item_by_id[item_id]
    longest = max(share.days_overdue for share in shares)
    return {
        "任务": _named(item),
        "单位": f"{named}{many}",
        "单位数": len(shares),
        "序号": item.position,
        "最长天数": longest,
    }


def _named(item: ItemEntry) -> str:
    """A task in a few words: up to a comma, where a short one comes."""
    words = _quotable(_excerpt(item.short or item.task).rstrip("…"))
    if len(words) <= LONGEST_NAME:
        return words
    cut = max(words.rfind(mark, 0, LONGEST_NAME + 1) for mark in "，,；;。：")
    return words[:cut] if cut >= LONGEST_NAME // 3 else f"{words[:LONGEST_NAME]}…"


def _quotable(text: str) -> str:
    """Quotation marks within others are single."""
    return text.translate(_SINGLE)


def _overdue_units(snapshot: Snapshot) -> Rows:
    late: dict[int, list[ShareEntry]] = {}
    for share in figures.overdue(snapshot):
        late.setdefault(share.unit_id, []).append(share)
    most_first = sorted(late.items(), key=lambda pair: -len(pair[1]))
    return tuple(
        {"单位": snapshot.unit_by_id[id_].name, "项数": len(shares), "最长天数": shares[0].days_overdue}
        for id_, shares in most_first
    )


def _unfiled(name: str) -> Callable[[Snapshot], Rows]:
    """Units with reports that are not in (`missing`) or came in late (`late`)."""

    def rows(snapshot: Snapshot) -> Rows:
        return tuple(
            {"单位": snapshot.unit_by_id[filing.unit_id].name, "项数": getattr(filing, name)}
            for filing in snapshot.filings
            if getattr(filing, name)
        )

    return rows


def _ranked(units: Callable[[list[figures.RankedUnit]], list[figures.RankedUnit]]) -> Callable[[Snapshot], Rows]:
    return lambda snapshot: tuple(map(_rank, units(figures.ranking(snapshot))))


def _rank(unit: figures.RankedUnit) -> dict[str, str | int]:
    return {
        "单位": unit.name,
        "名次": unit.rank,
        "任务数": unit.items,
        "正常推进": figures.going(unit.tally),
        "正常推进率": unit.rate,
        "欠进度": unit.slow,
        "待填报": unit.tally[Standing.UNREPORTED],
        "逾期": unit.tally[Standing.OVERDUE],
    }


def _sections(snapshot: Snapshot) -> Rows:
    """None of a plan with a single one, whose figures are the plan's own."""
    if len(snapshot.tally_by_section) < 2:
        return ()
    return tuple(
        {
            "板块": _NUMBERED.sub("", section),
            "任务数": tally.total(),
            "正常推进": figures.going(tally),
            "正常推进率": figures.percent(figures.going(tally), tally.total()),
            "欠进度": sum(tally[standing] for standing in figures.SLOW),
            "逾期": tally[Standing.OVERDUE],
        }
        for section, tally in snapshot.tally_by_section.items()
    )


def _finding(finding: FindingEntry) -> dict[str, str | int]:
    return {
        "问题": _excerpt(finding.problem),
        "单位": finding.unit,
        "标准": finding.criterion,
        "要求": _excerpt(finding.demand),
        "期限": written_short(finding.due),
        "状态": finding.state,
        "逾期天数": finding.days_overdue,
        "屡查屡犯": finding.repeat,
    }


def _findings(picks: Callable[[FindingEntry], bool]) -> Callable[[Snapshot], Rows]:
    return lambda snapshot: tuple(_finding(each) for each in figures.found(snapshot) if picks(each))


def _late_findings(snapshot: Snapshot) -> Rows:
    return tuple(_finding(each) for each in figures.to_be_mended(snapshot) if each.days_overdue)


def _instructions(snapshot: Snapshot) -> Rows:
    return tuple(
        {
            "批示": _quotable(_excerpt(each.text)),
            "批示人": each.given_by,
            "单位": "、".join(each.units),
            "期限": written_short(each.due),
            "状态": each.state,
        }
        for each in snapshot.instructions
    )


def _late_instructions(snapshot: Snapshot) -> int:
    return _many(each.overdue for each in snapshot.instructions)


def _notices(snapshot: Snapshot) -> Rows:
    """How many papers of each step were issued."""
    counts: dict[str, int] = {}
    for notice in snapshot.notices:
        counts[notice.kind] = counts.get(notice.kind, 0) + 1
    return tuple({"文书": kind, "份数": number} for kind, number in counts.items())


def _verdicts(word: str) -> Callable[[Snapshot], int]:
    return lambda snapshot: sum(each.verdict == word for each in snapshot.verdicts)


def _kinds_of_trouble(snapshot: Snapshot) -> int:
    unfiled = _filed("missing")(snapshot) + _filed("late")(snapshot)
    late_findings = _late_findings(snapshot)
    return _many((figures.overdue(snapshot), figures.behind(snapshot), unfiled, figures.found(snapshot), late_findings))


def _many(facts: Iterable[object]) -> int:
    """How many of them there are."""
    return sum(map(bool, facts))


def _excerpt(text: str) -> str:
    """One line, cut where it would swamp a sentence; without a full stop, for one follows."""
    line = "".join(text.split("\n")).strip()
    line = line if len(line) <= LONGEST_EXCERPT else f"{line[:LONGEST_EXCERPT]}…"
    return line.rstrip("。；;")


_TASK = ("任务", "单位", "单位数", "序号", "最长天数")
_SHARE = ("任务", "单位", "责任", "序号", "天数", "问题", "状态")
_UNIT = ("单位", "名次", "任务数", "正常推进", "正常推进率", "欠进度", "待填报", "逾期")
_FOUND = ("问题", "单位", "标准", "要求", "期限", "状态", "逾期天数", "屡查屡犯")

FIELDS = (
    Field("机构", "机构名称", lambda snapshot: snapshot.organisation),
    Field("办公室", "发文的办公室", lambda snapshot: snapshot.office),
    Field("计划", "工作计划名称", lambda snapshot: snapshot.plan),
    Field("年度", "计划年度，如 2025", lambda snapshot: snapshot.plan_year),
    Field("季度", "如 2025年第一季度", lambda snapshot: snapshot.quarter.label),
    Field("下季度", "如 2025年第二季度", lambda snapshot: snapshot.quarter.next.label),
    Field("截至日期", "数据截至的日期", lambda snapshot: written(snapshot.as_of)),
    Field("填报截止日期", "本季度填报的截止日期", lambda snapshot: _day(snapshot.report_due)),
    Field("检查称谓", "检查或督查", lambda snapshot: snapshot.check_word),
    Field("亮灯规则", "所用亮灯规则的名称", lambda snapshot: snapshot.light_rule),
    Field(
        "总体评价",
        "；".join(f"{each.rule}：{each.word}" for each in figures.RATINGS),
        lambda snapshot: figures.rating(snapshot.totals).word,
    ),
    Field("单位数", "有任务的单位个数", lambda snapshot: len(snapshot.shares_by_unit)),
    Field("任务总数", "计划的任务项数", lambda snapshot: snapshot.totals.items),
    Field("正常推进数", "已完成、超进度和达进度的项数", _going),
    Field(
        "正常推进率",
        "正常推进数占任务总数的百分比，舍去小数",
        lambda snapshot: figures.percent(_going(snapshot), snapshot.totals.items),
    ),
    Field("已完成数", "已完成的项数", _standing(Standing.COMPLETED)),
    Field("超进度数", "超进度的项数", _standing(Standing.AHEAD)),
    Field("达进度数", "达进度的项数", _standing(Standing.ON_SCHEDULE)),
    Field("欠进度数", "欠进度的项数", _standing(Standing.BEHIND)),
    Field("退回数", "填报被退回、待改的项数", _standing(Standing.RETURNED)),
    Field("其他数", "进度等次为“其他”的项数", _standing(Standing.OTHER)),
    Field("待填报数", "尚未填报的项数", _standing(Standing.UNREPORTED)),
    Field("未按时填报数", "待填报中已过截止日期的项数", lambda snapshot: snapshot.totals.report_late),
    Field("逾期数", "逾期的任务项数", _standing(Standing.OVERDUE)),
    Field("未分工数", "尚未分工的项数", _standing(Standing.UNASSIGNED)),
    Field("红灯数", "亮红灯的任务项数", _lit(Light.RED)),
    Field("橙灯数", "亮橙灯的任务项数", _lit(Light.ORANGE)),
    Field("黄灯数", "亮黄灯的任务项数", _lit(Light.YELLOW)),
    Field("绿灯数", "亮绿灯的任务项数", _lit(Light.GREEN)),
    Field("蓝灯数", "亮蓝灯的任务项数", _lit(Light.BLUE)),
    Field("灰灯数", "亮灰灯的任务项数", _lit(Light.GREY)),
    Field("上季度逾期数", "上季度的逾期项数；没有上季度的为 0", lambda snapshot: _before(snapshot, Standing.OVERDUE)),
    Field("逾期比上季度", "比上季度增加2项、减少2项，或与上季度持平；没有上季度的为空", _compared),
    Field("到期事项数", "已到期或已办结的事项数", lambda snapshot: snapshot.punctuality.total_due),
    Field("按原定期限办结数", "按原定期限办结的事项数", lambda snapshot: snapshot.punctuality.on_time_original),
    Field("原定期限办结率", "按原定期限计算的百分比", lambda snapshot: snapshot.punctuality.original_percent),
    Field("调整后办结率", "按批准延期后的期限计算的百分比", lambda snapshot: snapshot.punctuality.revised_percent),
    Field("应填报项次", "各单位应填报的项次", _filed("owed")),
    Field("按时填报项次", "按时填报的项次", _filed("on_time")),
    Field("迟报项次", "迟报的项次", _filed("late")),
    Field("未填报项次", "未填报的项次", _filed("missing")),
    Field(
        "按时填报率",
        "按时填报的百分比，舍去小数",
        lambda snapshot: figures.percent(_filed("on_time")(snapshot), _filed("owed")(snapshot)),
    ),
    Field("未填报单位数", "有未填报任务的单位个数", lambda snapshot: len(_unfiled("missing")(snapshot))),
    Field("逾期单位数", "有逾期任务的单位个数", lambda snapshot: len(_overdue_units(snapshot))),
    Field("逾期项次", "各单位逾期的项次", lambda snapshot: len(figures.overdue(snapshot))),
    Field("欠进度项次", "各单位欠进度、被退回的项次", lambda snapshot: len(figures.behind(snapshot))),
    Field("检查问题数", "本季度认定的检查问题数", lambda snapshot: len(figures.found(snapshot))),
    Field(
        "已销号数",
        "本季度认定的问题中已销号的个数",
        lambda snapshot: sum(each.closed_on is not None for each in figures.found(snapshot)),
    ),
    Field("整改中数", "尚未销号的问题数，含以前季度的", lambda snapshot: len(figures.to_be_mended(snapshot))),
    Field("整改逾期数", "整改逾期的问题数", lambda snapshot: len(_late_findings(snapshot))),
    Field("屡查屡犯数", "屡查屡犯的问题数", lambda snapshot: _many(each.repeat for each in figures.found(snapshot))),
    Field("检查符合数", "检查结论为“符合”的个数", _verdicts("符合")),
    Field("检查基本符合数", "检查结论为“基本符合”的个数", _verdicts("基本符合")),
    Field("检查不符合数", "检查结论为“不符合”的个数", _verdicts("不符合")),
    Field("口径不一致数", "填报与核实、日历不一致的项次", lambda snapshot: len(snapshot.differences)),
    Field("批示数", "本季度批示件数", lambda snapshot: len(snapshot.instructions)),
    Field("批示逾期数", "有单位逾期未办的批示件数", _late_instructions),
    Field("督办文书数", "本季度发出的催办督办文书份数", lambda snapshot: len(snapshot.notices)),
    Field("主要问题数", "逾期、欠进度、未按时填报、检查问题、整改逾期五类中有几类", _kinds_of_trouble),
    Field(
        "更正说明",
        "更正版写明更正的原因；不是更正版的为空",
        lambda snapshot: snapshot.correction.reason.rstrip("。") if snapshot.correction else "",
    ),
    Field("逾期任务", "逾期的任务，逾期最久的在前", _overdue, _SHARE),
    Field("欠进度任务", "欠进度或被退回的任务", _behind, _SHARE),
    Field("逾期事项", "逾期的任务，一项任务一行，逾期最久的在前", _by_task(figures.overdue), _TASK),
    Field("欠进度事项", "欠进度或被退回的任务，一项任务一行", _by_task(figures.behind), _TASK),
    Field("逾期单位", "有逾期任务的单位，项数多的在前", _overdue_units, ("单位", "项数", "最长天数")),
    Field("未填报单位", "有未填报任务的单位", _unfiled("missing"), ("单位", "项数")),
    Field("迟报单位", "有迟报任务的单位", _unfiled("late"), ("单位", "项数")),
    Field("单位排名", "全部单位，正常推进率高的在前", _ranked(lambda ranked: ranked), _UNIT),
    Field(
        "靠前单位",
        f"排名前 {figures.NAMED}，且没有逾期、欠进度和未填报任务的单位",
        _ranked(lambda ranked: figures.foremost(ranked)),
        _UNIT,
    ),
    Field(
        "靠后单位",
        f"有逾期、欠进度或未填报任务，且排在后一半的单位，最多 {figures.NAMED} 个，最后的在前",
        _ranked(figures.hindmost),
        _UNIT,
    ),
    Field(
        "板块",
        "计划的各个板块；计划不分板块或者只有一个板块的为空",
        _sections,
        ("板块", "任务数", "正常推进", "正常推进率", "欠进度", "逾期"),
    ),
    Field("检查问题", "本季度认定的检查问题，屡查屡犯的在前", _findings(lambda _each: True), _FOUND),
    Field("屡查屡犯问题", "屡查屡犯的问题", _findings(lambda each: bool(each.repeat)), _FOUND),
    Field("整改逾期问题", "整改逾期的问题，含以前季度的", _late_findings, _FOUND),
    Field("批示", "本季度的批示", _instructions, ("批示", "批示人", "单位", "期限", "状态")),
    Field("督办文书", "发出的催办督办文书，按种类", _notices, ("文书", "份数")),
)
BY_NAME = {field.name: field for field in FIELDS}
