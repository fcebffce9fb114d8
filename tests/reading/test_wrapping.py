from tracker.reading.text import from_text
from tracker.reading.wrapping import joined


def lines(document: str) -> list[str]:
    return [block.text for block in joined(from_text(document)).blocks]


def test_a_sentence_that_was_cut_is_joined_with_a_remark(document):
    """
    (三)处理依申请公开。凡不涉密、不违法的
    按时限公开。
    (四)发挥网络功能。
    """
    whole = joined(from_text(document))
    assert [block.text for block in whole.blocks] == [
        "(三)处理依申请公开。凡不涉密、不违法的按时限公开。",
        "(四)发挥网络功能。",
    ]
    (remark,) = whole.remarks
    assert (remark.code, remark.line) == ("joined-line", 2)
    assert "不涉密、不违法的／按时限公开" in remark.excerpt


def test_a_heading_is_not_joined_with_its_paragraph(document):
    """
    (一)加强组织领导
    成立领导小组，负责统筹。
    """
    assert len(lines(document)) == 2


def test_a_line_of_units_is_not_joined(document):
    """
    1.打造社区。鼓励高校开放
    责任单位：市科技局
    """
    assert lines(document)[1] == "责任单位：市科技局"


def test_lines_cut_at_one_width_are_joined_to_paragraphs(document):
    """
    （一）推进政务公开标准化规范化建设工作，进一步完善公
    开目录，明确公开的内容和公开的时限，把公开的要求落实
    到每一个环节，确保公开的质量。加强公开平台的建设和维
    护工作，推进公开栏目的整合优化，保证信息更新及时完整
    准确，方便群众查询，接受群众监督，不断提高群众满意程
    度，做到应公开尽公开。
    （二）推进政策解读工作，坚持谁起草谁解读的原则，做到
    解读材料与文件同步起草、同步审批、同步发布，采用图解
    和视频等多种形式。
    """
    read = lines(document)
    assert [line[:3] for line in read] == ["（一）", "（二）"]
    assert "完善公开目录" in read[0]


def test_the_rest_of_a_broken_title_is_joined_to_it(plan):
    """
    某县粮食局2025年工作要
    点
    一、收购粮食。
    """
    assert plan.title == "某县粮食局2025年工作要点"
