from datetime import date

import pytest

from tracker.rules import inspection_parts as part_rules
from tracker.rules.inspection_parts import Part, Stand
from tracker.rules.refusals import Refusal

DAY = date(2025, 4, 7)
SENT = {"facts_on": DAY, "answer_due": date(2025, 4, 14)}


@pytest.mark.parametrize(
    ("part", "stand", "settled"),
    [
        (Part(), Stand.TOLD, False),
        (Part(received_on=DAY), Stand.RECEIVED, False),
        (Part(self_checked_on=DAY), Stand.SELF_CHECKED, False),
        (Part(results=1), Stand.CHECKED, False),
        (Part(**SENT), Stand.FACTS_SENT, False),
        (Part(**SENT, confirmed_on=DAY), Stand.CONFIRMED, True),
        (Part(**SENT, objected_on=DAY), Stand.OBJECTED, False),
        (Part(**SENT, objected_on=DAY, answered_on=DAY), Stand.CONFIRMED, True),
        (Part(excused=True), Stand.EXCUSED, True),
    ],
)
def test_where_a_unit_stands_follows_from_its_dates(part, stand, settled):
    assert part.stand is stand
    assert part.is_settled(date(2025, 4, 14)) is settled


def test_a_unit_that_is_silent_in_its_days_has_agreed():
    silent = Part(**SENT)
    assert silent.is_settled(date(2025, 4, 15))
    assert silent.told(date(2025, 4, 15)) == "期限内未提出异议"
    assert [silent.progress(day) for day in (date(2025, 4, 14), date(2025, 4, 15))] == ["待单位确认", "视为确认"]
    with pytest.raises(Refusal, match="已于2025年4月14日届满"):
        part_rules.check_answering(silent, date(2025, 4, 15))


def test_an_earlier_day_knows_nothing_of_what_came_after():
    assert Part(**SENT, confirmed_on=date(2025, 4, 9)).on(date(2025, 4, 8)).stand is Stand.FACTS_SENT


@pytest.mark.parametrize(
    ("part", "added"),
    [
        (Part(**SENT), ""),
        (Part(**SENT, objected_on=DAY), ""),
        (Part(**SENT, objected_on=DAY, answered_on=DAY), "提出异议，已答复"),
        (Part(excused=True), ""),
    ],
)
def test_a_page_does_not_say_the_stand_twice(part, added):
    assert part.added(DAY) == added
