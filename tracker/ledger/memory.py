"""What this process remembers of the ledger, so that a page need not fold it anew.

Every act writes its event in its own transaction: the hash of an organisation's newest event, its head, says exactly of
which ledger a value was made.  A value of an earlier head is brought up to date by the acts in between, where it knows
how, and is made anew where it does not.  What changes without an event (alerts that the job raised, a person's own
bookmarks) belongs into the name of the value.

Values are shared by requests and threads: they are never changed, and hold no records of a session.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple, TypeVar, cast

from flask import current_app
from sqlalchemy import bindparam, func, select

from tracker.ledger.db import db, has_written
from tracker.ledger.tables.alerts import Alert
from tracker.ledger.tables.events import Event

MOST_WEIGHT = 800_000  # rows, all values together, some 300 MB; a city's year of 10 000 items weighs 560 000, 200 MB
MOST_DEEDS = 100  # after so many acts at once a value is made anew
NAME = "ledger_memory"

Value = TypeVar("Value")

_NEWEST_ALERT = select(func.max(Alert.id)).scalar_subquery()
_NEWEST = (  # put together once, for it is asked at every request
    select(Event.number, Event.hash, _NEWEST_ALERT)
    .where(Event.organisation_id == bindparam("organisation_id"))
    .order_by(Event.number.desc())
    .limit(1)
)


class Head(NamedTuple):
    """The end of an organisation's chain; a number alone would be given again after an act was rolled back."""

    number: int
    hash: str


class _Newest(NamedTuple):
    head: Head
    alert: int


class Deed(NamedTuple):
    """What an event says was done: which act, to which record."""

    act: str
    record: str
    record_id: int


Renew = Callable[[Value, tuple[Deed, ...]], Value | None]  # None: not by these acts, it is to be made anew


@dataclass(frozen=True)
class _Kept:
    head: Head
    value: Any
    weight: int


class Memory:
    """The values used last, up to a weight; of each name the one of the newest head."""

    def __init__(self, most: int = MOST_WEIGHT) -> None:
        self.most, self.weight = most, 0
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, name: Hashable) -> _Kept | None:
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def keep(self, name: Hashable, head: Head, value: object, weight: int) -> None:
        """One too heavy for the whole memory is not kept; nor one that is older than what is known of its name."""
        with self._lock:
            known = self._kept.get(name)
            if weight > self.most or (known and known.head.number > head.number):
                return
            self._forget(name)
            self._kept[name] = _Kept(head, value, weight)
            self.weight += weight
            while self.weight > self.most:
                self._forget(next(iter(self._kept)))

    def _forget(self, name: Hashable) -> None:
        if name in self._kept:
            self.weight -= self._kept.pop(name).weight


def memory() -> Memory:
    """The application's own: two applications in one process never share what they remember."""
    return cast(Memory, current_app.extensions.setdefault(NAME, Memory()))


def remembered(
    organisation_id: int,
    name: tuple[Hashable, ...],
    make: Callable[[], Value],
    renew: Renew[Value] | None = None,
    weigh: Callable[[Value], int] = lambda _: 1,
) -> Value:
    """The value of that name in the organisation's ledger as this transaction sees it, made where it is not known.

    The name holds all that it depends on beside the ledger: the plan, the quarter, the day, whose it is.  Within a
    transaction that writes nothing is remembered: what it reads may never come to be.
    """
    if has_written():
        return make()
    head, known = head_of(organisation_id), memory().find((organisation_id, *name))
    if known and known.head == head:
        return cast(Value, known.value)
    value = None
    if known and renew and (deeds := _deeds(organisation_id, known.head, head)) is not None:
        value = renew(known.value, deeds)
    if value is None:
        value = make()
    memory().keep((organisation_id, *name), head, value, weigh(value))
    return value


def head_of(organisation_id: int) -> Head:
    return _newest_of(organisation_id).head


def newest_alert(organisation_id: int) -> int:
    """For names: the job that raises alerts tells of no event.  An organisation without events has no alerts."""
    return _newest_of(organisation_id).alert


def _newest_of(organisation_id: int) -> _Newest:
    """Asked once in a transaction, and before what is made of the ledger, which can thus only be as new, or newer."""
    known = of_transaction("newest")
    if organisation_id not in known:
        row = db.session.connection().execute(_NEWEST, {"organisation_id": organisation_id}).first()
        known[organisation_id] = _Newest(Head(row[0], row[1]), row[2] or 0) if row else _Newest(Head(0, ""), 0)
    return cast(_Newest, known[organisation_id])


def _deeds(organisation_id: int, old: Head, new: Head) -> tuple[Deed, ...] | None:
    """What was done between two heads; None where the old one is none of this chain's, or too much was done."""
    if not 0 < new.number - old.number <= MOST_DEEDS:
        return None
    known = of_transaction("deeds")
    if (organisation_id, old) not in known:
        columns = (Event.hash, Event.act, Event.record, Event.record_id)
        since = (Event.organisation_id == organisation_id, Event.number.between(old.number, new.number))
        rows = db.session.execute(select(*columns).where(*since).order_by(Event.number)).all()
        follows = [row.hash for row in (rows[0], rows[-1])] == [old.hash, new.hash] if rows else False
        known[organisation_id, old] = tuple(Deed(*row[1:]) for row in rows[1:]) if follows else None
    return cast(tuple[Deed, ...] | None, known[organisation_id, old])


def of_transaction(name: str) -> dict[Any, Any]:
    """What was found out in this transaction, for as long as it lasts."""
    session = db.session()
    if (current := session.get_transaction()) is None:
        session.connection()  # begins it
        current = session.get_transaction()
    known = session.info.get(name)
    if known is None or known[0] is not current:
        known = session.info[name] = (current, {})
    return cast(dict[Any, Any], known[1])
