"""Numbers of records in addresses: only those that a database can hold; any other is not found."""

from typing import Any

from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1


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
