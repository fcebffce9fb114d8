"""Addresses: numbers of records in them, and the many that a page leads to."""

import re
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote_plus

import flask
from flask import Flask, current_app, request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1

_NAME = "ways"
_NUMBER = re.compile(r"<int:(\w+)>")
_PLAIN_FILE = re.compile(r"[A-Za-z0-9_./-]+")
_SAFE = "!$'()*,/:;?@"  # what Werkzeug leaves as it is


class RecordNumber(IntegerConverter):
    """What `<int:…>` means in the product's routes."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:  # noqa: A002
        super().__init__(map, *args, **{"max": LARGEST} | kwargs)


def record_id(text: str) -> int:
    """A record's number in a query; raise ValueError for what can be none."""
    number = int(text)
    if not 0 < number <= LARGEST:
        raise ValueError(text)
    return number


# Where links lead


def url_for(endpoint: str, **values: Any) -> str:
    """Flask's own, at a tenth of its price wherever a route holds numbers alone: a list has hundreds of links."""
    way = _way(endpoint)
    if way is None or request.script_root or any(name[0] == "_" for name in values):
        return flask.url_for(endpoint, **values)
    if endpoint == "static":
        return _file(way, values) or flask.url_for(endpoint, **values)
    numbers = {name: int(values.pop(name)) for name in _NUMBER.findall(way)} if "<" in way else {}
    path = _NUMBER.sub(lambda found: str(numbers[found[1]]), way) if numbers else way
    query = _query(values)
    return f"{path}?{query}" if query else path


def _way(endpoint: str) -> str | None:
    """The one rule that leads to the view, where numbers are all that it asks for."""
    known = cast(dict[str, str | None], current_app.extensions.setdefault(_NAME, {}))
    if endpoint not in known:
        known[endpoint] = _found(current_app, endpoint)
    return known[endpoint]


def _found(app: Flask, endpoint: str) -> str | None:
    ways = {rule.rule for rule in app.url_map.iter_rules(endpoint)} if endpoint in app.view_functions else set()
    if len(ways) != 1:
        return None
    [way] = ways
    return way if endpoint == "static" or "<" not in _NUMBER.sub("", way) else None


def _file(way: str, values: dict[str, Any]) -> str | None:
    name = values.get("filename", "")
    return way.replace("<path:filename>", name) if len(values) == 1 and _PLAIN_FILE.fullmatch(name) else None


def _query(values: dict[str, Any]) -> str:
    parts = []
    for name, value in values.items():
        for each in value if isinstance(value, list | tuple | set | frozenset) else (value,):
            if each is not None:
                parts.append(f"{name}={_quoted(str(each))}")
    return "&".join(parts)


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    return quote_plus(text, safe=_SAFE)


def assemble(app: Flask) -> None:
    app.add_template_global(url_for, "url_for")
