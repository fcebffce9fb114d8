"""Doubts (存疑): the remarks of a draft that ask the clerk to look, and which of them are settled."""

from dataclasses import dataclass

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.draft_entries import Entry, is_undetermined
from tracker.ledger.draft_steps import step
from tracker.ledger.imports import OF_THE_HEADING
from tracker.ledger.tables.imports import Draft, DraftItem
from tracker.rules.refusals import NotFound


@dataclass(frozen=True)
class Doubt:
    """`item` is the one it lies in; without one, `number` is its place among the draft's own remarks."""

    code: str
    line: int
    text: str
    excerpt: str
    settled: bool
    item: DraftItem | None = None
    number: int | None = None

    @property
    def of_the_heading(self) -> bool:
        """Whether it is about the plan's title or year."""
        return self.code in OF_THE_HEADING


def doubts_of(draft: Draft) -> list[Doubt]:
    """In the document's order.  One that lies in an item is settled with the item (checked, or left out) or mended."""
    own = [_of_draft(draft, remark, number) for number, remark in enumerate(draft.remarks) if remark["doubt"]]
    of_items = [_of_item(item, remark) for item in draft.items for remark in _remarks(item) if remark["doubt"]]
    return sorted((*own, *of_items), key=lambda doubt: doubt.line)


def _remarks(item: DraftItem) -> list[Entry]:
    return item.read["remarks"] if item.read else []


def _of_draft(draft: Draft, remark: Entry, number: int) -> Doubt:
    """A remark on the document; most often its line is one of an item's."""
    for item in draft.items if remark["code"] not in OF_THE_HEADING else ():
        if item.read and item.read["first_line"] <= remark["line"] <= item.read["last_line"]:
            return _of_item(item, remark)
    settled = bool(remark.get("settled"))
    return Doubt(remark["code"], remark["line"], remark["text"], remark["excerpt"], settled, number=number)


def _of_item(item: DraftItem, remark: Entry) -> Doubt:
    settled = item.checked or item.dropped or _is_mended(item, remark)
    return Doubt(remark["code"], remark["line"], remark["text"], remark["excerpt"], settled, item=item)


def _is_mended(item: DraftItem, remark: Entry) -> bool:
    """Whether the item has got what the remark misses."""
    leads = [entry["lead"] for entry in item.units]
    match remark["code"]:
        case "no-unit":
            return any(leads)
        case "long-list":
            return leads.count(True) == 1
        case "odd-name":
            return all(entry["name"] != remark["excerpt"] for entry in item.units)
        case "undetermined-date":
            return not any(is_undetermined(entry) and entry["text"] == remark["excerpt"] for entry in item.deadlines)
    return False


def settle(by: Act, draft: Draft, number: int) -> None:
    """Note that the clerk has looked at a doubt that lies in no item."""
    if not 0 <= number < len(draft.remarks):
        raise NotFound
    with step(by, draft, "核对一处存疑"):
        draft.remarks = [
            {**remark, "settled": True} if n == number else remark for n, remark in enumerate(draft.remarks)
        ]
    events.record(by, "settle", "draft", draft.id, after={"remark": draft.remarks[number]["text"]})
