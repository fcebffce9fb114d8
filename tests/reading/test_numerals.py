from decimal import Decimal

import pytest

from tracker.reading.numerals import number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30", 30),
        ("1,200", 1200),
        ("９５", 95),
        ("3.5", Decimal("3.5")),
        ("二十一", 21),
        ("两", 2),
        ("一百二十", 120),
        ("百", 100),
        ("二〇二五", 2025),
        ("十十", 20),
    ],
)
def test_a_numeral_has_its_value(text, value):
    assert number(text) == value


def test_what_is_no_numeral_is_refused():
    with pytest.raises(ValueError, match="若"):
        number("若干")
