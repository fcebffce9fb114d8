"""What the leading group's pages are asked for, and the addresses of the records behind their numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from flask import url_for

from tracker.ledger.dashboard import Board, Earlier, Narrowed, board_of
from tracker.ledger.tables.plans import Plan
from tracker.rules.quarters import Quarter
from tracker.web.item_filters import Filters, read_filters
from tracker.web.selection import Selection, selection

NARROWING = ("group", "unit_kind", "section")  # those of the lists' filters by which the figures are narrowed


@dataclass(frozen=True)
class Links:
    """Addresses about one plan and quarter on one day, narrowed as the page is: a prefix each, made once."""

    about: Mapping[str, Any]
    narrowing: Mapping[str, Any]

    @cached_property
    def _items(self) -> str:
        return url_for("items.index", **self.about, **self.narrowing)

    @cached_property
    def _duties(self) -> str:
        return url_for("items.duties", **self.about, **self.narrowing)

    @cached_property
    def _truths(self) -> str:
        return url_for("dashboard.truths.index", **self.about, **self.narrowing)

    def items(self, **where: object) -> str:
        return self._items + self._more(where)

    def duties(self, **where: object) -> str:
        return self._duties + self._more(where)

    def truths(self, **where: object) -> str:
        return self._truths + self._more(where)

    def page(self, endpoint: str, **where: object) -> str:
        """Another page about the same; what is given here stands before what the page is about."""
        return url_for(endpoint, **{**self.about, **self.narrowing, **where})

    def of(self, earlier: Earlier) -> "Links":
        about = {"plan": earlier.plan.id, "quarter": str(earlier.quarter), "as_of": earlier.on.isoformat()}
        return Links(about, self.narrowing)

    def _more(self, where: Mapping[str, object]) -> str:
        """A section that the page is narrowed to is named in its prefix already."""
        return "".join(f"&{name}={quote(str(value))}" for name, value in where.items() if name not in self.narrowing)


@dataclass(frozen=True)
class Asked:
    """What the address is about."""

    chosen: Selection
    plan: Plan
    quarter: Quarter
    filters: Filters

    @cached_property
    def board(self) -> Board:
        narrowed = Narrowed(self.filters.group, self.filters.unit_kind, self.filters.section)
        return board_of(self.plan, self.quarter, self.chosen.as_of, narrowed)

    @cached_property
    def links(self) -> Links:
        return Links(self.chosen.address, self.narrowing)

    def links_at(self, quarter: Quarter, plan: Plan | None = None) -> Links:
        """About another quarter or plan, as it stands on the page's day."""
        return Links(self.chosen.address_at((plan or self.plan).id, quarter), self.narrowing)

    @property
    def narrowing(self) -> dict[str, Any]:
        return {name: value for name, value in self.filters.address.items() if name in NARROWING}

    @property
    def in_words(self) -> str:
        """The filters, for paper and files."""
        return "；".join(chip.words for chip in self.filters.chips)


def asked() -> Asked | None:
    """None while there is no plan to be asked about."""
    chosen = selection()
    if chosen.plan is None or chosen.quarter is None:
        return None
    return Asked(chosen, chosen.plan, chosen.quarter, read_filters())
