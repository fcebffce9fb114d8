"""What a correction changed (更正): two versions of a sealed quarter held against each other."""

from collections.abc import Iterator, Mapping
from typing import Any

from tracker.rules.reports import FIELD_LABELS
from tracker.rules.snapshot_entries import ItemEntry, ShareEntry
from tracker.rules.snapshots import Change, Snapshot, Totals
from tracker.rules.standing import Standing

NOTHING = "（无）"


def changes_between(old: Snapshot, new: Snapshot) -> tuple[Change, ...]:
    """Totals first, then items, then what each unit said; only what differs."""
    return (*_totals(old, new), *_items(old, new), *_shares(old, new))


def _totals(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    before, after = _counted(old.totals), _counted(new.totals)
    yield from _differing("全部任务", before, after)
    yield from _differing(
        "办结及时率",
        {"按原定期限办结": f"{old.punctuality.on_time_original} / {old.punctuality.total_due}"},
        {"按原定期限办结": f"{new.punctuality.on_time_original} / {new.punctuality.total_due}"},
    )


def _counted(totals: Totals) -> dict[str, str]:
    tally = totals.tally
    return {standing.label: f"{tally[standing]} 项" for standing in Standing}


def _items(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    for item in new.items:
        if before := old.item_by_id.get(item.id):
            yield from _differing(_place(item), _of_item(before), _of_item(item))


def _of_item(item: ItemEntry) -> dict[str, str]:
    reached = {f"指标“{target.text}”": "；".join(target.reached) for target in item.targets}
    return {"任务状态": item.standing.label, "任务亮灯": item.light.text, "责任领导": item.leader} | reached


def _shares(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    known = {(share.item_id, share.unit_id): share for share in old.shares}
    for share in new.shares:
        before = known.get((share.item_id, share.unit_id))
        if before is not None and before != share:
            place = f"{_place(new.item_by_id[share.item_id])}　{new.unit_by_id[share.unit_id].name}"
            yield from _differing(place, _of_share(before), _of_share(share))


def _of_share(share: ShareEntry) -> dict[str, str]:
    said = {label: getattr(share, name) for name, label in FIELD_LABELS.items()}
    figures = {f"填报数值“{figure.target}”": figure.text for figure in share.figures}
    return {
        "状态": share.standing.label,
        "亮灯": share.light.text,
        "进度等次": share.progress_class.label if share.progress_class else "",
        "佐证材料": "；".join(share.evidence),
        "逾期情况": "；".join(share.late),
    } | (said | figures)


def _place(item: ItemEntry) -> str:
    return f"第{item.position}项 {item.short}"


def _differing(place: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for what in dict.fromkeys((*before, *after)):
        old, new = before.get(what, ""), after.get(what, "")
        if old != new:
            yield Change(place, what, old or NOTHING, new or NOTHING)
