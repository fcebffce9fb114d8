import pytest

from tracker.printing import layout


def test_the_margins_leave_the_type_area_of_the_standard() -> None:
    assert layout.PAGE_WIDTH - layout.LEFT - layout.RIGHT == 156
    assert layout.PAGE_HEIGHT - layout.TOP - layout.BOTTOM == 225


def test_a_title_that_fits_stays_on_one_line() -> None:
    assert layout.title_lines("2026年第一季度", "工作计划落实情况检查表") == ("2026年第一季度工作计划落实情况检查表",)


def test_a_title_that_does_not_fit_breaks_between_its_parts() -> None:
    parts = ("2026年第一季度", "工作计划落实情况监督检查表")
    assert layout.title_lines(*parts) == parts


def test_every_kind_of_text_has_a_face() -> None:
    assert {setting.face for setting in layout.SETTINGS.values()} <= set(layout.FACES)


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        (("示例县办公室", "关于督办", "逾期任务的", "通知"), ("示例县办公室关于督办逾期任务的通知",)),
        (
            ("示例县政务公开领导小组办公室", "关于2025年第一季度", "工作计划", "落实情况的", "通报"),
            ("示例县政务公开领导小组办公室", "关于2025年第一季度工作计划", "落实情况的通报"),  # no waist
        ),
        (
            ("示例自治州示例自治县人民政府政务公开工作领导小组办公室", "关于约谈的", "通知"),
            ("示例自治州示例自治县人民政府", "政务公开工作领导小组办公室", "关于约谈的通知"),
        ),
    ],
)
def test_a_title_breaks_where_its_words_do_into_few_even_lines(parts: tuple[str, ...], lines: tuple[str, ...]) -> None:
    assert layout.title_lines(*parts) == lines


def test_a_title_of_any_length_keeps_every_character_and_holds_its_lines() -> None:
    for length in range(1, 90, 7):
        lines = layout.title_lines("长" * length, "通知")
        assert "".join(lines) == "长" * length + "通知"
        assert max(map(layout.ems, lines)) <= 19
