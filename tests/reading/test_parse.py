import contextlib

import pytest

from tests.reading import papers
from tracker.reading import parse as parsing
from tracker.reading.parse import parse, parse_text
from tracker.rules.refusals import Invalid

PLAN = [
    "某局2025年工作要点",
    "一、主要任务",
    "（一）公开目录，每年更新不少于2次。（责任单位：县司法局，各镇（街道））",
    "（二）6月底前发布指南，公开率达95%。（责任单位：县财政局）",
]


def facts(plan):
    return [
        (
            i.section,
            i.task,
            [(u.name, u.lead) for u in i.units],
            [t.target for t in i.targets],
            [d.deadline for d in i.deadlines],
        )
        for i in plan.items
    ]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("\n".join(PLAN).encode("gb18030"), "a.txt"),
        (papers.word(*PLAN), "a.docx"),
        (papers.page(*PLAN), "a.html"),
        (papers.workbook([[line] for line in PLAN]), "a.xlsx"),
    ],
)
def test_the_same_plan_reads_the_same_in_every_format(data, name):
    plan = parse(data, name)
    assert facts(plan) == facts(parse_text("\n".join(PLAN)))
    assert plan.title == "某局2025年工作要点"


@pytest.mark.parametrize("data", [b"", b" \n\t "])
def test_an_empty_file_is_refused(data):
    with pytest.raises(Invalid, match="空的"):
        parse(data, "a.txt")


def test_nothing_pasted_is_refused():
    with pytest.raises(Invalid, match="粘贴"):
        parse_text("  ")


def test_a_file_beyond_all_measure_is_refused(monkeypatch):
    monkeypatch.setattr(parsing, "LARGEST", 10)
    with pytest.raises(Invalid, match="20 MB"):
        parse(b"x" * 11, "a.txt")


def test_a_text_without_work_says_what_was_looked_for_and_what_to_do():
    with pytest.raises(Invalid, match="没有读到工作任务.*一、.*编号"):
        parse_text("今天天气很好，大家去郊游。")


@pytest.mark.parametrize(
    "text", ["一、" * 2000, "“" * 5000 + "一、甲。", "（一）" + "（" * 5000, "|" * 5000, "。ㄒ唬" * 500]
)
def test_strange_texts_are_read_or_refused(text):
    with contextlib.suppress(Invalid):
        assert parse_text(text).items


def test_no_mutilated_file_does_more_than_be_refused():
    whole = papers.word(*PLAN), papers.workbook([PLAN]), papers.page(*PLAN), papers.pdf([(60, 700, PLAN[2])])
    for data, name in zip(whole, ("a.docx", "a.xlsx", "a.html", "a.pdf"), strict=True):
        for cut in (10, len(data) // 3, len(data) // 2, len(data) - 20):
            with contextlib.suppress(Invalid):
                assert parse(data[:cut] + data[cut + 7 :], name).items
