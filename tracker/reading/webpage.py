"""A saved web page: its paragraphs and tables, without scripts, menus and hidden parts."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from tracker.reading import spans
from tracker.reading.document import MOST_BYTES, TOO_LONG, Cell, Document, Transcript
from tracker.reading.encoding import decode
from tracker.rules.refusals import Invalid

Element = Any

_SKIPPED = frozenset(
    ("script", "style", "noscript", "head", "nav", "footer", "header", "aside", "template", "iframe", "select")
    + ("button", "input", "textarea", "svg", "object")
)
_BLOCKS = frozenset(
    ("address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "form")
    + ("h1", "h2", "h3", "h4", "h5", "h6", "hr", "html", "li", "main", "ol", "p", "pre", "section", "ul")
    + ("table", "tbody", "td", "tfoot", "th", "thead", "tr")
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w\-]+)", re.I)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_DEEPEST = 400

_TOO_DEEP = "网页的结构过于复杂，读不出内容。请在浏览器中打开，复制正文后用“粘贴正文”导入。"


def read(data: bytes) -> Document:
    parser = lxml_html.HTMLParser()
    try:
        root = lxml_html.document_fromstring(_text(data), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise Invalid("网页文件已经损坏，读不出内容。请在浏览器中打开，复制正文后用“粘贴正文”导入。") from error
    if any("depth" in error.message for error in parser.error_log):  # it left out what lies deeper
        raise Invalid(_TOO_DEEP)
    page = _Page()
    page.walk(root, 0)
    page.end_paragraph()
    return page.transcript.document()


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Invalid(TOO_LONG)
    declared = _CHARSET.search(data[:4096])
    if declared:
        try:
            text = data.decode(
                declared[1].decode("ascii").lower().replace("gb2312", "gb18030").replace("gbk", "gb18030")
            )
            return re.sub(r"^\s*<\?xml[^>]*>", "", text.removeprefix("\ufeff"))
        except (UnicodeDecodeError, LookupError):
            pass
    return re.sub(r"^\s*<\?xml[^>]*>", "", decode(data))


class _Page:
    """Walks through a page and writes down what it shows."""

    def __init__(self) -> None:
        self.transcript = Transcript()
        self._line: list[str] = []

    def walk(self, element: Element, depth: int) -> None:
        if depth > _DEEPEST:
            raise Invalid(_TOO_DEEP)
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _SKIPPED or _is_hidden(element):
            return
        if tag == "br":
            self.end_paragraph()
        elif tag == "table" and (grid := _grid_of_data(element)):
            self.end_paragraph()
            self.transcript.table(grid)
        else:
            self._content(element, tag in _BLOCKS, depth)

    def end_paragraph(self) -> None:
        text = _BLANKS.sub(" ", "".join(self._line)).strip(" ")
        self._line.clear()
        if text:
            self.transcript.paragraph(text)

    def _content(self, element: Element, block: bool, depth: int) -> None:
        if block:
            self.end_paragraph()
        self._line.append(element.text or "")
        for child in element:
            self.walk(child, depth + 1)
            self._line.append(child.tail or "")
        if block:
            self.end_paragraph()


def _is_hidden(element: Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _grid_of_data(table: Element) -> list[list[Cell]]:
    """The grid of a table that holds a table; empty for one that is only the layout of a page."""
    if next(table.iterdescendants("table"), None) is not None:
        return []
    rows = islice(table.iter("tr"), spans.MOST_ROWS + 1)
    grid = spans.grid([[_spanned(cell) for cell in row.iter("td", "th")] for row in rows])
    several = [row for row in grid if len({cell for cell in row if cell.text}) >= 2]
    return grid if len(several) >= 2 else []


def _spanned(cell: Element) -> spans.Spanned:
    return spans.Spanned(_cell_text(cell), _number(cell, "rowspan"), _number(cell, "colspan"))


def _number(cell: Element, name: str) -> int:
    """A span; `rowspan=0` reaches down to the end of the table."""
    text = (cell.get(name) or "1").strip()
    number = int(text) if re.fullmatch(r"\d{1,4}", text) else 1
    return number or (spans.TO_THE_END if name == "rowspan" else 1)


def _cell_text(cell: Element) -> str:
    return "\n".join(line for part in _lines(cell) if (line := _BLANKS.sub(" ", part).strip(" ")))


def _lines(cell: Element) -> Iterator[str]:
    text = [cell.text or ""]
    for element in cell.iterdescendants():
        if not isinstance(element.tag, str) or element.tag in _SKIPPED:
            text.append(element.tail or "")
            continue
        if element.tag == "br" or element.tag in _BLOCKS:
            yield "".join(text)
            text = []
        text += [element.text or "", element.tail or ""] if len(element) == 0 else [element.text or ""]
        # The tail of an element with children comes after them, so it is taken where its last child ends.
        ended = element
        while len(element) == 0 and ended.getnext() is None and (ended := ended.getparent()) is not cell:
            text.append(ended.tail or "")
    yield "".join(text)
