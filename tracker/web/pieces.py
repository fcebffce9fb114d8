"""Pieces of pages that are remembered as they were written out: for whom, and how much they weigh."""

from collections.abc import Hashable

from flask import request
from markupsafe import Markup

from tracker.web.access import Visitor

ROW = 500  # characters that weigh as much as a row of the ledger


def seen_by(me: Visitor) -> tuple[Hashable, ...]:
    """What a piece depends on beside its subject: who sees it, on which day, and where the pages are served."""
    return (me.posts, me.today, request.script_root)


def weight_of_text(piece: Markup) -> int:
    return 1 + len(piece) // ROW
