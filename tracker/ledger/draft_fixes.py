"""What a draft itself proposes for its doubts, and the acts that apply it: the year, a date, a unit's right name."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.draft_entries import Entry, is_undetermined
from tracker.ledger.draft_parts import united
from tracker.ledger.draft_steps import step
from tracker.ledger.imports import settle_remarks
from tracker.ledger.tables.imports import Draft, DraftItem
from tracker.ledger.units import Register
from tracker.rules.deadlines import Deadline, DeadlineKind
from tracker.rules.refusals import Invalid, Stale

Dated = Callable[[str, int], Deadline | None]  # what a deadline's text means in a year, as the reader would have it

_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_MOST_YEARS = 3
_ALIKE = 0.6


# What is proposed


def years(draft: Draft) -> list[int]:
    """Likely years, the likeliest first: those of the title and the file, the commonest of the text, the upload's."""
    named = _YEAR.findall(f"{draft.title} {draft.file.name if draft.file else ''}")
    common = [year for year, _ in Counter(_YEAR.findall(draft.source)).most_common(_MOST_YEARS)]
    return list(dict.fromkeys(int(year) for year in (*named, *common, draft.opened_at.year)))[:_MOST_YEARS]


def nearest(name: str, register: Register) -> str | None:
    """The registered name that most likely is meant; an alias stands for its unit."""
    names = (*register.units, *register.groups)
    alike = [known for known in names if name in known or known in name] or get_close_matches(name, names, 1, _ALIKE)
    if not alike:
        return None
    found = register.find(min(alike, key=lambda known: abs(len(known) - len(name))))
    return found.name if found else None


def leads_above(draft: Draft, item: DraftItem) -> list[str]:
    """Who leads the nearest item above it in the same section."""
    for each in reversed(draft.items[: draft.items.index(item)]):
        leads = [entry["name"] for entry in each.units if entry["lead"]]
        if leads and not each.dropped and each.section == item.section:
            return leads
    return []


# What applies it


def adopt_year(by: Act, draft: Draft, year: int, dated: Dated) -> None:
    """Set the plan's year; deadlines that lacked only the year get their dates by it, as one act."""
    before, after = {"year": draft.year}, {"year": year}
    with step(by, draft, f"采用 {year} 为计划年度"):
        draft.year = year
        settle_remarks(draft, {"no-year"})
        _date_by(draft, year, dated)
    if before != after:
        events.record(by, "edit", "draft", draft.id, before, after)


def date_by_year(by: Act, draft: Draft, dated: Dated) -> None:
    """Give those deadlines their dates that lacked only the year."""
    if draft.year is None:
        return
    with step(by, draft, f"按 {draft.year} 年换算时限"):
        changed = _date_by(draft, draft.year, dated)
    if changed:
        events.record(by, "date", "draft", draft.id, after={"year": draft.year, "items": changed})


def _date_by(draft: Draft, year: int, dated: Dated) -> list[int]:
    """The ids of the items that changed."""
    changed = []
    for item in draft.items:
        entries = [_dated_entry(entry, dated(entry["text"], year)) for entry in item.deadlines]
        if entries != item.deadlines:
            item.deadlines = entries
            changed.append(item.id)
    return changed


def _dated_entry(entry: Entry, deadline: Deadline | None) -> Entry:
    """With the date, if the document did not determine one; the evidence stays, for the words are the document's."""
    if not is_undetermined(entry) or deadline is None or deadline.due is None:
        return entry
    return {**entry, "kind": DeadlineKind.DATE.value, "due": deadline.due.isoformat()}


def set_due(by: Act, draft: Draft, item: DraftItem, text: str, due: date) -> None:
    """Give the item's undetermined deadline of these words its day; raise Stale where it has got another by now."""
    wanted = {"kind": DeadlineKind.DATE.value, "due": due.isoformat()}
    if any(entry["text"] == text and entry["due"] == wanted["due"] for entry in item.deadlines):
        return  # sent twice
    entries = [
        {**entry, **wanted, "origin": "office"} if entry["text"] == text and is_undetermined(entry) else entry
        for entry in item.deadlines
    ]
    if entries == item.deadlines:
        raise Stale("该时限刚被他人改动，尚未保存您选的日期。请核对现有内容。", theirs=item)
    before = {"deadlines": item.deadlines}
    with step(by, draft, f"定第 {item.position} 项时限为 {due}"):
        item.deadlines = entries
    events.record(by, "edit", "draft_item", item.id, before, {"deadlines": entries})


def lead_first(by: Act, draft: Draft, item: DraftItem) -> None:
    """Let the unit that is named first lead, and the others support it."""
    entries = [{**entry, "lead": place == 0} for place, entry in enumerate(item.units)]
    if entries == item.units:
        return
    before = {"units": item.units}
    with step(by, draft, f"第 {item.position} 项仅首位牵头"):
        item.units = entries
    events.record(by, "edit", "draft_item", item.id, before, {"units": entries})


def rename(by: Act, draft: Draft, name: str, to: str, register: Register) -> None:
    """Put a registered name in the place of one that is misprinted, in every item; the evidence stays."""
    if to not in register:
        raise Invalid(f"“{to}”尚未登记，请选择已登记的单位。")
    with step(by, draft, f"将“{name}”改为“{to}”"[:300]):
        changed = [item for item in draft.items if any(entry["name"] == name for entry in item.units)]
        for item in changed:
            item.units = united([{**entry, "name": to} if entry["name"] == name else entry for entry in item.units])
    if changed:
        after = {"name": to, "items": [item.id for item in changed]}
        events.record(by, "rename_unit", "draft", draft.id, {"name": name}, after)
