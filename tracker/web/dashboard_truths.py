"""Three truths (三个口径), item by item: what was reported, what was verified, what the calendar says."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.ledger import plans
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid
from tracker.rules.standing import Standing
from tracker.rules.truths import REPORTED, Calendar, Truth, VerifiedAs
from tracker.web.access import needs, visitor
from tracker.web.dashboard_links import asked
from tracker.web.paging import page_of
from tracker.web.selection import selection

pages = Blueprint("truths", __name__, url_prefix="/truths")

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Filters:
    """What of the three is asked for; None for all."""

    reported: Standing | None
    verified: VerifiedAs | None
    calendar: Calendar | None
    differs: bool

    @property
    def address(self) -> dict[str, Any]:
        named = {"reported": self.reported, "verified": self.verified, "calendar": self.calendar}
        return {name: value for name, value in named.items() if value} | ({"differs": "1"} if self.differs else {})

    def picks(self, line: Truth) -> bool:
        asked_for = (self.reported, line.reported), (self.verified, line.verified), (self.calendar, line.calendar)
        return all(wanted in (None, held) for wanted, held in asked_for) and (line.differs or not self.differs)


@pages.get("")
@needs(Action.SEE_OVERVIEW)
def index() -> ResponseReturnValue:
    about = asked()
    known = plans.plans_of(visitor().organisation_id)
    if about is None:
        return render_template("dashboard/index.html", selection=selection(), plans=known)
    filters = _read_filters()
    return render_template(
        "dashboard/truths.html",
        selection=about.chosen,
        plans=known,
        about=about,
        board=about.board,
        links=about.links,
        filters=filters,
        page=page_of([line for line in about.board.truths.lines if filters.picks(line)]),
        choices={"reported": REPORTED, "verified": VerifiedAs, "calendar": Calendar},
    )


def _read_filters() -> Filters:
    return Filters(
        reported=_choice("reported", Standing),
        verified=_choice("verified", VerifiedAs),
        calendar=_choice("calendar", Calendar),
        differs=request.args.get("differs") == "1",
    )


def _choice(name: str, kind: Callable[[str], Choice]) -> Choice | None:
    written = request.args.get(name, "")
    try:
        return kind(written) if written else None
    except ValueError:
        raise Invalid(f"没有“{written[:20]}”这个选项，请从页面上选择。") from None
