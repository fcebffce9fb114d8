"""The notice of inspection as an official letter."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.printing import inspection_notice, letter
from tracker.rules.inspection_notice import InspectionNotice, Visit


@pytest.fixture
def notice() -> InspectionNotice:
    return InspectionNotice(
        year=2025,
        number=3,
        issuer="示例县领导小组办公室",
        addressee="各被检查单位",
        dated=date(2025, 4, 3),
        check_word="检查",
        plan="2025年政务公开工作计划",
        quarter="2025年第一季度",
        title="第一季度检查",
        basis="根据计划要求",
        criteria=(("全面", "公开内容是否全面"), ("渠道畅通", "")),
        methods=("查阅资料", "现场核实"),
        starts_on=date(2025, 4, 7),
        ends_on=date(2025, 4, 18),
        self_check_due=date(2025, 4, 10),
        answer_days=5,
        team=("张某（示例）（检查人员）",),
        drawn="从 12 个承担任务的单位中随机抽取 2 个，抽取号码“2025”",
        visits=(Visit("示例局", date(2025, 4, 7), ("张某（示例）",), 3), Visit("示例镇", None, (), 2)),
        sample=True,
    )


def texts(paper: InspectionNotice) -> str:
    return "\n".join(part.text for part in inspection_notice.letter(paper).parts)


def test_it_says_object_content_manner_time_and_demands(notice: InspectionNotice) -> None:
    told = texts(notice)
    for said in (
        "根据计划要求。现就2025年第一季度“2025年政务公开工作计划”落实情况开展检查",
        "（1）全面：公开内容是否全面。",
        "（2）渠道畅通。",
        "查阅资料、现场核实。",
        "2025年4月7日至2025年4月18日",
        "检查人员不检查本单位。",
        "于2025年4月10日前报送自查情况",
        "抽取号码“2025”",
    ):
        assert said in told


def test_without_a_self_check_none_is_asked(notice: InspectionNotice) -> None:
    assert "自查" not in texts(replace(notice, self_check_due=None))


def test_the_schedule_is_an_annex_and_the_receipt_comes_back(notice: InspectionNotice) -> None:
    said = inspection_notice.letter(notice)
    assert said.number == "检查〔2025〕3号"
    [grid] = said.annexes[0].parts
    assert grid.rows[0] == ("1", "示例局", "2025年4月7日", "张某（示例）", "3")
    assert grid.rows[1] == ("2", "示例镇", "", "", "2")
    assert said.receipt is not None
    assert said.receipt.rows[0] == ("通知编号", "检查〔2025〕3号")


def test_both_media_are_set(notice: InspectionNotice, fonts) -> None:
    told = [inspection_notice.letter(notice)]
    assert letter.pdf(told, fonts).startswith(b"%PDF")
    assert letter.docx(told).startswith(b"PK")
