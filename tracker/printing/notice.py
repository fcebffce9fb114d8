"""A notice of the ladder (催办单, 督办单, 通报, 约谈通知) as an official letter with its receipt."""

from tracker.printing.layout import title_lines
from tracker.printing.letter_parts import Grid, Letter, Paragraph, Receipt
from tracker.rules.dates import written
from tracker.rules.notices import NoticeKind, NoticePaper, number_of

_TITLES = {
    NoticeKind.URGING: ("关于催办", "逾期任务的", "通知"),
    NoticeKind.SUPERVISION: ("关于督办", "逾期任务的", "通知"),
    NoticeKind.CIRCULAR: ("关于逾期任务", "办理情况的", "通报"),
    NoticeKind.TALK: ("关于约谈的", "通知"),
}
HEAD = ("序号", "任务", "应办事项", "应于", "已逾期")
WIDTHS = (11, 57, 38, 32, 18)


def letter(paper: NoticePaper) -> Letter:
    """Title, number, addressee; matters as a table; demand and last day; the receipt to be filled in."""
    number = number_of(paper.kind, paper.year, paper.number) if paper.number else f"{paper.kind.short}（未编号）"
    return Letter(
        title=title_lines(paper.issuer, *_TITLES[paper.kind]),
        issuer=paper.issuer,
        dated=paper.issued_on,
        number=number,
        addressee=paper.addressee,
        parts=(
            Paragraph(paper.opening),
            Grid(
                HEAD,
                tuple(
                    (str(place), matter.task, matter.label, written(matter.due), f"{matter.days} 天")
                    for place, matter in enumerate(paper.matters, 1)
                ),
                WIDTHS,
                centred=(0, 3, 4),
            ),
            Paragraph(paper.demand),
            Paragraph(f"请于{written(paper.reply_due)}前回复。"),
        ),
        receipt=_receipt(paper, number),
        sample="示例数据" if paper.sample else "",
    )


def _receipt(paper: NoticePaper, number: str) -> Receipt:
    signed = f"{paper.received_by}　{paper.received_on}" if paper.received_by else ""
    return Receipt(
        f"{paper.kind.label}回执",
        (
            ("文书编号", number),
            ("事由", paper.matter),
            ("收文单位", paper.addressee),
            ("签收人、时间", signed),
            ("办理情况", paper.reply),
            ("单位负责人（签字）", ""),
        ),
    )
