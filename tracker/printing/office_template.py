"""A paper set in the office's own Word file.  Only files that `reading.office_template` found right come here."""

from collections.abc import Mapping
from datetime import date, datetime, time
from io import BytesIO

import docxtpl
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tracker.printing import letter as built_in
from tracker.printing import rectification
from tracker.printing.letter_parts import Grid, Letter, Paragraph
from tracker.printing.text import printable_throughout
from tracker.printing.word import packed
from tracker.rules import office_templates as rules
from tracker.rules.findings import RectificationPaper
from tracker.rules.office_templates import LetterFacts
from tracker.rules.paper_fields import Rows, Value
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.snapshots import Snapshot


def of_quarter(template: bytes, snapshot: Snapshot, letter: Letter) -> bytes:
    said = (part for part in letter.parts if isinstance(part, Paragraph))
    body: Rows = tuple({"文字": part.text, "级别": part.level} for part in said)
    return docx(template, rules.of_quarter(snapshot, _facts(letter), body), letter.dated)


def of_notice(template: bytes, paper: RectificationPaper) -> bytes:
    return docx(template, rules.of_notice(paper, _facts(rectification.letter(paper))), paper.dated)


def _facts(letter: Letter) -> LetterFacts:
    return LetterFacts("\n".join(letter.title), letter.number, letter.addressee, letter.issuer, letter.day)


def docx(template: bytes, values: Mapping[str, Value], as_of: date) -> bytes:
    """Placeholders filled, characters of XML escaped; the same bytes for the same words."""
    opened = docxtpl.DocxTemplate(BytesIO(template))
    shown = printable_throughout(dict(values))
    names = {name: _Listed(value) if isinstance(value, list) else value for name, value in shown.items()}
    opened.render(names, ImmutableSandboxedEnvironment(autoescape=True))
    properties = opened.docx.core_properties
    properties.created = properties.modified = datetime.combine(as_of, time())
    written = BytesIO()
    opened.save(written)
    return packed(written, as_of)


class _Listed(list[Mapping[str, str | int]]):
    """A list that reads by the first column of its rows where it is named by itself."""

    def __str__(self) -> str:
        return "、".join(dict.fromkeys(str(next(iter(row.values()))) for row in self))


# A file to begin with


def example(kind: PaperKind) -> bytes:
    """A Word file on the official page with placeholders in it, which an office changes into its own."""
    parts = _NOTICE if kind is PaperKind.RECTIFICATION_NOTICE else _QUARTER
    letter = Letter(
        title=("{{ 标题 }}",),
        issuer="{{ 发文单位 }}",
        dated=date(2000, 1, 1),
        number="{{ 文号 }}",
        addressee="{{ 收文单位 }}",
        parts=parts,
        written_day="{{ 发文日期 }}",
    )
    return built_in.docx([letter])


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
    Grid(
        ("序号", "单位", "任务", "逾期天数"),
        (
            ("{%tr for 项 in 逾期任务 %}", "", "", ""),
            ("{{ loop.index }}", "{{ 项.单位 }}", "{{ 项.任务 }}", "{{ 项.天数 }}"),
            ("{%tr endfor %}", "", "", ""),
        ),
        (14, 42, 76, 24),
        "逾期任务",
        centred=(0, 3),
    ),
    Paragraph("特此通报。"),
)
_NOTICE: tuple[Paragraph | Grid, ...] = (
    Paragraph("经{{ 来源 }}，发现你单位在“{{ 标准 }}”方面存在问题，现通知你单位限期整改。"),
    Paragraph("一、存在问题", 1),
    Paragraph("{{ 问题 }}"),
    Paragraph("二、检查依据", 1),
    Paragraph("{{ 依据 }}"),
    Paragraph("三、整改要求", 1),
    Paragraph("{{ 要求 }}"),
    Paragraph("请于{{ 期限 }}前完成整改，并报送整改结果。"),
)
