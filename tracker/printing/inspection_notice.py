"""The notice of inspection (检查通知) as an official letter, with the schedule as its annex and the receipt."""

from tracker.printing.layout import title_lines
from tracker.printing.letter_parts import Annex, Grid, Letter, Paragraph, Receipt
from tracker.rules.dates import written
from tracker.rules.inspection_notice import InspectionNotice

_SAMPLE = "示例数据"
_WIDTHS = (14, 56, 36, 34, 16)


def letter(paper: InspectionNotice) -> Letter:
    """Basis, content, manner, time and people, what units have to do; the schedule follows on a page of its own."""
    return Letter(
        title=(paper.issuer, *_title(paper)),
        issuer=paper.issuer,
        dated=paper.dated,
        number=paper.named,
        addressee=paper.addressee,
        parts=tuple(_parts(paper)),
        annexes=(Annex(f"{paper.check_word}日程安排表", (_schedule(paper),)),),
        receipt=_receipt(paper),
        sample=_SAMPLE if paper.sample else "",
    )


def _title(paper: InspectionNotice) -> tuple[str, ...]:
    """Broken after the quarter, not in the middle of a word."""
    rest = paper.title.removeprefix(paper.quarter)
    return title_lines(f"关于开展{paper.quarter}" if rest != paper.title else "关于开展", f"{rest}的通知")


def _parts(paper: InspectionNotice) -> list[Paragraph]:
    word = paper.check_word
    return [
        Paragraph(f"{_stopped(paper.basis)}现就{paper.quarter}“{paper.plan}”落实情况开展{word}，有关事项通知如下。"),
        Paragraph(f"一、{word}对象", 1),
        Paragraph(f"{paper.drawn}，具体见附件。"),
        Paragraph(f"二、{word}内容", 1),
        *(Paragraph(text) for text in _criteria(paper)),
        Paragraph(f"三、{word}方式", 1),
        Paragraph(f"{'、'.join(paper.methods)}。"),
        Paragraph(f"四、时间和{word}人员", 1),
        Paragraph(
            f"{word}时间为{written(paper.starts_on)}至{written(paper.ends_on)}。{word}人员：{'、'.join(paper.team)}。"
            f"{word}人员不{word}本单位。"
        ),
        Paragraph("五、有关要求", 1),
        *(Paragraph(text) for text in _demands(paper)),
    ]


def _criteria(paper: InspectionNotice) -> list[str]:
    told = (f"{name}：{question}" if question else name for name, question in paper.criteria)
    return [f"（{number}）{text}。" for number, text in enumerate(told, 1)]


def _demands(paper: InspectionNotice) -> list[str]:
    word, demands = paper.check_word, []
    if paper.self_check_due:
        demands.append(f"请对照{word}内容逐项自查，并于{written(paper.self_check_due)}前报送自查情况和佐证材料。")
    demands.append("请确定一名联系人，备好相关资料，如实反映情况。")
    demands.append(
        f"{word}事实将送你单位确认，请自收到之日起 {paper.answer_days} 个工作日内确认或者提出异议；"
        f"异议由{word}人员以外的人员答复。{word}结论将反馈你单位。"
    )
    return [f"（{number}）{text}" for number, text in enumerate(demands, 1)]


def _stopped(text: str) -> str:
    """The basis as a sentence of its own."""
    return text if text.endswith(("。", "；", "，")) else f"{text}。"


def _schedule(paper: InspectionNotice) -> Grid:
    rows = (
        (
            str(number),
            visit.unit,
            written(visit.visit_on) if visit.visit_on else "",
            "、".join(visit.checkers),
            str(visit.items),
        )
        for number, visit in enumerate(paper.visits, 1)
    )
    return Grid(
        ("序号", f"被{paper.check_word}单位", f"{paper.check_word}日期", "主查人员", "任务数"),
        tuple(rows),
        _WIDTHS,
        centred=(0, 2, 3, 4),
    )


def _receipt(paper: InspectionNotice) -> Receipt:
    one = len(paper.visits) == 1
    return Receipt(
        f"{paper.check_word}通知回执",
        (
            ("通知编号", paper.named),
            (f"被{paper.check_word}单位", paper.addressee if one else ""),
            ("签收人、时间", paper.received),
            ("联系人、联系电话", ""),
            ("单位负责人（签字）", ""),
        ),
    )
