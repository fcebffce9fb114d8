from datetime import date

import pytest

from tracker.rules.inspection_results import Criterion, Verdict
from tracker.rules.inspection_sheets import InspectedItem, InspectionSheets, UnitSheet
from tracker.rules.quarters import Quarter

NOTHING = dict.fromkeys(("progress_class", "progress", "achievements", "problems", "next_steps"), "")


def item(number: int, report_state: str = "", late: tuple[str, ...] = ()) -> InspectedItem:
    return InspectedItem(
        number=number,
        section="深化公开",
        task="预公开决策草案。",
        goal="",
        role="牵头",
        targets=(),
        deadlines=(),
        light_sign="●",
        light_word="红",
        standing="逾期 12 天",
        late=late,
        report_state=report_state,
        **NOTHING,
    )


def test_a_units_sheet_counts_what_is_reported_and_what_is_late():
    sheet = UnitSheet("县司法局", (item(1, "已审核"), item(2, "待审核", ("迟报",)), item(3, late=("甲", "乙"))))
    assert (sheet.reported, sheet.late) == (2, 2)


@pytest.mark.parametrize("word", ["检查", "督查"])
def test_the_title_uses_the_organisations_own_word(word):
    sheets = InspectionSheets("示例县", "工作计划", Quarter(2025, 1), date(2025, 4, 3), word, ())
    assert sheets.title == f"2025年第一季度工作计划落实情况{word}表"


def test_every_criterion_and_verdict_is_printed_by_a_word_of_its_own():
    for words in ([c.label for c in Criterion], [c.question for c in Criterion], [v.label for v in Verdict]):
        assert all(words)
        assert len(set(words)) == 4
