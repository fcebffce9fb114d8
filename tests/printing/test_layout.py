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
