"""Splitting, merging and moving the items of a draft."""

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.draft_entries import Entry
from tracker.ledger.draft_parts import joined, parted
from tracker.ledger.draft_steps import arrange, step
from tracker.ledger.tables.imports import Draft, DraftItem
from tracker.rules.refusals import Invalid, Stale

_COLUMNS = ("section", "task", "goal", "units", "targets", "deadlines", "read")


def split(by: Act, draft: Draft, item: DraftItem, place: int, version: int) -> DraftItem:
    """Cut the item at that place of its text (`draft_parts.places`); return the new item below it.

    Raise Stale where somebody else saved it after `version`: the place was chosen in another text.
    """
    if item.version != version:
        raise Stale("该任务刚被他人修改，尚未拆分。请核对现有内容后再拆。", theirs=item)
    before = _columns(item)
    first, second = parted(before, draft.source, place)
    with step(by, draft, f"拆分第 {item.position} 项"):
        below = DraftItem(draft=draft, position=item.position + 1, **second)
        db.session.add(below)
        _write(item, first)
        db.session.flush()
        order = [each.id for each in draft.items if each is not below]
        order.insert(order.index(item.id) + 1, below.id)
        arrange(draft, order)
    after = {**_columns(item), "split_off": below.id}
    events.record(by, "split", "draft_item", item.id, before, after)
    return below


def above(draft: Draft, item: DraftItem) -> DraftItem | None:
    """The item that this one would be merged with: the next above that is not left out."""
    return next((each for each in reversed(draft.items) if each.position < item.position and not each.dropped), None)


def merge(by: Act, draft: Draft, item: DraftItem) -> DraftItem:
    """Join the item to the one above, which then wants checking again; return that one."""
    held = above(draft, item)
    if held is None or item.dropped:
        raise Invalid("上面没有可以合并的任务。" if held is None else "该项已略去，请先恢复再合并。")
    if item.look_back_of_id and held.look_back_of_id not in (None, item.look_back_of_id):
        raise Invalid("这两项接续上年的两项任务，合并后只能接续一项。如确需合并，请先略去其中一项。")
    before = _columns(held)
    with step(by, draft, f"将第 {item.position} 项并入第 {held.position} 项"):
        _write(held, joined(before, _columns(item), draft.source))
        held.look_back_of_id = held.look_back_of_id or item.look_back_of_id
        arrange(draft, [each.id for each in draft.items if each is not item])
    after = {**_columns(held), "merged": item.id}
    events.record(by, "merge", "draft_item", held.id, before, after)
    return held


def move(by: Act, draft: Draft, item: DraftItem, *, down: bool) -> None:
    """Change places with the item below, or above; at the end nothing changes."""
    order = [each.id for each in draft.items]
    place = order.index(item.id)
    other = place + (1 if down else -1)
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    with step(by, draft, f"将第 {place + 1} 项{'下' if down else '上'}移"):
        arrange(draft, order)
    events.record(by, "move", "draft_item", item.id, {"position": place + 1}, {"position": other + 1})


def _columns(item: DraftItem) -> Entry:
    return {name: getattr(item, name) for name in _COLUMNS}


def _write(item: DraftItem, content: Entry) -> None:
    """What was cut or joined has not been checked as it now reads."""
    for name, value in content.items():
        setattr(item, name, value)
    item.checked = False
