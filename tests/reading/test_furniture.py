import pytest

from tracker.reading import furniture


@pytest.mark.parametrize(
    "line",
    [
        "首页 > 县审批局 > 监督保障 > 工作开展",
        "号: /202502-00036 信息分类: 综合政务,其他",
        "2025-02-14 09:01 来源:县审批局 文字大小:[ ] 我要纠错",
        "— 3 —",
        "第 2 页 共 9 页",
        "分享到:",
        "返回政策原文列表",
        "← 上一篇",
        "- 2020年度县经信委政务公开自评表",
        "国办发〔2020〕43号",
        "2026年3月19日",
        "（此件公开发布）",
        "抄送：县委办公室。",
    ],
)
def test_page_furniture_has_a_reason(line):
    assert furniture.reason(line)


@pytest.mark.parametrize(
    "line",
    [
        "一、工作目标",
        "（三）严格监督检查",
        "完成时间节点任务，落实工作责任。",
        "推进网站改版，首页设置入口。",
        "责任单位：市科技局",
    ],
)
def test_the_text_of_a_plan_is_no_furniture(line):
    assert not furniture.reason(line)


@pytest.mark.parametrize("line", ["[乡镇政务公开年度工作计划]相关文章", "来源:网络整理 免责声明:本文仅限学习分享。"])
def test_link_lists_and_disclaimers_end_the_text(line):
    assert furniture.ends_the_text(line)
