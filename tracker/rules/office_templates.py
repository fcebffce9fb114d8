"""The office's own Word files for papers: which papers may have one, and what its placeholders may name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.rules import paper_fields
from tracker.rules.dates import written
from tracker.rules.findings import RectificationPaper
from tracker.rules.notices import NoticeKind, NoticePaper
from tracker.rules.paper_defaults import PaperText
from tracker.rules.paper_fields import Rows, Value
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.snapshots import Snapshot

MOST_BYTES = 5_000_000


class TemplateKind(StrEnum):
    """The papers that may be set in a Word file of the office's own; the words are those of `flask print KIND`."""

    CIRCULAR = "circular"
    LEADERS_REPORT = "leaders-report"
    RECTIFICATION_NOTICE = "rectification-notice"
    URGING = "urging-notice"
    SUPERVISION = "supervision-notice"
    OVERDUE_CIRCULAR = "overdue-circular"
    TALK = "talk-notice"

    @property
    def label(self) -> str:
        if self is TemplateKind.OVERDUE_CIRCULAR:
            return "逾期任务通报"  # beside the 情况通报 of a quarter the ladder's own word would not tell it apart
        return self.step.label if self.step else PaperKind(self.value).label

    @property
    def step(self) -> NoticeKind | None:
        """Which paper of the ladder it is."""
        return _STEPS.get(self)

    @property
    def text(self) -> PaperText | None:
        """The text that the paper is written from, where it writes itself."""
        return next((text for text in PaperText if text.value == self.value), None)

    @property
    def group(self) -> str:
        """Under which word the page lists it."""
        return "催办督办" if self.step else "季度文书"


_STEPS = {
    TemplateKind.URGING: NoticeKind.URGING,
    TemplateKind.SUPERVISION: NoticeKind.SUPERVISION,
    TemplateKind.OVERDUE_CIRCULAR: NoticeKind.CIRCULAR,
    TemplateKind.TALK: NoticeKind.TALK,
}


def kind_of_step(step: NoticeKind) -> TemplateKind:
    return next(kind for kind, each in _STEPS.items() if each is step)


@dataclass(frozen=True)
class Placeholder:
    """A name that a Word file may have in {{ }}; `columns` where it is a list, to be gone through by {% for %}.

    One with `pages` says where whole pages go: it has a paragraph of the letter to itself.
    """

    name: str
    about: str
    columns: tuple[str, ...] = ()
    pages: bool = False


# What a letter is made of besides the figures.
_OF_LETTER = (
    Placeholder("标题", "文书的标题"),
    Placeholder("文号", "文书的编号；没有编号的为空"),
    Placeholder("收文单位", "主送单位"),
    Placeholder("发文单位", "发文的办公室"),
    Placeholder("发文日期", "如 2025年4月25日"),
)
_BODY = Placeholder("正文", "按“文书文字”写成的正文，逐段", ("文字", "级别"))
_LISTED = Placeholder("附件说明", "附件的名称，每个一行，两个以上的带序号；没有附件的为空")
ANNEXES = Placeholder("附件", "附件的位置：各张附表从新的一页印起；模板中没有写的，接在全文之后", pages=True)
RECEIPT = Placeholder("回执", "回执的位置：另起一页；模板中没有写、也没有自带回执的，接在全文之后", pages=True)

_RECTIFICATION: tuple[tuple[str, str, Callable[[RectificationPaper], str]], ...] = (
    ("任务", "问题涉及的任务", lambda paper: paper.item),
    ("检查称谓", "检查或督查", lambda paper: paper.check_word),
    ("来源", "问题来源", lambda paper: paper.source.label),
    ("标准", "检查内容", lambda paper: paper.criterion),
    ("问题", "存在的问题", lambda paper: paper.problem),
    ("依据", "检查依据", lambda paper: paper.basis),
    ("要求", "整改要求", lambda paper: paper.demand),
    ("期限", "整改期限", lambda paper: written(paper.due)),
    ("措施", "单位报送的整改措施", lambda paper: paper.measures),
    ("结果", "单位报送的整改结果", lambda paper: paper.result),
)
_NOTICE: tuple[tuple[str, str, Callable[[NoticePaper], str | int]], ...] = (
    ("文书", "催办单、督办单、通报或约谈通知", lambda paper: paper.kind.label),
    ("事由", "发文的事由", lambda paper: paper.matter),
    ("依据", "发文的依据，末句写明所属计划", lambda paper: paper.opening),
    ("要求", "办理要求", lambda paper: paper.demand),
    ("回复期限", "如 2025年4月25日", lambda paper: written(paper.reply_due)),
    ("事项数", "所列逾期事项的个数", lambda paper: len(paper.matters)),
    ("签收人", "单位的签收人；尚未签收的为空", lambda paper: paper.received_by),
    ("签收日期", "单位签收的日期；尚未签收的为空", lambda paper: paper.received_on),
    ("办理情况", "单位回复的办理情况；尚未回复的为空", lambda paper: paper.reply),
)
_MATTERS = Placeholder("事项", "所列的逾期事项，逐项", ("任务", "应办事项", "期限", "逾期天数"))


def placeholders(kind: TemplateKind) -> tuple[Placeholder, ...]:
    if kind is TemplateKind.RECTIFICATION_NOTICE:
        return (*_OF_LETTER, *(Placeholder(name, about) for name, about, _ in _RECTIFICATION), RECEIPT)
    if kind.step:
        return (*_OF_LETTER, *(Placeholder(name, about) for name, about, _ in _NOTICE), _MATTERS, RECEIPT)
    figures = (Placeholder(field.name, field.about, field.columns) for field in paper_fields.FIELDS)
    return (*_OF_LETTER, _BODY, _LISTED, ANNEXES, *figures)


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


def of_quarter(snapshot: Snapshot, letter: LetterFacts, body: Rows, annexes: str) -> Mapping[str, Value]:
    """`annexes` are their names, one to a line."""
    return {**paper_fields.values(snapshot), **letter.values, _BODY.name: body, _LISTED.name: annexes}


def of_rectification(paper: RectificationPaper, letter: LetterFacts) -> Mapping[str, Value]:
    return {**{name: value(paper) for name, _, value in _RECTIFICATION}, **letter.values}


def of_notice(paper: NoticePaper, letter: LetterFacts) -> Mapping[str, Value]:
    matters: Rows = tuple(
        {"任务": matter.task, "应办事项": matter.label, "期限": written(matter.due), "逾期天数": matter.days}
        for matter in paper.matters
    )
    return {**{name: value(paper) for name, _, value in _NOTICE}, **letter.values, _MATTERS.name: matters}


@dataclass(frozen=True)
class Misplaced:
    """What is wrong in a Word file, and where it stands."""

    place: str
    what: str

    @property
    def sentence(self) -> str:
        return f"{self.place}：{self.what}" if self.place else self.what
