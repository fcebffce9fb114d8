"""An office's own Word file for a paper, before it is taken: is it safe, and does it name only what there is.

Of Jinja's language it may use a name, a list's column, {% for %} and {% if %}: whatever else could be written there is
refused, so that printing from a template evaluates nothing.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from tracker.reading import archive
from tracker.rules.office_templates import Misplaced
from tracker.rules.refusals import Invalid

Names = Mapping[str, tuple[str, ...]]
Element = Any

DEEPEST = 3  # lists and conditions within each other
MOST_FAULTS = 30
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FORBIDDEN = ("vbaproject", "activex", "embeddings/", "oleobject", "afchunk", "customui", "attachedtoolbars")
_FETCHING = re.compile(r"\b(INCLUDETEXT|INCLUDEPICTURE|DDE|DDEAUTO|LINK|IMPORT|MACROBUTTON|DATABASE)\b", re.I)
_TOKEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)
_LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}")
_NOT_WORD = "这不是 Word 文档（.docx）。请在 Word 或 WPS 中另存为 .docx 后再上传。"
_UNSAFE = "文档里有{what}，不能用作模板。请去掉后另存为 .docx 再上传。"
_NO_PLACE = "文档里没有占位符，印出的每一份都会一样。请从范例改起，或在要填写的地方写上“{{ 标题 }}”这样的占位符"
_LOGIC = (nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Const)
_ALLOWED = (nodes.If, nodes.Template, nodes.Output, nodes.TemplateData, *_LOGIC)
_RAW = re.compile(r"\{\{(?:r|p|tr|tc)\s")  # of the library: what it names goes in as it is, and breaks the file
_UNREADABLE = "占位符写得不对，或者 for 与 endfor、if 与 endif 没有成对"
_UNKNOWN_WAY = "不支持“{way}”这种写法。占位符里只能写字段名、清单的栏目，以及 for 和 if"


def faults(data: bytes, names: Names) -> list[Misplaced]:
    """Every unknown or misused placeholder with its place; raise Invalid for a file that is not safe, or no DOCX."""
    members = archive.members(data)
    if "word/document.xml" not in members:
        raise Invalid(_NOT_WORD)
    _check_members(members)
    parts = _parts(data)
    found = [fault for place, body in parts for fault in _paragraphs(place, body)]
    if not any(_TOKEN.search(text) for place, body in parts for _, text in _placed(place, body)):
        found.append(Misplaced("", _NO_PLACE))
    if not found:
        found = list(_wrong_names(data, parts, names))
    return found[:MOST_FAULTS]


def _check_members(members: frozenset[str]) -> None:
    for name in members:
        if any(word in name.lower() for word in _FORBIDDEN):
            raise Invalid(_UNSAFE.format(what="宏、控件或嵌入的对象"))


def _parts(data: bytes) -> list[tuple[str, Element]]:
    """Body, headers and footers, with what they are called; raise Invalid where one reaches outside."""
    import docx

    try:
        opened = docx.Document(BytesIO(data))
    except MemoryError:
        raise
    except Exception as error:  # whatever the library's parts raise
        raise Invalid(archive.DAMAGED) from error
    for part in opened.part.package.iter_parts():
        if any(relation.is_external for relation in part.rels.values()):
            raise Invalid(_UNSAFE.format(what="指向外部的链接"))
    parts = [("正文", opened.element.body)]
    for relation in opened.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if kind in ("header", "footer"):
            parts.append(({"header": "页眉", "footer": "页脚"}[kind], relation.target_part.element))
    if any(_FETCHING.search(each.text or "") for _, body in parts for each in body.iter(f"{_W}instrText")):
        raise Invalid(_UNSAFE.format(what="从外部取内容的域"))
    return parts


def _paragraphs(place: str, body: Element) -> Iterator[Misplaced]:
    """Braces that have no partner, and what goes in raw."""
    for where, text in _placed(place, body):
        for raw in _RAW.findall(text):
            yield Misplaced(where, f"不支持“{raw.strip()}”这种写法，请写成“{{{{ 字段名 }}}}”")
        for loose in _LOOSE.findall(_TOKEN.sub("", text)):
            yield Misplaced(where, f"“{loose}”没有配对；一个占位符要写在同一段里")


def _placed(place: str, body: Element) -> Iterator[tuple[str, str]]:
    """Every paragraph with where it stands, as a person counts."""
    number = table = 0
    for block in body:
        if block.tag == f"{_W}p":
            number += 1
            yield f"{place}第{number}段", _text(block)
        elif block.tag == f"{_W}tbl":
            table += 1
            for row_number, row in enumerate(block.iter(f"{_W}tr"), 1):
                for column, cell in enumerate(row.iter(f"{_W}tc"), 1):
                    for paragraph in cell.iter(f"{_W}p"):
                        yield f"{place}第{table}个表格第{row_number}行第{column}列", _text(paragraph)
        else:
            for paragraph in block.iter(f"{_W}p"):
                yield place, _text(paragraph)


def _text(paragraph: Element) -> str:
    return "".join(each.text or "" for each in paragraph.iter(f"{_W}t"))


# Names


def _wrong_names(data: bytes, parts: list[tuple[str, Element]], names: Names) -> Iterator[Misplaced]:
    template, environment = DocxTemplate(BytesIO(data)), SandboxedEnvironment()
    for place, body in parts:
        source = template.patch_xml(etree.tostring(body, encoding="unicode"))
        places = _Places(place, body, source)
        try:
            tree = environment.parse(places.source)
        except TemplateSyntaxError as error:
            yield Misplaced(places.of(error.lineno), _UNREADABLE)
            continue
        reading = _Names(names)
        reading.read(tree, {}, 0)
        yield from (Misplaced(places.of(line), what) for line, what in dict.fromkeys(reading.wrong))


class _Places:
    """Where each placeholder of a part stands.

    The parser tells lines: so every placeholder gets a line of its own, in the order in which a person meets them.
    """

    def __init__(self, place: str, body: Element, source: str) -> None:
        self._part = place
        self.source = _TOKEN.sub(lambda token: "\n" + token[0].replace("\n", " "), source.replace("\n", " "))
        self._where = [where for where, text in _placed(place, body) for _ in _TOKEN.findall(text)]
        if len(self._where) != len(_TOKEN.findall(source)):  # text boxes, tables within tables
            self._where = []

    def of(self, line: int) -> str:
        """Lines count from 1, and the first placeholder stands on the second."""
        return self._where[line - 2] if 0 <= line - 2 < len(self._where) else self._part


class _Names:
    """Goes through a parsed part; `wrong` are lines and what is wrong there."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self.wrong: list[tuple[int, str]] = []

    def read(self, node: Any, rows: dict[str, tuple[str, ...]], deep: int) -> None:
        """`rows` are the names that the lists around give to their rows, with the lists' columns."""
        if deep > DEEPEST:
            self.wrong.append((node.lineno, f"for 和 if 套得太多，最多 {DEEPEST} 层"))
        elif isinstance(node, nodes.For):
            self._for(node, rows, deep)
        elif isinstance(node, nodes.Getattr):
            self._column(node, rows)
        elif isinstance(node, nodes.Name):
            self._name(node.name, rows, node.lineno)
        elif isinstance(node, _ALLOWED):
            for child in node.iter_child_nodes():
                self.read(child, rows, deep + isinstance(node, nodes.If))
        else:
            self.wrong.append((node.lineno, _UNKNOWN_WAY.format(way=type(node).__name__)))

    def _for(self, node: Any, rows: dict[str, tuple[str, ...]], deep: int) -> None:
        plain = isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name)
        if not plain or node.recursive or node.test is not None:
            self.wrong.append((node.lineno, "for 只能写成“{% for 行 in 清单 %}”"))
            return
        columns = self._names.get(node.iter.name)
        if columns is None:
            self._name(node.iter.name, rows, node.lineno)
        elif not columns:
            self.wrong.append((node.lineno, f"“{node.iter.name}”不是清单，不能用 for"))
        for child in (*node.body, *node.else_):
            self.read(child, {**rows, node.target.name: columns or ()}, deep + 1)

    def _column(self, node: Any, rows: dict[str, tuple[str, ...]]) -> None:
        written = f"{getattr(node.node, 'name', '')}.{node.attr}"
        if not isinstance(node.node, nodes.Name) or node.node.name not in {*rows, "loop"}:
            self.wrong.append((node.lineno, f"“{written}”不对，“.”前面要写 for 里起的名字"))
        elif node.node.name == "loop":
            if node.attr not in ("index", "first", "last"):
                self.wrong.append((node.lineno, f"不支持“{written}”"))
        elif rows[node.node.name] and node.attr not in rows[node.node.name]:
            self.wrong.append((node.lineno, f"清单里没有“{node.attr}”这一栏，只有{'、'.join(rows[node.node.name])}"))

    def _name(self, name: str, rows: dict[str, tuple[str, ...]], line: int) -> None:
        if name in rows:
            self.wrong.append((line, f"“{name}”是清单的一行，要写成“{name}.栏目”"))
        if name in self._names or name in rows:
            return
        near = difflib.get_close_matches(name, self._names, 1, 0.4)
        self.wrong.append((line, f"没有“{name}”这个字段" + (f"，是不是“{near[0]}”" if near else "")))
