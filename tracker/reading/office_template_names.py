"""What the placeholders of an office's own Word file name: every unknown or misused name, with where it stands."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from tracker.reading.office_template_marks import TOKEN, Element, Parts, placed
from tracker.rules.office_templates import Misplaced, Placeholder

DEEPEST = 3  # lists and conditions within each other
_ALONE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_GIVEN = re.compile(r"\bfor\s+(\w+)\s+in\b")  # by lists, to their rows
_LOGIC = (nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Const)
_ALLOWED = (nodes.If, nodes.Template, nodes.Output, nodes.TemplateData, *_LOGIC)
UNREADABLE = "占位符写得不对，或者 for 与 endfor、if 与 endif 没有成对"
_UNKNOWN_WAY = "不支持“{way}”这种写法。占位符里只能写字段名、清单的栏目，以及 for 和 if"


def wrong(data: bytes, parts: Parts, names: Sequence[Placeholder]) -> Iterator[Misplaced]:
    template, environment = DocxTemplate(BytesIO(data)), SandboxedEnvironment()
    for place, body in parts:
        source = template.patch_xml(etree.tostring(body, encoding="unicode"))
        places = _Places(place, body, source)
        try:
            tree = environment.parse(places.source)
        except TemplateSyntaxError as error:
            yield Misplaced(places.of(error.lineno), UNREADABLE)
            tree = nodes.Template(places.plain(), lineno=1)
        reading = _Names({each.name: each.columns for each in names})
        reading.read(tree, {}, 0)
        for line, what in dict.fromkeys(reading.wrong):
            yield Misplaced(places.of(line), what or _UNKNOWN_WAY.format(way=places.token(line)))


class _Places:
    """Where each placeholder of a part stands.

    The parser tells lines: so every placeholder gets a line of its own, in the order in which a person meets them.
    """

    def __init__(self, place: str, body: Element, source: str) -> None:
        self._part = place
        self.source = TOKEN.sub(lambda token: "\n" + token[0].replace("\n", " "), source.replace("\n", " "))
        self._tokens = TOKEN.findall(self.source)
        self._where = [each.where for each in placed(place, body) for _ in TOKEN.findall(each.text)]
        if len(self._where) != len(self._tokens):  # text boxes, tables within tables
            self._where = []

    def of(self, line: int) -> str:
        """Lines count from 1, and the first placeholder stands on the second."""
        return self._where[line - 2] if 0 <= line - 2 < len(self._where) else self._part

    def plain(self) -> list[nodes.Node]:
        """Of a part that cannot be read as a whole: each placeholder that is a name by itself."""
        given = {name for token in self._tokens for name in _GIVEN.findall(token)}
        named = ((line, _ALONE.fullmatch(token.strip())) for line, token in enumerate(self._tokens, 2))
        return [nodes.Name(found[1], "load", lineno=line) for line, found in named if found and found[1] not in given]

    def token(self, line: int) -> str:
        """The placeholder as it is written."""
        return self._tokens[line - 2].strip() if 0 <= line - 2 < len(self._tokens) else ""


class _Names:
    """Goes through a parsed part; `wrong` are lines and what is wrong there, empty for a way of writing at large."""

    def __init__(self, names: Mapping[str, tuple[str, ...]]) -> None:
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
            self.wrong.append((node.lineno, ""))

    def _for(self, node: Any, rows: dict[str, tuple[str, ...]], deep: int) -> None:
        plain = isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name)
        if not plain or node.recursive or node.test is not None:
            self.wrong.append((node.lineno, "for 只能写成“{% for 行 in 清单 %}”"))
            return
        if rows:
            self.wrong.append((node.lineno, "for 里面不能再套 for"))
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
