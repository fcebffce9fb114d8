from datetime import date

from tracker.rules.duties import DutyKind
from tracker.rules.lateness import late_lines
from tracker.rules.quarters import Quarter
from tracker.rules.standing import DutyFacts

Q1, DAY = Quarter(2025, 1), date(2025, 4, 10)


def _duty(due: date, done_on: date | None = None, revised: date | None = None, quarter: Quarter = Q1) -> DutyFacts:
    return DutyFacts(1, 1, 1, True, DutyKind.MILESTONE, "建成专栏", quarter, due, due, done_on, revised_due=revised)


def test_what_is_overdue_and_what_was_done_late_is_told_with_its_days():
    overdue, late = _duty(date(2025, 3, 31)), _duty(date(2025, 3, 1), date(2025, 3, 5))
    assert list(late_lines([overdue, late], Q1, DAY)) == [
        "建成专栏（应于 2025年3月31日）逾期 10 天",
        "建成专栏（应于 2025年3月1日）迟 4 天完成",
    ]


def test_what_an_extension_moved_names_both_days():
    moved = _duty(date(2025, 3, 1), revised=date(2025, 4, 1))
    assert list(late_lines([moved], Q1, DAY)) == ["建成专栏（原定 3月1日，延至 4月1日）逾期 9 天"]


def test_what_is_in_time_or_was_late_in_another_quarter_is_not_told():
    done, before = (
        _duty(date(2025, 3, 31), date(2025, 3, 30)),
        _duty(date(2024, 12, 1), date(2024, 12, 9), quarter=Q1.previous),
    )
    assert list(late_lines([done, _duty(date(2025, 4, 11)), before], Q1, DAY)) == []
