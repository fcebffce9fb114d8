"""The close-out slip (销号单) of one finding: problem, measures, result, and the word of whoever verified it."""

from tracker.printing.layout import title_lines
from tracker.printing.letter_parts import Grid, Letter
from tracker.printing.wordings import SAMPLE
from tracker.rules.dates import written
from tracker.rules.findings import RectificationPaper
from tracker.rules.refusals import Refusal

_WIDTHS = (36, 120)


def letter(paper: RectificationPaper) -> Letter:
    """Raise Refusal for what is not closed: nothing is to be handed out that says it is."""
    if paper.closed_on is None:
        raise Refusal("该问题尚未销号，销号后才能打印销号单。")
    return Letter(
        title=title_lines(paper.issuer, "问题整改销号单"),
        issuer=paper.issuer,
        dated=paper.closed_on,
        number=paper.named,
        parts=(Grid(("项目", "内容"), _rows(paper), _WIDTHS, centred=(0,)),),
        sample=SAMPLE if paper.sample else "",
    )


def _rows(paper: RectificationPaper) -> tuple[tuple[str, str], ...]:
    assert paper.closed_on is not None  # asked for before
    return (
        ("被检查单位", paper.addressee),
        ("任务", paper.item or "（不针对单项任务）"),
        ("问题来源", paper.source.label),
        (f"{paper.check_word}标准", paper.criterion),
        ("存在问题", paper.problem),
        ("依据", paper.basis),
        ("整改要求", paper.demand),
        ("整改期限", written(paper.due)),
        ("整改措施", paper.measures),
        ("整改结果", paper.result),
        ("佐证材料", "\n".join(paper.evidence) or "无"),
        ("核查情况", paper.verified),
        ("销号日期", written(paper.closed_on)),
    )
