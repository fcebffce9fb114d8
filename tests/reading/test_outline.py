def items(plan):
    return [(list(item.section), item.task) for item in plan.items]


def test_the_smallest_numbered_entry_is_the_item(plan):
    """
    二、主要任务
    (一)拓展公开内容
    1.决策公开:及时公开。
    2.执行公开:定期公开。
    (二)创新公开形式
    3.线下公开:设置专区。
    """
    assert items(plan) == [
        (["主要任务", "拓展公开内容"], "决策公开:及时公开。"),
        (["主要任务", "拓展公开内容"], "执行公开:定期公开。"),
        (["主要任务", "创新公开形式"], "线下公开:设置专区。"),
    ]
    assert [item.number for item in plan.items] == ["1.", "2.", "3."]


def test_aims_and_principles_are_no_items_but_listed(plan):
    """
    一、总体要求
    坚持公开为常态。
    (一)工作目标。建成专区3个。
    二、工作任务
    (一)规范发布。及时更新。
    """
    assert items(plan) == [(["工作任务"], "规范发布。及时更新。")]
    assert "不是任务" in plan.dropped[0].reason
    assert [dropped.line for dropped in plan.dropped] == [2, 3]


def test_an_unnumbered_paragraph_after_an_entry_is_an_item_of_its_own(plan):
    """
    二、工作任务
    (三)聚焦核心工作。加强公开。
    抓好改革事项公开。及时调整清单。
    (四)推进平台建设。
    """
    assert [task for _, task in items(plan)] == [
        "聚焦核心工作。加强公开。",
        "抓好改革事项公开。及时调整清单。",
        "推进平台建设。",
    ]
    assert plan.items[1].section == ("工作任务",)


def test_an_enumeration_stays_in_its_entry(plan):
    """
    一、资金支持。支持如下：
    （1）贷款贴息。
    （2）算力补助。
    二、平台支持。开放平台。
    """
    assert plan.items[0].task == "资金支持。支持如下：\n（1）贷款贴息。\n（2）算力补助。"
    assert len(plan.items) == 2


def test_a_heading_on_its_own_line_is_the_section_of_its_paragraph(plan):
    """
    一、重点培育领域
    （一）培育模式创新型
    鼓励探索新模式。
    二、工作要求
    健全推进机制。
    """
    assert items(plan) == [
        (["重点培育领域", "培育模式创新型"], "鼓励探索新模式。"),
        (["工作要求"], "健全推进机制。"),
    ]


def test_among_the_safeguards_the_entry_keeps_its_first_line(plan):
    """
    三、保障措施
    (一)加强组织领导
    成立领导小组。
    """
    assert items(plan) == [(["保障措施"], "加强组织领导\n成立领导小组。")]


def test_what_follows_a_heading_before_its_entries_is_an_introduction(plan):
    """
    四、加强组织领导,推进长效机制 进一步加强组织体系,建立健全制度。
    (一)健全组织机构。成立机构。
    五、推广举措
    围绕核心要点,构建体系。
    (二)优化布局。建设载体。
    """
    assert items(plan) == [
        (["加强组织领导,推进长效机制"], "健全组织机构。成立机构。"),
        (["推广举措"], "优化布局。建设载体。"),
    ]
    assert {dropped.line for dropped in plan.dropped} == {1, 4}


def test_with_units_at_both_levels_the_inner_entries_are_the_items(plan):
    """
    （一）研究直达机制，落实减税政策。（财政部、税务总局负责）具体措施：1．总结经验。（财政部牵头，各地区负责）2．简化程序。（税务总局负责）
    """
    assert items(plan) == [
        (["研究直达机制，落实减税政策"], "总结经验。"),
        (["研究直达机制，落实减税政策"], "简化程序。"),
    ]
    assert [unit.name for unit in plan.items[1].units] == ["税务总局"]


def test_an_entry_that_only_introduces_paragraphs_with_units_is_their_section(plan):
    """
    三、主要任务
    （一）集聚人才。举办赛事。（责任单位：市人社局）
    （二）建设平台。构建支撑体系。
    算力平台：整合资源。（责任单位：市科技局）
    服务平台：提供工具。（责任单位：市数据局）
    """
    assert items(plan)[1:] == [
        (["主要任务", "建设平台。构建支撑体系"], "算力平台：整合资源。"),
        (["主要任务", "建设平台。构建支撑体系"], "服务平台：提供工具。"),
    ]


def test_entries_without_units_take_those_of_their_heading(plan):
    """
    一、抓好公开（责任单位：县司法局）
    （一）公开决策。
    （二）公开执行。（责任单位：县财政局）
    """
    assert [[unit.name for unit in item.units] for item in plan.items] == [["县司法局"], ["县财政局"]]


def test_a_closing_formula_is_no_item(plan):
    """
    二、工作任务
    (一)规范公开。
    各科室要高度重视，认真贯彻落实本方案要求，并将完成情况纳入年度报告。
    """
    assert len(plan.items) == 1
    assert plan.dropped[-1].line == 3


def test_a_last_paragraph_that_orders_other_work_is_an_item(plan):
    """
    五、落实责任
    （一）做好服务。（各单位负责）
    从专项资金中安排部分资金，用于稳就业工作。有关情况要及时报送。
    """
    assert plan.items[1].task.startswith("从专项资金中安排")


def test_nothing_after_the_signature_is_work(plan):
    """
    一、加强检查。每季度检查。
    县行政审批局
    2025年2月14日
    文件下载
    如果您对该文件有疑问，可以来电咨询。
    """
    assert len(plan.items) == 1
    assert {dropped.line for dropped in plan.dropped} == {2, 3, 4, 5}


def test_units_on_a_line_of_their_own_belong_to_the_entry_above(plan):
    """
    1．打造创业带。建设载体。
    责任单位：市科技局、市工信局，各区县（市）政府
    2．建设社区。
    """
    assert [(unit.name, unit.lead) for unit in plan.items[0].units] == [
        ("市科技局", True),
        ("市工信局", True),
        ("各区县（市）政府", False),
    ]
    assert plan.items[0].last_line == 2


def test_points_right_under_a_heading_are_the_smallest_entries(plan):
    """
    一、抓产业
    （1）发展种植5000亩。
    （2）新建冷库。
    二、抓治理
    1.排查隐患：
    （1）每月排查。
    """
    assert items(plan) == [
        (["抓产业"], "发展种植5000亩。"),
        (["抓产业"], "新建冷库。"),
        (["抓治理"], "排查隐患：\n（1）每月排查。"),
    ]


def test_a_last_paragraph_that_asks_for_a_report_is_no_item(plan):
    """
    2025年工作要点
    一、规范公开。
    各单位要制定方案，每月5日前向县政府办公室报送进展情况。
    各单位于12月10日前将落实情况报送县政府办公室。
    """
    assert [item.task for item in plan.items] == ["规范公开。"]
