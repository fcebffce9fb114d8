"""Frozen values as plain JSON and back, exactly; and the hash of what they say.

A value is a dataclass of texts, whole numbers, decimals, days, instants, enumerations, quarters, tuples and further
such dataclasses.  A field that is left out where its value is the default may be added later: what was written before
reads with the default, and its hash stays what it was.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from tracker.rules.quarters import Quarter

T = TypeVar("T")


def to_plain(value: object) -> Any:
    """Dictionaries, lists, texts, whole numbers, booleans and None alone."""
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, tuple):
        return [to_plain(each) for each in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Quarter):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        said = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: to_plain(each) for field, each in said if each != _default(field)}
    raise TypeError(f"no plain form for {type(value).__name__}")


_NO_DEFAULT = object()


def _default(field: Field[Any]) -> object:
    return _NO_DEFAULT if field.default is MISSING else field.default


def from_plain(kind: type[T], plain: object) -> T:
    """The value that `to_plain` wrote; raise ValueError, TypeError or KeyError for anything else."""
    return cast(T, _reader(cast(Any, kind))(plain))


_Reader = Callable[[Any], Any]


@cache
def _reader(kind: Any) -> _Reader:
    if get_origin(kind) is tuple:
        return _tuple_reader(get_args(kind))
    if isinstance(kind, UnionType):
        return _optional_reader(kind)
    if is_dataclass(kind) and kind is not Quarter:
        return _dataclass_reader(kind)
    if kind in _READERS:
        return _READERS[kind]
    if issubclass(kind, StrEnum):
        return cast(_Reader, kind)
    raise TypeError(f"no plain form for {kind}")


_READERS: dict[Any, _Reader] = {
    str: str,
    int: int,
    bool: bool,
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    Quarter: Quarter.parse,
}


def _tuple_reader(kinds: tuple[Any, ...]) -> _Reader:
    if kinds[1:] == (Ellipsis,):
        each = _reader(kinds[0])
        return lambda plain: tuple(map(each, plain))
    readers = [_reader(kind) for kind in kinds]
    return lambda plain: tuple(reader(each) for reader, each in zip(readers, plain, strict=True))


def _optional_reader(kind: UnionType) -> _Reader:
    (inner,) = (_reader(each) for each in get_args(kind) if each is not NoneType)
    return lambda plain: None if plain is None else inner(plain)


def _dataclass_reader(kind: Any) -> _Reader:
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
    return lambda plain: kind(**{name: readers[name](each) for name, each in plain.items()})


def written(plain: object) -> str:
    """The one way to write it: keys sorted, no spaces."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(plain: object) -> str:
    return hashlib.sha256(written(plain).encode()).hexdigest()
