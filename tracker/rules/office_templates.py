"""The office's own Word files for papers: which kinds may have one, and what its placeholders may name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracker.rules import paper_fields
from tracker.rules.dates import written
from tracker.rules.findings import RectificationPaper
from tracker.rules.paper_fields import Rows, Value
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.snapshots import Snapshot

KINDS = (PaperKind.CIRCULAR, PaperKind.LEADERS_REPORT, PaperKind.RECTIFICATION_NOTICE)
MOST_BYTES = 5_000_000


@dataclass(frozen=True)
class Placeholder:
    """A name that a Word file may have in {{ }}; `columns` where it is a list, to be gone through by {% for %}."""

    name: str
    about: str
    columns: tuple[str, ...] = ()


# What a letter is made of besides the figures.
_OF_LETTER = (
    Placeholder("标题", "文书的标题"),
    Placeholder("文号", "文书的编号；没有编号的为空"),
    Placeholder("收文单位", "主送单位"),
    Placeholder("发文单位", "发文的办公室"),
    Placeholder("发文日期", "如 2025年4月25日"),
)
_BODY = Placeholder("正文", "按“文书文字”写成的正文，逐段", ("文字", "级别"))

_NOTICE: tuple[tuple[str, str, Callable[[RectificationPaper], str]], ...] = (
    ("任务", "问题涉及的任务", lambda paper: paper.item),
    ("检查称谓", "检查或督查", lambda paper: paper.check_word),
    ("来源", "问题来源", lambda paper: paper.source.label),
    ("标准", "检查标准", lambda paper: paper.criterion),
    ("问题", "存在的问题", lambda paper: paper.problem),
    ("依据", "检查依据", lambda paper: paper.basis),
    ("要求", "整改要求", lambda paper: paper.demand),
    ("期限", "整改期限", lambda paper: written(paper.due)),
    ("措施", "单位报送的整改措施", lambda paper: paper.measures),
    ("结果", "单位报送的整改结果", lambda paper: paper.result),
)


def placeholders(kind: PaperKind) -> tuple[Placeholder, ...]:
    if kind is PaperKind.RECTIFICATION_NOTICE:
        return (*_OF_LETTER, *(Placeholder(name, about) for name, about, _ in _NOTICE))
    figures = (Placeholder(field.name, field.about, field.columns) for field in paper_fields.FIELDS)
    return (*_OF_LETTER, _BODY, *figures)


@dataclass(frozen=True)
class LetterFacts:
    title: str
    number: str
    addressee: str
    issuer: str
    day: str

    @property
    def values(self) -> dict[str, Value]:
        told = (self.title, self.number, self.addressee, self.issuer, self.day)
        return {place.name: text for place, text in zip(_OF_LETTER, told, strict=True)}


def of_quarter(snapshot: Snapshot, letter: LetterFacts, body: Rows) -> Mapping[str, Value]:
    return {**paper_fields.values(snapshot), **letter.values, _BODY.name: body}


def of_notice(paper: RectificationPaper, letter: LetterFacts) -> Mapping[str, Value]:
    return {**{name: value(paper) for name, _, value in _NOTICE}, **letter.values}


@dataclass(frozen=True)
class Misplaced:
    """What is wrong in a Word file, and where it stands."""

    place: str
    what: str

    @property
    def sentence(self) -> str:
        return f"{self.place}：{self.what}" if self.place else self.what
