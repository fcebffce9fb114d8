"""The tabs above every page: where the visitor can go, and how much waits there."""

from functools import lru_cache
from typing import NamedTuple

from flask import Flask, render_template, request
from markupsafe import Markup

from tracker.rules.permissions import Role
from tracker.web.access import visitor
from tracker.web.alerts import alert_tally
from tracker.web.extensions import extension_count
from tracker.web.instructions import instruction_count
from tracker.web.review_desks import review_count, review_desks

MOST_REMEMBERED = 512


class Waits(NamedTuple):
    """What waits for the visitor behind each tab; `judges` is whether they review at all."""

    judges: bool
    reviews: int
    instructions: int
    alerts: int
    extensions: int


def tabs() -> Markup:
    me = visitor()
    waits = Waits(review_desks(), review_count(), instruction_count(), alert_tally().standing, extension_count())
    return _written_out(me.roles, me.office.rules.check_word, waits, request.blueprint or "", request.script_root)


@lru_cache(MOST_REMEMBERED)
def _written_out(_roles: frozenset[Role], check_word: str, waits: Waits, _shown: str, _root: str) -> Markup:
    """The same for all whose roles are these, on the pages of one part, in one place where pages are served."""
    told = render_template("_tabs.html", waits=waits, check_word=check_word)
    return Markup(told)  # noqa: S704 - the template has escaped it


def assemble(app: Flask) -> None:
    app.add_template_global(tabs, "tabs")
