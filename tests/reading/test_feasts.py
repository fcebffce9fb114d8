from datetime import date

import pytest

from tracker.reading.feasts import day_of


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("春节", date(2025, 1, 29)),
        ("元宵节", date(2025, 2, 12)),
        ("清明", date(2025, 4, 4)),
        ("清明节", date(2027, 4, 5)),
        ("五一", date(2025, 5, 1)),
        ("端午节", date(2025, 5, 31)),
        ("中秋", date(2025, 10, 6)),
        ("国庆", date(2025, 10, 1)),
        ("元旦节", date(2025, 1, 1)),
    ],
)
def test_a_feast_has_its_day_in_the_year(name, day):
    year = day.year
    assert day_of(name, year) == day
