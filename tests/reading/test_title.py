def test_the_last_title_before_the_text_is_the_plans_own(plan):
    """
    某市人民政府办公室关于印发某市推广方案的通知
    某政办〔2026〕30号
    各区县（市）人民政府：
    《某市推广方案》已经市政府同意，请认真贯彻执行。
    某市人民政府办公室
    2026年6月24日
    某市推广方案
    为深入贯彻战略，制定本方案。
    一、打造社区。建设载体。
    """
    assert (plan.title, plan.issuer, plan.year) == ("某市推广方案", "某市人民政府办公室", 2026)
    assert next(dropped.reason for dropped in plan.dropped if dropped.line == 7) == "标题"


def test_a_title_on_two_lines_is_one(plan):
    """
    某市人民政府办公室
    关于支持人工智能发展的实施意见
    某政办发〔2026〕1号
    一、建设社区。
    """
    assert plan.title == "某市人民政府办公室关于支持人工智能发展的实施意见"
    assert (plan.issuer, plan.year) == ("某市人民政府办公室", 2026)


def test_a_number_that_scraping_joined_to_the_title_is_taken_off(plan):
    """
    国务院办公厅关于优化环境的实施意见国办发〔2020〕24号
    一、简化流程。
    """
    assert plan.title == "国务院办公厅关于优化环境的实施意见"


def test_without_a_title_the_opening_sentence_may_name_the_plan(plan):
    """
    结合我镇实际,特制定我局xxxx年政务公开工作实施方案
    一、工作任务
    （一）规范公开。
    """
    assert plan.title == "xxxx年政务公开工作实施方案"
    assert plan.year is None
    assert [remark.code for remark in plan.remarks] == ["no-year"]
    assert plan.remarks[0].doubt


def test_the_titles_year_goes_before_the_date_of_issue(plan):
    """
    某局2025年工作要点
    一、做好公开。
    某局
    2024年12月30日
    """
    assert plan.year == 2025


def test_the_year_may_come_from_the_opening_sentence_or_the_dates(plan):
    """
    乡镇政务公开年度工作计划
    时间:2022-10-25 09:54:12 来源:网友投稿
    结合我镇实际,制定 2021 年度政务公开工作计划。
    一、推进公开。
    """
    assert plan.year == 2021


def test_the_signature_names_the_issuer(plan):
    """
    县审批局2025年政务公开工作计划
    一、加强检查。

                         某县行政审批局
                            2025年2月14日
    """
    assert plan.issuer == "某县行政审批局"


def test_a_document_that_names_nobody_has_no_issuer(plan):
    """
    一、推进公开。
    """
    assert (plan.title, plan.issuer, plan.year) == (None, None, None)
    assert {remark.code for remark in plan.remarks} == {"no-title", "no-year"}


def test_a_year_in_chinese_numerals_is_the_plans_year(plan):
    """
    某县二〇二五年工作要点
    一、规范公开。
    """
    assert plan.year == 2025


def test_a_full_width_title_names_issuer_and_year(plan):
    """
    永宁市教育局２０２５年工作要点
    一、规范公开。
    """
    assert (plan.issuer, plan.year) == ("永宁市教育局", 2025)
