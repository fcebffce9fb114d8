from datetime import date

import pytest

from tracker.rules.dates import spans, written, written_short

FIRST, LAST = date(2025, 2, 3), date(2025, 3, 31)


def test_a_day_is_written_without_leading_zeros():
    assert written(FIRST) == "2025年2月3日"
    assert written_short(LAST) == "3月31日"


@pytest.mark.parametrize(
    ("day", "within"),
    [
        (date(2025, 2, 2), False),
        (FIRST, True),
        (LAST, True),
        (date(2025, 4, 1), False),
    ],
)
def test_a_span_includes_both_its_ends(day, within):
    assert spans(FIRST, LAST, day) is within


def test_an_end_that_is_not_named_is_open():
    assert spans(None, LAST, date.min)
    assert spans(FIRST, None, date.max)
    assert not spans(None, LAST, date.max)
