"""An office's own Word file filled on trial: with nothing to tell, with one line to each list, with two.

What reads as placeholders may still tear the document: a list that begins in one cell and ends in another.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from tracker.reading.office_template_marks import Parts
from tracker.rules.office_templates import Misplaced, Placeholder

_TORN = (
    "for 与 endfor、if 与 endif 的位置不对，填写后文档会损坏。一对要写在同一段里；"
    "跨段的各占一段，用“{%p … %}”；跨行的各占表格的一行，用“{%tr … %}”"
)


class _Sample(str):
    """Stands for a figure as for a text: what is compared with it may be either."""

    __slots__ = ()

    def __lt__(self, _other: object) -> bool:
        return True

    __le__ = __gt__ = __ge__ = __lt__


def broken(data: bytes, parts: Parts, names: Sequence[Placeholder]) -> Iterator[Misplaced]:
    template, environment = DocxTemplate(BytesIO(data)), ImmutableSandboxedEnvironment(autoescape=True)
    for place, body in parts:
        source = template.patch_xml(etree.tostring(body, encoding="unicode"))
        if not all(_whole(template, source, environment, _values(names, rows)) for rows in (0, 1, 2)):
            yield Misplaced(place, _TORN)


def _values(names: Sequence[Placeholder], rows: int) -> dict[str, Any]:
    plain = _Sample("字" if rows else "")
    return {
        each.name: [dict.fromkeys(each.columns, plain) for _ in range(rows)] if each.columns else plain
        for each in names
    }


def _whole(template: Any, source: str, environment: Any, values: dict[str, Any]) -> bool:
    try:
        etree.fromstring(template.render_xml_part(source, None, values, environment))
    except (TemplateError, etree.XMLSyntaxError):
        return False
    return True
