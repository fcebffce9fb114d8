"""Long lists, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from flask import Flask, g, request

PER_PAGE = 50

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list; `number` counts from 1 and never lies beyond `last`."""

    rows: Sequence[Row]
    total: int
    number: int
    last: int


def page_of(rows: Sequence[Row]) -> Page[Row]:
    """The page of the rows that the address asks for."""
    number, last = page_asked(len(rows))
    return Page(rows[(number - 1) * PER_PAGE : number * PER_PAGE], len(rows), number, last)


def page_asked(total: int) -> tuple[int, int]:
    """Which page the address asks for, and the last one there is."""
    last = max(1, -(-total // PER_PAGE))
    return min(max(1, request.args.get("page", 1, type=int)), last), last


def page_address(number: int) -> str:
    """The same list's page of that number; it keeps what the list is about and narrowed to."""
    about = g.selection.address if "selection" in g else {}
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "page" and name not in about]
    return f"{request.script_root}{request.path}?{urlencode([*about.items(), *asked, ('page', number)])}"


def assemble(app: Flask) -> None:
    app.add_template_global(page_address, "page_address")
