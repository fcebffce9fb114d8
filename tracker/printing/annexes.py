"""The tables annexed to the circular and to the leaders' report: figures, units in their order, what is overdue."""

from collections.abc import Iterator

from tracker.printing.letter_parts import Annex, Grid
from tracker.rules import paper_figures as figures
from tracker.rules.dates import written_short
from tracker.rules.snapshots import Snapshot
from tracker.rules.standing import Standing
from tracker.rules.summary import Tally

_COUNTED = ("任务数", "正常推进", "正常推进率", "欠进度", "待填报", "逾期")
_COUNTED_WIDTHS = (14, 18, 22, 15, 15, 14)


def annexes(snapshot: Snapshot) -> tuple[Annex, ...]:
    """Those that have something to tell."""
    return tuple(Annex(title, (grid,)) for title, grid in _tables(snapshot) if grid.rows)


def _tables(snapshot: Snapshot) -> Iterator[tuple[str, Grid]]:
    yield "各单位任务进展情况表", _units(snapshot)
    yield "各板块任务进展情况表", _sections(snapshot)
    yield "逾期任务清单", _overdue(snapshot)
    yield "欠进度任务清单", _behind(snapshot)
    yield f"{snapshot.check_word}问题整改情况表", _findings(snapshot)


def _counts(tally: Tally) -> tuple[str, ...]:
    going, whole = figures.going(tally), tally.total()
    slow = sum(tally[standing] for standing in figures.SLOW)
    numbers = (whole, going, f"{figures.percent(going, whole)}%", slow)
    return tuple(map(str, (*numbers, tally[Standing.UNREPORTED], tally[Standing.OVERDUE])))


def _units(snapshot: Snapshot) -> Grid:
    rows = tuple((str(unit.rank), unit.name, *_counts(unit.tally)) for unit in figures.ranking(snapshot))
    return Grid(("名次", "单位", *_COUNTED), rows, (12, 46, *_COUNTED_WIDTHS), centred=(0, *range(2, 8)))


def _sections(snapshot: Snapshot) -> Grid:
    """Without rows where the plan has a single section, whose figures are the plan's own."""
    rows = tuple((section, *_counts(tally)) for section, tally in snapshot.tally_by_section.items())
    told = (*rows, ("合计", *_counts(snapshot.totals.tally))) if len(rows) > 1 else ()
    return Grid(("板块", *_COUNTED), told, (58, *_COUNTED_WIDTHS), centred=tuple(range(1, 7)))


def _overdue(snapshot: Snapshot) -> Grid:
    rows = []
    for place, share in enumerate(figures.overdue(snapshot), 1):
        item, unit = snapshot.item_by_id[share.item_id], snapshot.unit_by_id[share.unit_id]
        light = f"{share.light.light.sign} {share.light.light.label}"
        late = "；".join(share.late) or share.light.reason
        rows.append((str(place), unit.name, f"{item.position}. {item.short or item.task}", light, late))
    return Grid(("序号", "单位", "任务", "亮灯", "逾期情况"), tuple(rows), (11, 32, 50, 13, 50), centred=(0, 3))


def _behind(snapshot: Snapshot) -> Grid:
    rows = []
    for place, share in enumerate(figures.behind(snapshot), 1):
        item, unit = snapshot.item_by_id[share.item_id], snapshot.unit_by_id[share.unit_id]
        task = f"{item.position}. {item.short or item.task}"
        rows.append((str(place), unit.name, task, share.standing.label, share.problems, share.next_steps))
    heads = ("序号", "单位", "任务", "进度", "存在问题", "下一步计划")
    return Grid(heads, tuple(rows), (11, 26, 38, 15, 33, 33), centred=(0, 3))


def _findings(snapshot: Snapshot) -> Grid:
    carried = [each for each in snapshot.findings if each.carried and not each.unfounded]
    rows = []
    for place, each in enumerate((*figures.found(snapshot), *carried), 1):
        overdue = f"● 红 整改逾期{each.days_overdue}天" if each.days_overdue else ""
        state = "，".join(filter(None, (each.state, overdue, each.repeat)))
        rows.append((str(place), each.unit, each.criterion, each.problem, written_short(each.due), state))
    heads = ("序号", "单位", "标准", "问题", "整改期限", "整改情况")
    return Grid(heads, tuple(rows), (11, 28, 18, 48, 19, 32), centred=(0, 4))
