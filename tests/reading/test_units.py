import pytest

from tracker.reading import units
from tracker.reading.passage import Passage
from tracker.reading.units import LeadRule


def read(content: str, rule: LeadRule = LeadRule.FIRST_COMMA) -> tuple[list[str], list[str]]:
    found = units.read(Passage.of(content), rule).units
    return [unit.name for unit in found if unit.lead], [unit.name for unit in found if not unit.lead]


@pytest.mark.parametrize(
    ("content", "lead", "support"),
    [
        ("责任科室:各科室", ["各科室"], []),
        ("责任科室:办公室、政务大厅", ["办公室", "政务大厅"], []),
        ("县司法局,县级各相关部门、各镇(园区、街道)", ["县司法局"], ["县级各相关部门", "各镇(园区、街道)"]),
        (
            "财政部、税务总局牵头，国务院相关部门及各地区按职责分工负责",
            ["财政部", "税务总局"],
            ["国务院相关部门", "各地区"],
        ),
        (
            "交通运输部、国家卫生健康委等国务院相关部门按职责分工负责",
            ["交通运输部", "国家卫生健康委", "国务院相关部门"],
            [],
        ),
        (
            "牵头单位：市委组织部（人才办），责任单位：市教育局，各区镇",
            ["市委组织部（人才办）"],
            ["市教育局", "各区镇"],
        ),
        ("县政府办公室牵头，县直各部门配合", ["县政府办公室"], ["县直各部门"]),
        ("责任单位：市科技局等有关部门", ["市科技局", "有关部门"], []),
        ("责任单位：县财政局等", ["县财政局"], []),
        ("国务院相关部门和单位负责", ["国务院相关部门和单位"], []),
        ("责任单位：市教育局高等教育处", ["市教育局高等教育处"], []),
        ("责任单位：县局；试点单位：城关镇", ["县局"], ["城关镇"]),
        ("责任单位：社???、农财科", ["社???", "农财科"], []),
        ("责任单位：县局；责任人：张三", ["县局"], []),
    ],
)
def test_a_bracket_says_who_leads_and_who_supports(content, lead, support):
    assert read(content) == (lead, support)


def test_where_the_document_says_so_the_first_name_leads():
    rule = units.lead_rule("（甲部、乙部负责。列第一位者为牵头单位，下同）")
    assert rule is LeadRule.FIRST_NAME
    assert read("人力资源社会保障部、财政部，各省级人民政府负责", rule) == (
        ["人力资源社会保障部"],
        ["财政部", "各省级人民政府"],
    )


def test_a_star_marks_who_leads():
    rule = units.lead_rule("（责任单位：*县人力社保局、县科技局）")
    assert rule is LeadRule.STAR
    assert read("责任单位：县科技局、*县人力社保局", rule) == (["县人力社保局"], ["县科技局"])


def test_notes_in_a_bracket_are_no_units():
    content = "责任单位：市科技局、市数据局，市委网信办；第一个逗号前为牵头单位，多个牵头部门的按照职责分工负责，下同"
    assert read(content) == (["市科技局", "市数据局"], ["市委网信办"])


def test_units_named_for_all_later_entries_support_them(plan):
    """
    1.布局建设社区。〔责任单位：市发展改革委，各县（市、区）人民政府。以下各项任务均需各县（市、区）人民政府、功能区管委会落实，不再列出〕
    2.构建孵化体系。（责任单位：市科技局）
    3.没有括号的一项。
    """
    named = [[(unit.name, unit.lead) for unit in item.units] for item in plan.items]
    assert named[1] == [("市科技局", True), ("各县（市、区）人民政府", False), ("功能区管委会", False)]
    assert named[2] == []


def test_a_unit_in_running_text_is_none_unless_it_is_said_to_lead(plan):
    """
    一、强化督导。由县政府办公室牵头，县司法局配合，开展督导。
    二、做好答复。由我局主办的建议，由业务办理单位及时答复。
    三、建立由负责人牵头的工作机制。
    """
    named = [[(unit.name, unit.lead) for unit in item.units] for item in plan.items]
    assert named == [[("县政府办公室", True), ("县司法局", False)], [], []]


def test_labels_on_lines_of_their_own_tell_one_another(plan):
    """
    一、加强会商。召开会议。
    牵头单位：县政府办公室
    责任单位：县司法局、县财政局等部门
    完成时限：2024年12月底前
    """
    (item,) = plan.items
    assert [(unit.name, unit.lead) for unit in item.units] == [
        ("县政府办公室", True),
        ("县司法局", False),
        ("县财政局", False),
    ]
    assert item.deadlines[0].deadline.due.isoformat() == "2024-12-31"


def test_fields_at_the_end_of_an_entry_need_no_bracket(plan):
    """
    1.公开项目信息，按月更新。责任单位：县发改局、县住建局；完成时限：11月底。
    """
    (item,) = plan.items
    assert item.task == "公开项目信息，按月更新。"
    assert [unit.name for unit in item.units] == ["县发改局", "县住建局"]
    assert [deadline.text for deadline in item.deadlines] == ["按月", "11月底"]


def test_a_time_in_the_list_of_units_is_a_deadline(plan):
    """
    1.推进公开（县财政局牵头，各单位配合，4月底前完成）。
    """
    (item,) = plan.items
    assert [unit.name for unit in item.units] == ["县财政局", "各单位"]
    assert [deadline.text for deadline in item.deadlines] == ["4月底前"]


def test_a_remark_in_brackets_names_no_units(plan):
    """
    1.建设专区（原则上由街道负责）。
    """
    assert plan.items[0].units == ()
    assert plan.items[0].task == "建设专区（原则上由街道负责）。"


def test_the_evidence_of_a_unit_is_its_name_as_printed():
    content = "責任：\n縣司法局，*縣財政局"
    found = units.read(Passage.of(content)[4:], LeadRule.FIRST_COMMA).units
    assert [content[unit.span.start : unit.span.end] for unit in found] == ["縣司法局", "縣財政局"]


def test_an_item_without_units_among_others_with_units_is_doubted(plan):
    """
    1.布局建设社区。（责任单位：市科技局）
    2.构建孵化体系。
    """
    assert [remark.code for remark in plan.items[1].remarks] == ["no-unit"]
    assert plan.items[1].remarks[0].doubt


def test_who_acts_together_with_the_lead_supports(plan):
    """
    2025年工作计划
    一、优化审批。压减材料。（县审批局会同县司法局负责）
    """
    assert [(unit.name, unit.lead, unit.rule) for unit in plan.items[0].units] == [
        ("县审批局", True, "role-words"),
        ("县司法局", False, "role-words"),
    ]


def test_a_last_sentence_that_only_says_who_leads_is_no_part_of_the_task(plan):
    """
    2025年工作计划
    一、治理扬尘。安装监测设备。县住建局牵头，县城管局、各镇配合。
    """
    (item,) = plan.items
    assert item.task == "治理扬尘。安装监测设备。"
    assert [(unit.name, unit.lead) for unit in item.units] == [("县住建局", True), ("县城管局", False), ("各镇", False)]


def test_a_label_in_brackets_needs_no_colon(plan):
    """
    2025年工作计划
    一、开展评查。抽查案卷。
    【责任单位】执法科、各司法所
    【完成时限】长期坚持
    """
    (item,) = plan.items
    assert [unit.name for unit in item.units] == ["执法科", "各司法所"]
    assert item.deadlines[0].deadline.label == "持续推进"


def test_a_person_responsible_may_be_a_unit(plan):
    """
    2025年工作计划
    一、落实巡查。排查隐患。责任人：水利站
    二、落实值班。严格纪律。责任人：王某某
    """
    assert [[unit.name for unit in item.units] for item in plan.items] == [["水利站"], []]


def test_a_long_list_without_a_word_for_leading_is_not_sure(plan):
    """
    2025年工作计划
    一、推广应用。上线场景。（责任单位：甲局、乙局、丙局、丁局）
    二、推广应用。上线场景。（责任单位：甲局，乙局，丙局）
    三、推广应用。上线场景。（责任单位：甲局、乙、大张旗鼓）
    """
    assert [[(unit.rule, unit.sure) for unit in item.units][-1] for item in plan.items] == [
        ("long-list", False),
        ("commas-only", False),
        ("odd-name", False),
    ]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("医政科\n基层科", ["医政科", "基层科"]),
        ("人事科、\n科教科", ["人事科", "科教科"]),
        ("市疾控中心\n各县（市、区）\n卫生健康局", ["市疾控中心", "各县（市、区）卫生健康局"]),
        ("各镇（街道）\n县教育局", ["各镇（街道）", "县教育局"]),
    ],
)
def test_a_cell_with_a_name_on_each_line_is_a_list(cell, names):
    found = units.read_cells(Passage.of(cell), None, None, LeadRule.FIRST_COMMA)
    assert [(unit.name, unit.lead) for unit in found] == [(name, True) for name in names]
