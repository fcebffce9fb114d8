from tests.reading import papers
from tracker.reading.parse import parse
from tracker.reading.plan import ParsedPlan


def read(*blocks: object) -> ParsedPlan:
    return parse(papers.word(*blocks), "任务表.docx")


def units(item) -> tuple[list[str], list[str]]:
    return [u.name for u in item.units if u.lead], [u.name for u in item.units if not u.lead]


def test_a_first_column_that_only_groups_is_the_section():
    plan = read(
        "某县2025年任务分解表",
        [
            ["序号", "工作任务", "工作要求", "责任单位", "完成时限"],
            ["1", "政策公开", "公开文件。", "县司法局", "6月底"],
            ["2", None, "更新目录。", "县政府办", "持续推进"],
        ],
    )
    assert [(item.section, item.task, item.goal) for item in plan.items] == [
        (("政策公开",), "公开文件。", None),
        (("政策公开",), "更新目录。", None),
    ]
    assert [item.number for item in plan.items] == ["1", "2"]
    assert [d.deadline.kind for item in plan.items for d in item.deadlines] == ["date", "open_ended"]


def test_beside_a_numbered_measure_the_requirement_is_its_goal():
    plan = read(
        [
            ["序号", "工作任务", "工作要求", "责任单位"],
            ["1", "1.推进专区建设，打造示范点5个", "6月底前建成", "县数据局"],
            ["2", "2.组织开放日活动", "每年不少于2次", "县政府办"],
        ]
    )
    assert [(item.task, item.goal) for item in plan.items][1] == ("组织开放日活动", "每年不少于2次")


def test_beside_a_leading_column_the_other_supports_and_leads_where_it_is_empty():
    plan = read(
        [
            ["工作任务", "牵头单位", "配合单位"],
            ["开展整治", "县应急局", "县消防救援大队、各镇"],
            ["梳理清单", "", "县委编办"],
        ]
    )
    assert [units(item) for item in plan.items] == [
        (["县应急局"], ["县消防救援大队", "各镇"]),
        (["县委编办"], []),
    ]


def test_a_heading_across_the_table_is_the_outer_section():
    page = papers.page([["序号", "任务", "责任单位"], ["1", "甲任务", "县局"]]).decode()
    across = page.replace("<tr><td rowspan=1>1", "<tr><td colspan=3>一、强化公开</td></tr><tr><td rowspan=1>1")
    assert [item.section for item in parse(across.encode(), "a.html").items] == [("强化公开",)]


def test_a_heading_directly_above_the_table_is_the_outer_section():
    plan = read("二、重点任务", [["任务", "责任单位"], ["公开目录", "县局"]], "三、保障措施", "加强领导。")
    assert [(item.section, item.task) for item in plan.items] == [
        (("重点任务",), "公开目录"),
        (("保障措施",), "加强领导。"),
    ]


def test_a_group_cut_by_a_page_break_goes_on_under_the_repeated_head():
    head = ["类别", "序号", "任务", "责任单位"]
    plan = read([head, ["公开", "1", "甲。", "县局"], head, ["", "2", "乙。", "县局"]])
    assert [item.section for item in plan.items] == [("公开",), ("公开",)]


def test_a_row_cut_by_a_page_break_is_one_item():
    plan = read(
        [["序号", "任务", "责任单位"], ["1", "推进目录的编制和", "县司"], ["", "公开。", "法局"], ["2", "乙。", "县局"]]
    )
    assert [item.task for item in plan.items] == ["推进目录的编制和公开。", "乙。"]


def test_a_head_of_two_lines_is_one_head():
    plan = read(
        [
            ["序号", "任务", "责任单位", "责任单位"],
            [None, None, "牵头单位", "配合单位"],
            ["1", "开展整治", "县应急局", "各镇"],
        ]
    )
    assert units(plan.items[0]) == (["县应急局"], ["各镇"])


def test_a_column_of_progress_holds_no_tasks():
    plan = read([["序号", "工作任务", "工作进展情况", "责任单位"], ["1", "开展整治", "已完成一半", "县应急局"]])
    assert (plan.items[0].task, plan.items[0].goal) == ("开展整治", None)


def test_a_table_of_other_things_is_left_out_and_listed():
    plan = read("一、做好公开。", [["姓名", "电话"], ["张三", "123"]])
    assert [item.task for item in plan.items] == ["做好公开。"]
    assert {dropped.reason for dropped in plan.dropped} == {"不是任务表的表格"}


def test_the_evidence_of_a_row_is_its_cells():
    plan = read([["序号", "任务", "责任单位"], ["1", "每年检查不少于2次", "县司法局"]])
    (item,) = plan.items
    assert plan.source[item.targets[0].span.start : item.targets[0].span.end] == "每年检查不少于2次"
    assert item.as_printed.split("\n") == ["每年检查不少于2次", "县司法局"]


def test_without_a_column_for_units_the_task_may_name_them():
    plan = read([["序号", "工作任务", "完成时限"], ["1", "公开目录。（县司法局，各镇）", "6月底"]])
    assert plan.items[0].task == "公开目录。"
    assert units(plan.items[0]) == (["县司法局"], ["各镇"])


def test_projects_beside_goals_are_the_tasks_and_the_month_is_their_time():
    plan = read(
        "某县2025年重点项目推进表",
        [["月份", "项目", "年度目标", "责任单位"], ["9月", "第二水厂", "日供水4万吨", "县水务局"]],
    )
    (item,) = plan.items
    assert (item.section, item.task, item.goal) == ((), "第二水厂", "日供水4万吨")
    assert [each.deadline.label for each in item.deadlines] == ["2025年9月30日前"]


def test_the_captions_of_several_tables_are_their_sections():
    head = ["工作任务", "责任单位"]
    plan = read(
        "某县2025年工作方案", "附件1", "产业任务表", [head, ["招商", "县商务局"]],
        "附件2", "民生任务表", [head, ["办学", "县教育局"]],
    )  # fmt: skip
    assert plan.title == "某县2025年工作方案"
    assert [item.section for item in plan.items] == [("产业任务表",), ("民生任务表",)]
