import pytest

from tracker.reading.deadlines import deadlines, in_cell, with_year
from tracker.reading.passage import Passage
from tracker.rules.deadlines import Deadline


def short(deadline: Deadline) -> str:
    if deadline.due:
        return deadline.due.isoformat()
    if deadline.days is not None:
        return f"{deadline.days} {'workdays' if deadline.workdays else 'days'}"
    return deadline.every or deadline.kind


def read(text: str, year: int | None = 2024) -> list[str]:
    return [short(each.deadline) for each in deadlines(Passage.of(text), year)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年8月底前建成；2023年9月底前完善", ["2023-08-31", "2023-09-30"]),
        ("3月份印发方案，8月前完成自查", ["2024-03-31", "2024-08-31"]),
        ("3月份前印发方案", ["2024-03-31"]),
        ("12月31日前总结", ["2024-12-31"]),
        ("2月底前完成", ["2024-02-29"]),
        ("上半年完成", ["2024-06-30"]),
        ("第三季度前建成", ["2024-09-30"]),
        ("二季度末完成", ["2024-06-30"]),
        ("年底前完成", ["2024-12-31"]),
        ("2021年年底前实现全覆盖", ["2021-12-31"]),
        ("年内完成", ["2024-12-31"]),
        ("明年6月底前完成", ["2025-06-30"]),
        ("到2028年，培育企业", ["2028-12-31"]),
        ("3月至6月开展集中整治", ["2024-06-30"]),
        ("10月下旬完成，11月中旬总结", ["2024-10-31", "2024-11-20"]),
        ("十二月底前完成", ["2024-12-31"]),
        ("“十四五”期末实现", ["2025-12-31"]),
        ("政策文件发布后3个工作日内公开解读", ["3 workdays"]),
        ("在本意见印发之日起30日内制定", ["30 days"]),
        ("24小时内回应", ["1 days"]),
        ("按季度公开进展", ["quarter"]),
        ("每季度进行检查", ["quarter"]),
        ("每半年通报，每月调度", ["half-year", "month"]),
        ("在x月xx日前公布", ["undetermined"]),
        ("2020年底前优化甲，2020年底前优化乙", ["2020-12-31"]),
    ],
)
def test_the_text_says_by_when_or_how_often(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "及时公开，定期更新，动态调整，不间断监测",
        "从2019年1月1日起，实施见习计划",
        "2019年1月1日至12月31日，困难企业可组织培训",
        "2024年3月印发的通知",
        "按照《2023年6月底前工作要点》",
        "政府信息公开年度报告中公布",
        "给予每年最高不超过2万元租金补贴",
        "离校5年内高校毕业生",
        "办理时限压缩至3个工作日以内",
        "同步起草，第一时间核实，逐年提高",
        "6个月的当地失业保险金",
    ],
)
def test_what_sets_no_date_is_no_deadline(text):
    assert read(text) == []


def test_a_month_without_a_year_takes_the_plans_year():
    assert read("9月底前完成", 2021) == ["2021-09-30"]


def test_a_month_without_any_year_waits_for_the_offices_date():
    assert read("9月底前完成", None) == ["undetermined"]


def test_a_day_that_does_not_exist_waits_for_the_offices_date():
    assert read("2月30日前完成") == ["undetermined"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("持续推进", "open_ended"),
        ("长期坚持", "open_ended"),
        ("2025年", "2025-12-31"),
        ("2025.06", "2025-06-30"),
        ("2025-6-15", "2025-06-15"),
        ("6月", "2024-06-30"),
        ("每季度", "quarter"),
        ("每周", "week"),
        ("常态化", "open_ended"),
        ("全年持续推进", "open_ended"),
        ("全年", "2024-12-31"),
        ("6.30", "2024-06-30"),
    ],
)
def test_a_time_column_may_say_it_shorter(cell, expected):
    assert [short(each.deadline) for each in in_cell(Passage.of(cell), 2024)] == [expected]


def test_a_period_that_counts_a_target_is_no_deadline(plan):
    """
    一、开展培训。每年培训不少于1次，每季度通报。
    """
    (item,) = plan.items
    assert [short(each.deadline) for each in item.deadlines] == ["quarter"]


def test_the_evidence_of_a_deadline_is_marked_in_the_source():
    source = "政策文件发布后3个工作日内，公开解读。"
    (read_deadline,) = deadlines(Passage.of(source), 2024)
    assert (
        source[read_deadline.span.start : read_deadline.span.end] == read_deadline.text == "政策文件发布后3个工作日内"
    )


def test_an_undetermined_date_is_doubted(plan):
    """
    一、公布报告。在x月xx日前公布年度报告。
    """
    (remark,) = plan.items[0].remarks
    assert (remark.code, remark.excerpt, remark.doubt) == ("undetermined-date", "x月xx日前", True)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("6月底", "2025-06-30"),
        ("8月底前", "2025-08-31"),
        ("上半年", "2025-06-30"),
        ("6月底前、9月底前", "2025-06-30"),
        ("20xx年6月底前", "2025-06-30"),
        ("x月xx日前", None),
        ("每月", None),
        ("每季度", None),
        ("适时", None),
    ],
)
def test_what_an_undetermined_deadline_names_is_a_date_once_the_year_is_known(text, due):
    deadline = with_year(text, 2025)
    assert (deadline and deadline.due and deadline.due.isoformat()) == due
