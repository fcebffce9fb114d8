"""The plan, the quarter and the date that a page is about: they live in the address and hold from page to page."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import g, request, session

from tracker.ledger import plans, sealed
from tracker.ledger.tables.plans import Plan
from tracker.ledger.tables.snapshots import Snapshot
from tracker.rules.quarters import Quarter, quarters_of
from tracker.rules.refusals import Invalid
from tracker.web.access import visitor
from tracker.web.addresses import record_id, url_for
from tracker.web.filters import day

# Pages about what is to be done now: a sealed quarter does not turn them back to its day.
_NOW = frozenset(
    {
        "alerts",
        "closing",
        "extensions",
        "finding_records",
        "findings",
        "home",
        "instructions",
        "light_rules",
        "notices",
        "occurrences",
        "report_sheets",
        "reports",
        "reviews",
    }
)


@dataclass(frozen=True)
class Selection:
    """`plan` and `quarter` are None while there is no plan; `dated` is True where the address names the date.

    Of a sealed quarter `sealed` is the version that holds; a page about it is of its day unless the address names one.
    """

    plan: Plan | None
    quarter: Quarter | None
    as_of: date
    dated: bool
    sealed: Snapshot | None = None

    @cached_property
    def address(self) -> dict[str, Any]:
        """What a link needs so that the next page is about the same."""
        named: dict[str, Any] = {}
        if self.plan and self.quarter:
            named = {"plan": self.plan.id, "quarter": str(self.quarter)}
        return named | ({"as_of": self.as_of.isoformat()} if self.dated else {})

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The page's own choices (a unit, a section), which another plan or date does not undo."""
        own = ("plan", "quarter", "as_of", "as_of_was", "page")
        return [(name, value) for name, value in request.args.items(multi=True) if name not in own]

    @property
    def quarters(self) -> list[Quarter]:
        return list(quarters_of(self.plan.year)) if self.plan else []

    def url(self, endpoint: str, **more: Any) -> str:
        """A page that a sealed quarter would turn back to its day is told the day that this one is about."""
        default = self.sealed.as_of if self.sealed and endpoint.rpartition(".")[0] not in _NOW else self.as_of
        day = {"as_of": self.as_of.isoformat()} if default != self.as_of else {}
        return url_for(endpoint, **{**self.address, **day, **more})

    def address_at(self, plan_id: int, quarter: Quarter) -> dict[str, Any]:
        """Of another plan or quarter on the same day, which is named where that page would be about another one."""
        default = _day_of(sealed.latest(plan_id, quarter))
        day = {"as_of": self.as_of.isoformat()} if self.dated or default != self.as_of else {}
        return {"plan": plan_id, "quarter": str(quarter)} | day


def selection() -> Selection:
    """What the address asks for, else what was looked at last, else the newest plan and today's quarter.

    Raise Invalid for a date or quarter that does not exist, or a date that lies ahead, of which nothing is known
    yet; NotFound for a plan that is not the visitor's.
    """
    if "selection" not in g:
        g.selection = _read()
    chosen: Selection = g.selection
    return chosen


def _read() -> Selection:
    named, today = _named_day(), visitor().today
    plan = _plan()
    if plan is None:
        return Selection(None, None, named or today, named is not None)
    quarter = _quarter(plan, named or today)
    if (session.get("plan"), session.get("quarter")) != (plan.id, str(quarter)):
        session["plan"], session["quarter"] = plan.id, str(quarter)
    snapshot = sealed.latest(plan.id, quarter)
    default = today if request.blueprint in _NOW else _day_of(snapshot)
    return Selection(plan, quarter, named or default, named is not None, snapshot)


def _day_of(snapshot: Snapshot | None) -> date:
    """Of a page that tells of a quarter, sealed or not."""
    return snapshot.as_of if snapshot else visitor().today


def _named_day() -> date | None:
    """The day that the address names; what the bar only shows, and nobody changed, is not named."""
    written = request.args.get("as_of", "").strip()
    if not written or written == request.args.get("as_of_was", "").strip():
        return None
    try:
        as_of = date.fromisoformat(written)
    except ValueError:
        raise Invalid(f"日期“{written[:20]}”不存在，请按 2025-04-05 的格式填写。") from None
    if as_of > visitor().today:
        raise Invalid(f"截至日期{day(as_of)}尚未到来，无法统计。请选择{day(visitor().today)}或更早的日期。")
    return as_of


def _plan() -> Plan | None:
    organisation_id = visitor().organisation_id
    if asked := request.args.get("plan", type=record_id):
        return plans.plan_of(organisation_id, asked)
    known = plans.plans_of(organisation_id)
    return next((plan for plan in known if plan.id == session.get("plan")), known[0] if known else None)


def _quarter(plan: Plan, as_of: date) -> Quarter:
    written = request.args.get("quarter", "").strip()
    if written:
        try:
            asked = Quarter.parse(written)
        except ValueError:
            raise Invalid(f"季度“{written[:20]}”不存在，请按 2025Q1 的格式填写。") from None
        if asked.year != plan.year:
            raise Invalid(f"“{plan.title}”是 {plan.year} 年的计划，没有{asked.label}。")
        return asked
    remembered = session.get("quarter", "")
    if remembered.startswith(f"{plan.year}Q"):
        return Quarter.parse(remembered)
    return current_quarter(plan.year, as_of)


def current_quarter(year: int, as_of: date) -> Quarter:
    """The quarter of the date, or the nearest one of the plan's year."""
    if as_of.year == year:
        return Quarter.of(as_of)
    return Quarter(year, 1 if as_of.year < year else 4)
