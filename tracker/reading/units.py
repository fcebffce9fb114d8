"""Who is responsible: the units named in a closing bracket, in a line of its own, or in a table's cell."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from tracker.reading import brackets
from tracker.reading.doubts import is_sure
from tracker.reading.passage import Passage
from tracker.reading.plan import ReadUnit


class LeadRule(Enum):
    """How the document tells who leads in a list that has no word for it."""

    FIRST_COMMA = "what stands before the first comma leads; without a comma all do"
    FIRST_NAME = "the first name leads"
    STAR = "the starred name leads"


class Role(Enum):
    RESPONSIBLE = "responsible"  # leads, unless somebody else is said to lead
    LEAD = "lead"
    SUPPORT = "support"
    DEADLINE = "deadline"
    OTHER = "other"


@dataclass(frozen=True)
class Responsibility:
    """What a bracket says: units, the deadline where it names one, and units for all later entries."""

    units: tuple[ReadUnit, ...] = ()
    deadline: Passage | None = None
    for_later: tuple[ReadUnit, ...] = ()

    def __add__(self, other: "Responsibility") -> "Responsibility":
        return Responsibility(
            merged(self.units, other.units), self.deadline or other.deadline, self.for_later or other.for_later
        )


_BODY = "(?:单位|部门|科室|站所|部室|股室|处室|主体|机构|领导|人员|人)"
LABELS = (
    (Role.LEAD, rf"(?:牵头|主责|主办|主要责任)(?:责任)?{_BODY}?"),
    (Role.SUPPORT, rf"(?:配合|协办|协助|参与|参加|协同|支持|试点|实施){_BODY}|(?:配合|协办|协助)(?=\s*[:：】])"),
    (Role.OTHER, r"(?:责任领导|分管领导|牵头领导|责任人员?|联系人|联系电话|备注)"),
    (Role.RESPONSIBLE, rf"(?:责任|承办|负责|落实|完成|承担){_BODY}"),
    (Role.DEADLINE, r"(?:完成|办结|整改|推进|工作|落实|建设|实施|起止)?(?:时限|期限|时间(?:节点|安排|要求)?)(?:要求)?"),
)
_LABEL = re.compile("|".join(f"(?P<{role.name}>{pattern})" for role, pattern in (LABELS[2], *LABELS[:2], *LABELS[3:])))
_FIELD = re.compile(rf"【?(?:{_LABEL.pattern})(?:\s*[:：]|】\s*[:：]?)")
_CLOSING_FIELDS = re.compile(
    rf"(?:^|(?<=[。；;\s]))【?(?:{'|'.join(pattern for _, pattern in LABELS[:4])})\s*[:：】][^。]*"
    rf"(?:。\s*【?(?:{'|'.join(pattern for _, pattern in LABELS)})\s*[:：】][^。]*)*。?\s*$"
)
_LAST_SENTENCE = re.compile(r"(?<=[。；;\n])[^。；;\n]+。?\s*$")
_HEDGED = re.compile("原则|应当|可以|可由|需要")
_CLOSING_WORD = re.compile(r"(?:负责|牵头|落实|配合|承办)\s*(?:[。；;，,].*)?$")

_CLAUSE = re.compile(r"[，,；;。\n]")
_NAMES = re.compile(
    r"[、/\n\s]+|以及|(?<![普涉])及(?!其|时)|"
    r"(?<![高初中同上平])等(?:\d+个|\d+家)?(?=国务院|省|市|县|区|镇|乡|各|有关|相关|其他|其它|部门|单位|科室|\s*$)"
)
_ROLE_WORDS = re.compile(
    r"(?:(?:依照|依据|按照?|根据)(?:各自)?职责(?:分工)?)?(?:分别|共同|具体|各自)?"
    r"(?P<role>(?:负责|牵头|落实|配合|参与|协助|协办|承办|主办|主责|组织|实施)+)(?:负责|落实|实施)?$|(?:按照?|依)(?:各自)?职责(?:分工)?$"
)
_TOGETHER = re.compile("会同")
_LEADING = re.compile("牵头|主办|主责")
_SUPPORTING = re.compile("配合|参与|协助|协办")
_MARKED = re.compile(r"[（(](?P<role>牵头|主办|主责|配合|协办|参与)(?:单位|部门)?[）)]$")
_NOTE = re.compile(
    r"为(?:主?牵头|主要?责任)|下同|同上|不再.{0,4}列出|不分先后|多个牵头|^以下|^排名|职责分工负责$(?<=^.{30})"
)
_TIME = re.compile(r"\d月|\d{4}年|年底|年内|季度|半年|全年|长期|持续|前完成")
_FOR_LATER = re.compile(
    r"^以下(?:各|所有)?(?:项|条)?(?:任务|措施|工作)?(?:均|都)?[需由请](?P<names>.+?)(?:共同|分别)?(?:落实|负责|配合|参与)$"
)
_NO_NAME = frozenset(("部门", "单位", "科室", "部门和单位", "部门单位", "分别", "共同", "无", "—", "-", "/", ""))
_STARS = "*★☆※＊"
_BROKEN_NAME = re.compile(r"(?<=[)）])\s*\n\s*(?![省市县区镇乡各国（(])|(?<=、)\s*\n\s*")
_NEW_LINE = re.compile(r"\s*\n\s*")
_SUFFIX = (
    r"(?:局|委|办|部|厅|科|股|处|室|中心|院|所|站|队|会|社|行|司|集团|镇|乡|街道|政府|单位|部门|机关|党委|支部|窗口|大厅|地区|馆|校|园区?|区|县|市|台|厂|矿|银行|法院|检察院|专班|组)"
    r"(?:[（(][^（）()]*[)）])?"
)
_LONGEST_CLEAR_LIST = 3
_UNIT = re.compile(rf"[^，。；：:“”]{{0,24}}{_SUFFIX}")
# What else ends the name of a unit, a body or a group, so that another word is doubted.
_OTHER_ENDS = (
    "署|县区|乡镇|镇街|村|社区|企业|高校|医院|学校|学院|大学|公安|团体|联盟|国资|人社|财政|税务|分局|大队|支队|总队|总工会|妇联|团委|残联|"
    "侨联|科协|文联|工商联|政法|统战|人大|政协|纪委监委|公司|运营商|供销社|林场|农场"
)
_LIKE_A_NAME = re.compile(rf"[^，。；：？?�“”]{{0,24}}(?:{_SUFFIX}|{_OTHER_ENDS})(?:[（(].*[)）])?")
_LED_IN_TEXT = re.compile(
    rf"由(?P<lead>[^，。；：由]{{1,40}}?{_SUFFIX})牵头(?!、|人|的)(?:[，,、]?(?P<support>[^，。；：]{{1,60}}?{_SUFFIX})(?:配合|参与|协助))?"
)


def lead_rule(text: str) -> LeadRule:
    """The rule that the document states for its lists, wherever it states it."""
    if re.search(rf"[（(〔]\s*(?:{_FIELD.pattern})?\s*[{re.escape(_STARS)}]\s*[\u4e00-\u9fff]", text) or re.search(
        rf"(?:带|加|标|注)\s*“?[{re.escape(_STARS)}星].{{0,8}}牵头", text
    ):
        return LeadRule.STAR
    if re.search(
        r"(?:列|排|居)(?:在)?第?[一首]位(?:者|的)?(?:单位|部门|科室)?为.{0,3}牵头|第一个(?:单位|部门|科室)为.{0,2}牵头|首位.{0,5}为牵头",
        text,
    ):
        return LeadRule.FIRST_NAME
    return LeadRule.FIRST_COMMA


def in_brackets(text: str) -> list[tuple[int, int]]:
    """Where the brackets that name units start and end."""
    found = [(start, end) for start, end in brackets.top_level(text) if names_units(text[start + 1 : end - 1])]
    if not found:
        found = [(start, end) for start, end in brackets.top_level(text) if _closes_with_names(text, start, end)]
    return found


def names_units(content: str) -> bool:
    """Whether a bracket or line is about responsibility: by its label, or by a name and its last word."""
    content = content.strip()
    if _FIELD.match(content):
        return True
    if "：" in content or _HEDGED.search(content) or not _CLOSING_WORD.search(content):
        return False
    clauses = brackets.split(Passage.of(content), _CLAUSE)
    return any(_UNIT.fullmatch(name.text) for clause in clauses for name in _names(clause))


def closing_fields(text: str) -> int | None:
    """Where responsibility without a bracket begins that ends a text: 责任单位：…；完成时限：…, or A牵头，B配合。"""
    match = _CLOSING_FIELDS.search(text)
    if match is None:
        match = _LAST_SENTENCE.search(text)
        return match.start() if match and _tells_roles(match[0]) else None
    return match.start()


def names_responsible(line: str) -> bool:
    """Whether a line is only about who is responsible: by its label, or as A牵头，B配合。"""
    return labelled(line) is not None or _tells_roles(line)


def _tells_roles(sentence: str) -> bool:
    """A牵头，B、C配合。: every clause is names and the word for their role."""
    clauses = list(brackets.split(Passage.of(sentence.strip("。 \n")), _CLAUSE))
    if not any(_LEADING.search(_role_words(clause.text.strip())) for clause in clauses):
        return False
    return not sentence.startswith("由") and all(_is_role_clause(clause.strip()) for clause in clauses)


def _is_role_clause(clause: Passage) -> bool:
    names = [name.text for name in _names(clause)]
    return bool(_ROLE_WORDS.search(clause.text) and names) and all(_UNIT.fullmatch(name) for name in names)


def _closes_with_names(text: str, start: int, end: int) -> bool:
    """Whether nothing but unit names stands in a bracket after the last sentence."""
    if text[end:].strip(" 。\n") or not text[:start].rstrip().endswith(("。", "；", ";")):
        return False
    said = re.split(r"[、，,；;]", text[start + 1 : end - 1])
    names = [name.strip() for name in said if not _TIME.search(name)]
    return bool(names) and all(_UNIT.fullmatch(name) for name in names)


def labelled(text: str) -> Role | None:
    """The role that a line's or a column's label gives, e.g. 责任单位：…"""
    match = _FIELD.match(text.strip())
    return Role[match.lastgroup] if match and match.lastgroup else None


def role_of_heading(text: str) -> Role | None:
    """The role of a table's column, by its heading."""
    match = _LABEL.search(re.sub(r"\s", "", text))
    return Role[match.lastgroup] if match and match.lastgroup else None


def read(content: Passage, rule: LeadRule) -> Responsibility:
    """Read what stands in a bracket, or after a label on a line."""
    fields = list(_fields(content))
    leads = any(role is Role.LEAD and piece.text.strip() for role, piece in fields)
    found = Responsibility()
    for role, piece in fields:
        if role is Role.DEADLINE:
            found += Responsibility(deadline=piece.strip(" ；;，,。"))
        elif role is Role.LEAD or role is Role.SUPPORT:
            found += Responsibility(tuple(_all(piece, f"{role.value}-label", lead=role is Role.LEAD)))
        elif role is Role.RESPONSIBLE or (role is Role.OTHER and _are_units(piece)):
            units = _all(piece, "beside-lead", lead=False) if leads else _by_words(piece, rule)
            found += Responsibility(tuple(units), _time(piece), tuple(_for_later(piece)))
    return found


def read_cells(
    responsible: Passage | None, leading: Passage | None, supporting: Passage | None, rule: LeadRule
) -> tuple[ReadUnit, ...]:
    """Read a table's cells; where the cell of the leading unit is empty, the others lead."""
    lead = read(_in_one_line(leading), rule).units if leading else ()
    units = tuple(_ruled(unit, "lead-column", lead=True) for unit in lead)
    others = [cell for cell in (responsible, supporting) if cell and cell.text.strip()]
    for cell in others:
        read_units = read(_in_one_line(cell), rule).units
        if units:
            read_units = tuple(_ruled(unit, "other-column", lead=False) for unit in read_units)
        units = merged(units, read_units)
    return units


def _in_one_line(cell: Passage) -> Passage:
    """A cell with a name on each line, as a list; a name that was broken after 各县（市、区） whole again."""
    if re.search("[，,；;：:]|牵头|配合", cell.text):
        return cell
    return cell.sub(_BROKEN_NAME, "").sub(_NEW_LINE, "、")


def led_in_text(task: Passage) -> tuple[ReadUnit, ...]:
    """由…牵头 in running text, the only way in which a sentence names a unit as responsible."""
    units: list[ReadUnit] = []
    for match in _LED_IN_TEXT.finditer(task.text):
        units += _all(task.group(match, "lead"), "led-in-text", lead=True)
        if match["support"]:
            units += _all(task.group(match, "support"), "led-in-text", lead=False)
    return tuple(units)


def merged(units: tuple[ReadUnit, ...], more: tuple[ReadUnit, ...]) -> tuple[ReadUnit, ...]:
    """Both, each name once."""
    names = {unit.name for unit in units}
    return units + tuple(unit for unit in more if unit.name not in names)


def _fields(content: Passage) -> Iterator[tuple[Role, Passage]]:
    """The content, cut at its labels."""
    labels = list(brackets.outside(content.text, _FIELD))
    if not labels or labels[0].start() > 0:
        yield Role.RESPONSIBLE, content[: labels[0].start() if labels else len(content)]
    for label, following in zip(labels, [*labels[1:], None], strict=False):
        end = following.start() if following else len(content)
        yield Role[label.lastgroup or "OTHER"], content[label.end() : end]


def _are_units(piece: Passage) -> bool:
    """Whether a label of persons (责任人：水利站) names units all the same."""
    names = [name.text for clause in _clauses(piece) for name in _names(clause)]
    return bool(names) and all(len(name) > 2 and _UNIT.fullmatch(name) for name in names)


def _by_words(piece: Passage, rule: LeadRule) -> list[ReadUnit]:
    """A list whose roles are told by words (A牵头，B负责), by a star, by the first place or the first comma."""
    pairs = list(_with_words(piece))
    clauses, words = [clause for clause, _ in pairs], [word for _, word in pairs]
    named = [list(_names(clause)) for clause in clauses]
    if marked := _by_marks([name for names in named for name in names]):
        return marked
    if any(_LEADING.search(word) for word in words):
        said, leads = "role-words", [bool(_LEADING.search(word)) for word in words]
    elif any(_SUPPORTING.search(word) for word in words):
        said, leads = "role-words", [not _SUPPORTING.search(word) for word in words]
    elif rule is not LeadRule.FIRST_COMMA:
        return _by_place([name for names in named for name in names], rule)
    else:
        said, leads = _rule_of_list(named, words), [place == 0 for place in range(len(clauses))]
    return [_unit(name, lead, said) for names, lead in zip(named, leads, strict=True) for name in names]


def _by_marks(names: Sequence[Passage]) -> list[ReadUnit]:
    """县财政局（牵头）、县税务局: each name may carry the word for its role; nothing where none does."""
    marks = [_MARKED.search(name.text) for name in names]
    roles = [mark["role"] if mark else "" for mark in marks]
    some_lead = any(map(_LEADING.search, roles))
    if not some_lead and not any(roles):
        return []
    leads = [bool(_LEADING.search(role)) if some_lead else not role for role in roles]
    bare = [name[: mark.start()] if mark else name for name, mark in zip(names, marks, strict=True)]
    return [_unit(name, lead, "role-words") for name, lead in zip(bare, leads, strict=True)]


def _with_words(piece: Passage) -> Iterator[tuple[Passage, str]]:
    """The clauses with their words for a role; A会同B: A leads, B joins in."""
    for clause in _clauses(piece):
        together = next(brackets.outside(clause.text, _TOGETHER), None)
        if together:
            yield clause[: together.start()], "牵头"
            yield clause[together.end() :], "配合"
        else:
            yield clause, _role_words(clause.text)


def _rule_of_list(named: list[list[Passage]], words: list[str]) -> str:
    """By what a list without a word for leading was read: its commas, or that all in it lead."""
    if len(named) > 1:
        return "commas-only" if len(named) > 2 and all(len(names) == 1 for names in named) else "comma-leads"
    is_short = len(named[0]) <= _LONGEST_CLEAR_LIST if named else True
    return "all-lead" if is_short or any(words) else "long-list"


def _by_place(names: list[Passage], rule: LeadRule) -> list[ReadUnit]:
    said = rule.name.lower().replace("_", "-")
    starred = [name.text[0] in _STARS for name in names]
    if rule is LeadRule.STAR and not any(starred):
        return [_unit(name, True, said) for name in names]
    leads = starred if rule is LeadRule.STAR else [place == 0 for place in range(len(names))]
    return [_unit(name, lead, said) for name, lead in zip(names, leads, strict=True)]


def _all(piece: Passage, rule: str, *, lead: bool) -> list[ReadUnit]:
    return [_unit(name, lead, rule) for clause in _clauses(piece) for name in _names(clause)]


def _clauses(piece: Passage) -> Iterator[Passage]:
    """The clauses that hold names: not the notes, and not the time."""
    for clause in brackets.split(piece, _CLAUSE):
        clause = clause.strip()
        if not _NOTE.search(clause.text) and not _TIME.search(clause.text):
            yield clause


def _time(piece: Passage) -> Passage | None:
    """The clause of a list of units that says by when: （县财政局牵头，4月底前完成）."""
    return next((clause.strip() for clause in brackets.split(piece, _CLAUSE) if _TIME.search(clause.text)), None)


def _names(clause: Passage) -> Iterator[Passage]:
    clause = clause.strip()
    words = _ROLE_WORDS.search(clause.text)
    clause = clause[: words.start()] if words else clause
    if clause.text.startswith("由"):
        clause = clause[1:]
    for name in brackets.split(clause, _NAMES):
        name = name.strip(" 　.。:：")
        if name.text not in _NO_NAME:
            yield name


def _role_words(clause: str) -> str:
    match = _ROLE_WORDS.search(clause)
    return (match["role"] or "") if match else ""


def _for_later(piece: Passage) -> Iterator[ReadUnit]:
    for clause in brackets.split(piece, _CLAUSE):
        clause = clause.strip()
        if match := _FOR_LATER.search(clause.text):
            yield from _all(clause.group(match, "names"), "for-later", lead=False)


def _unit(name: Passage, lead: bool, rule: str) -> ReadUnit:
    name = name.strip(_STARS + " ")
    if not _LIKE_A_NAME.fullmatch(name.text):
        rule = "odd-name"
    return ReadUnit(name.text, lead, name.span, rule, is_sure(rule))


def _ruled(unit: ReadUnit, rule: str, *, lead: bool) -> ReadUnit:
    """A unit whose column says whether it leads; a name that is odd stays so."""
    rule = unit.rule if unit.rule == "odd-name" else rule
    return replace(unit, lead=lead, rule=rule, sure=is_sure(rule))
