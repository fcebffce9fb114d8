"""Consolidation (汇总填报): the lead carries the result, so it hands in once the supporting units' shares are in.

Where some are not, it says which and why (缺报说明): what is missing is named, and waits for nobody.
"""

from collections.abc import Sequence

from tracker.rules.refusals import Invalid
from tracker.rules.reports import ReportState

LONGEST_NOTE = 500
MOST_NAMED = 20  # of a whole county's units the page names them all, the sentence the first ones
_NOT_IN = (None, ReportState.DRAFT, ReportState.IN_UNIT, ReportState.RETURNED)
_BEGINNING = "尚未填报："


def is_in(state: ReportState | None) -> bool:
    """Whether a share is the lead's to count on: it has left its unit, and is not with it again."""
    return state not in _NOT_IN


def named(missing: Sequence[str]) -> str:
    """县财政局、东镇; of very many the first ones and how many they are."""
    names = "、".join(missing[:MOST_NAMED])
    return f"{names}等 {len(missing)} 个单位" if len(missing) > MOST_NAMED else names


def beginning_of_note(missing: Sequence[str]) -> str:
    """What the note begins with, for the lead to finish; nothing where no share is missing."""
    return f"{named(missing)}{_BEGINNING}" if missing else ""


def note_given(note: str) -> str:
    """The note without surrounding blanks; one that nobody has finished says nothing."""
    plain = note.strip()
    return "" if plain.endswith(_BEGINNING) else plain


def gap_in_note(missing: Sequence[str], note: str) -> str | None:
    """What is still to be said of the missing shares before the lead hands in, as a sentence."""
    if missing and not note_given(note):
        return f"配合单位{named(missing)}尚未填报，请在“缺报说明”中写明原因后再提交，或等其填报后提交。"
    return None


def slip_in_note(note: str) -> str | None:
    """What is wrong with the note itself."""
    if len(note) > LONGEST_NOTE:
        return f"“缺报说明”最多 {LONGEST_NOTE} 字，现有 {len(note)} 字。"
    return None


def check_note(missing: Sequence[str], note: str) -> None:
    """Raise Invalid where the lead cannot hand in yet."""
    if sentence := gap_in_note(missing, note):
        raise Invalid(sentence)
