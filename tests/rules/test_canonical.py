"""Values as plain JSON and back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from tracker.rules.canonical import from_plain, sha256_of, to_plain, written
from tracker.rules.lights import Light
from tracker.rules.quarters import Quarter


@dataclass(frozen=True)
class Inner:
    name: str
    value: Decimal | None = None


@dataclass(frozen=True)
class Outer:
    day: date
    quarter: Quarter
    light: Light
    inner: tuple[Inner, ...]
    pair: tuple[int, str] = (0, "")
    sure: bool = False


VALUE = Outer(date(2025, 4, 25), Quarter(2025, 1), Light.RED, (Inner("甲", Decimal("1.50")), Inner("乙")))


def test_a_value_comes_back_as_it_was() -> None:
    assert from_plain(Outer, to_plain(VALUE)) == VALUE


def test_what_is_as_by_default_is_left_out() -> None:
    assert to_plain(VALUE) == {
        "day": "2025-04-25",
        "quarter": "2025Q1",
        "light": "red",
        "inner": [{"name": "甲", "value": "1.50"}, {"name": "乙"}],
    }


def test_it_is_written_in_one_way_whatever_the_order_of_its_keys() -> None:
    assert written({"b": 1, "a": "乙"}) == '{"a":"乙","b":1}'
    assert sha256_of({"b": 1, "a": 2}) == sha256_of({"a": 2, "b": 1}) != sha256_of({"a": 2, "b": 2})


def test_what_has_no_plain_form_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        to_plain(1.5)
    with pytest.raises(ValueError, match="2025"):
        from_plain(Outer, {**to_plain(VALUE), "quarter": "2025Q5"})
