from dataclasses import replace
from datetime import date

from tracker.printing.inspection_sheets_text import Labelled, paper
from tracker.rules.inspection_results import Verdict
from tracker.rules.inspection_sheets import CheckedUnit, InspectedItem, InspectionSheets, Judged, UnitSheet


def test_the_title_names_quarter_and_check(sheets: InspectionSheets) -> None:
    assert paper(sheets).sheets[0].title == ("2026年第一季度工作计划落实情况检查表",)


def test_the_word_for_checking_is_the_offices(sheets: InspectionSheets) -> None:
    assert paper(replace(sheets, check_word="督查")).sheets[0].title == ("2026年第一季度工作计划落实情况督查表",)


def test_the_head_of_a_sheet_has_plan_organisation_unit_date_and_figures(sheets: InspectionSheets) -> None:
    assert paper(sheets).sheets[0].facts == (
        Labelled("被检查单位", "示例县行政审批局"),
        Labelled("截至日期", "2026年3月31日"),
        Labelled("工作计划", "示例县2026年政务公开工作要点任务分解方案"),
        Labelled("组织单位", "示例县政务公开领导小组办公室"),
        Labelled("填报概况", "任务 2 项，已填报 1 项，逾期或迟办 1 项"),
    )


def test_the_summary_has_a_row_to_each_unit_and_a_total(sheets: InspectionSheets) -> None:
    summary = paper(sheets).summary
    assert summary is not None
    assert summary.rows == (
        ("1", "示例县行政审批局", "2", "1", "1", "1", "", ""),
        ("2", "示例镇人民政府", "1", "0", "1", "1", "", ""),
    )
    assert summary.total == ("", "合计", "3", "1", "2", "2", "", "")


def test_one_unit_needs_no_summary(alone: InspectionSheets) -> None:
    assert paper(alone).summary is None


def test_no_unit_at_all_still_makes_a_paper(sheets: InspectionSheets) -> None:
    nobody = paper(replace(sheets, units=()))
    assert nobody.summary is not None
    assert nobody.sheets == ()


def test_only_what_was_reported_is_said(sheets: InspectionSheets, on_time: InspectedItem) -> None:
    brief = replace(on_time, achievements="", problems=" ", next_steps="")
    row = paper(replace(sheets, units=(UnitSheet("示例局", (brief,)),))).sheets[0].rows[0]
    assert row.state == "达进度（已审核）"
    assert row.report == (Labelled("进展", on_time.progress),)


def test_an_item_without_report_says_so(sheets: InspectionSheets) -> None:
    row = paper(sheets).sheets[1].rows[0]
    assert (row.state, row.report) == ("未填报", ())


def test_a_light_is_never_a_colour_alone(sheets: InspectionSheets, not_reported: InspectedItem) -> None:
    row = paper(sheets).sheets[1].rows[0]
    assert (row.light, row.standing, row.late) == ("● 红", "逾期 11 天", not_reported.late)


def test_goal_targets_and_deadlines_stand_beneath_the_task(sheets: InspectionSheets) -> None:
    assert paper(sheets).sheets[0].rows[0].notes == (
        Labelled("目标", "重大建设项目信息应公开尽公开"),
        Labelled("指标", "公开率达到 100%"),
        Labelled("时限", "每季度末更新一次；12月31日前完成全年公开"),
    )


def test_the_boxes_to_tick_stand_two_above_two(sheets: InspectionSheets) -> None:
    assert paper(sheets).sheets[0].criteria[0].verdicts == ("□符合　　□基本符合", "□不符合　□不适用")


def test_real_data_carry_no_mark(sheets: InspectionSheets) -> None:
    assert paper(sheets).sample.startswith("示例数据")
    assert paper(replace(sheets, sample=False)).sample == ""


def test_what_an_inspection_found_stands_in_the_boxes(sheets: InspectionSheets) -> None:
    late = Judged("及时", "公开内容是否及时", Verdict.NOT_MET, "两个月未更新。")
    whole = Judged("全面", "公开内容是否全面", Verdict.MET)
    checked = CheckedUnit(
        "第一季度检查",
        "检查〔2026〕1号",
        ("现场核实", "第三方测评"),
        (whole, late),
        ("张某（示例）", "李某（示例）"),
        date(2026, 4, 9),
        "2026年4月10日确认",
        ("整改〔2026〕3号",),
    )
    first, *others = sheets.units
    item = replace(first.items[0], judged=(late,), verified_class="欠进度")
    told = paper(replace(sheets, units=(replace(first, items=(item,), checked=checked), *others)))
    sheet = told.sheets[0]
    assert [row.label for row in sheet.criteria] == ["全面", "及时"]
    assert sheet.criteria[1].verdicts == ("□符合　　□基本符合", "■不符合　□不适用")
    assert sheet.criteria[1].fact == "两个月未更新。"
    assert "■现场核实" in sheet.method.text
    assert "■第三方测评" in sheet.method.text
    assert "□查阅资料" in sheet.method.text
    assert sheet.signatures == (
        "检查人（签字）：张某（示例）、李某（示例）",
        "被检查单位负责人（签字）：（2026年4月10日确认）",
    )
    assert [part.text for part in sheet.rows[0].judged] == ["不符合，两个月未更新。", "欠进度"]
    assert told.summary is not None
    assert told.summary.rows[0][-2:] == ("符合：全面；不符合：及时", "问题 1 个；2026年4月10日确认")
    assert told.summary.rows[1][-2:] == ("", "")
