"""What the application remembers, for tests: forgotten, or held against the ledger."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app

from tracker.ledger import memory

_taken, _counting = memory.remembered, False


def compared(
    organisation_id: int, name: tuple[Hashable, ...], make: Callable[[], object], *how: Any, **more: Any
) -> object:
    """As `memory.remembered`; what was not made for this call must be equal to what would be made now."""
    made: list[object] = []

    def noted() -> object:
        made.append(make())
        return made[0]

    value = _taken(organisation_id, name, noted, *how, **more)
    assert made or _counting or value == make(), f"{name} is not what the ledger says"
    return value


def forget() -> None:
    current_app.extensions.pop(memory.NAME, None)


@contextmanager
def nothing_compared() -> Iterator[None]:
    """Let the ledger be asked no more than the product asks it."""
    global _counting
    _counting = True
    try:
        yield
    finally:
        _counting = False
