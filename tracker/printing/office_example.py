"""Word files to begin with: the official page with placeholders in it, which an office changes into its own."""

from datetime import date

from docx.document import Document

from tracker.printing import letter_docx, notice
from tracker.printing.letter_parts import Grid, Letter, Paragraph
from tracker.printing.word import official, saved
from tracker.printing.word_styles import STYLES
from tracker.rules.office_templates import ANNEXES, RECEIPT, TemplateKind

_DAY = date(2000, 1, 1)
_ISSUER = "{{ 发文单位 }}"


def example(kind: TemplateKind) -> bytes:
    document = official(f"{kind.label}模板", "", _DAY)
    quarter = kind.text is not None
    letter_docx.write(document, _letter(_parts(kind)), new_page=False)
    if quarter:
        _name_annexes(document)
    _last(document, ANNEXES.name if quarter else RECEIPT.name)
    return saved(document)


def _letter(parts: tuple[Paragraph | Grid, ...]) -> Letter:
    return Letter(
        title=("{{ 标题 }}",),
        issuer=_ISSUER,
        dated=_DAY,
        number="{{ 文号 }}",
        addressee="{{ 收文单位 }}",
        parts=parts,
        written_day="{{ 发文日期 }}",
    )


def _parts(kind: TemplateKind) -> tuple[Paragraph | Grid, ...]:
    if kind.step:
        return _NOTICE
    return _RECTIFICATION if kind is TemplateKind.RECTIFICATION_NOTICE else _QUARTER


def _name_annexes(document: Document) -> None:
    """附件：1.… a line below the text, where there are any; two more stay free above the issuer."""
    lines = document.paragraphs
    free = lines[next(place for place, line in enumerate(lines) if line.text == _ISSUER) - 2]
    for text in ("{%p if 附件说明 %}", "", "附件：{{ 附件说明 }}", "{%p endif %}"):
        named = free.insert_paragraph_before(text, STYLES["body"])
        if text.startswith("附件"):
            letter_docx.hang(named, first=True)


def _last(document: Document, name: str) -> None:
    document.add_paragraph(f"{{{{ {name} }}}}", STYLES["body"])


_QUARTER: tuple[Paragraph | Grid, ...] = (
    Paragraph("{%p for 段 in 正文 %}"),
    Paragraph("{%p if 段.级别 == 1 %}"),
    Paragraph("{{ 段.文字 }}", 1),
    Paragraph("{%p elif 段.级别 == 2 %}"),
    Paragraph("{{ 段.文字 }}", 2),
    Paragraph("{%p else %}"),
    Paragraph("{{ 段.文字 }}"),
    Paragraph("{%p endif %}"),
    Paragraph("{%p endfor %}"),
)
_RECTIFICATION: tuple[Paragraph | Grid, ...] = (
    Paragraph("经{{ 来源 }}，发现你单位在“{{ 标准 }}”方面存在问题，现通知你单位限期整改。"),
    Paragraph("一、存在问题", 1),
    Paragraph("{{ 问题 }}"),
    Paragraph("二、检查依据", 1),
    Paragraph("{{ 依据 }}"),
    Paragraph("三、整改要求", 1),
    Paragraph("{{ 要求 }}"),
    Paragraph("请于{{ 期限 }}前完成整改，并报送整改结果。"),
)
_NOTICE: tuple[Paragraph | Grid, ...] = (
    Paragraph("{{ 依据 }}"),
    Grid(
        notice.HEAD,
        (
            ("{%tr for 项 in 事项 %}", "", "", "", ""),
            ("{{ loop.index }}", "{{ 项.任务 }}", "{{ 项.应办事项 }}", "{{ 项.期限 }}", "{{ 项.逾期天数 }} 天"),
            ("{%tr endfor %}", "", "", "", ""),
        ),
        notice.WIDTHS,
        centred=(0, 3, 4),
    ),
    Paragraph("{{ 要求 }}"),
    Paragraph("请于{{ 回复期限 }}前回复。"),
)
