"""An office's own Word file for a paper, before it is taken: is it safe, are its placeholders known, can it be filled.

Of Jinja's language it may use a name, a list's column, {% for %} and {% if %}: whatever else could be written there is
refused, so that printing from a template evaluates nothing.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from lxml import etree

from tracker.reading import archive, office_template_names, office_template_trial
from tracker.reading.office_template_marks import LOOSE, TOKEN, misplaced, placed
from tracker.rules.office_templates import Misplaced, Placeholder
from tracker.rules.refusals import Invalid

Element = Any

MOST_FAULTS = 30
MOST_PLACEHOLDERS, MOST_LISTS = 1000, 50  # in one file: printing it takes as long as they are many
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FORBIDDEN = ("vbaproject", "activex", "embeddings/", "oleobject", "afchunk", "customui", "attachedtoolbars")
_FETCHING = re.compile(r"INCLUDETEXT|INCLUDEPICTURE|\bDDE|(?<!HYPER)LINK|\bIMPORT|MACROBUTTON|DATABASE", re.I)
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_NOT_WORD = "这不是 Word 文档（.docx）。请在 Word 或 WPS 中另存为 .docx 后再上传。"
_OTHER_KIND = "这是{what}格式，不能用作文书模板。请在 Word 或 WPS 中另存为 .docx 后再上传。"
_OTHER_KINDS = {
    b"template.macroEnabledTemplate": "启用宏的模板（.dotm）",
    b"document.macroEnabled": "启用宏的文档（.docm）",
    b"wordprocessingml.template": "文档模板（.dotx）",
}
_LIST = re.compile(r"\{%-?(?:p|tr|tc|r)?\s*for\b")
_UNSAFE = "文档里有{what}，不能用作模板。请去掉后另存为 .docx 再上传。"
_NO_PLACE = "文档里没有占位符，印出的每一份都会一样。请从范例改起，或在要填写的地方写上“{{ 标题 }}”这样的占位符"
_TOO_MANY = f"占位符太多（最多 {MOST_PLACEHOLDERS} 个，其中清单最多 {MOST_LISTS} 处），请减少后再上传"
_ELSEWHERE = "{what}中不能写占位符，请移到正文、页眉或页脚"
_PROPERTIES = ("title", "subject", "author", "comments", "identifier", "language")


def faults(data: bytes, names: Sequence[Placeholder]) -> list[Misplaced]:
    """Every unknown or misused placeholder with its place; raise Invalid for a file that is not safe, or no DOCX."""
    if not data.startswith(b"PK"):
        raise Invalid(archive.ENCRYPTED if _LOCKED in data else _NOT_WORD)
    members = archive.members(data)
    if "word/document.xml" not in members:
        raise Invalid(_NOT_WORD)
    _check_members(data, members)
    opened = _opened(data)
    parts = _parts(opened)
    found = [*misplaced(parts, names), *_beside(opened)]
    tokens = [token for place, body in parts for each in placed(place, body) for token in TOKEN.findall(each.text)]
    if not tokens and not found:
        found.append(Misplaced("", _NO_PLACE))
    if len(tokens) > MOST_PLACEHOLDERS or sum(bool(_LIST.match(token)) for token in tokens) > MOST_LISTS:
        found.append(Misplaced("", _TOO_MANY))
    unclear = bool(found)
    for each in office_template_names.wrong(data, parts, names):
        if not (unclear and each.what == office_template_names.UNREADABLE):  # why it is unreadable has been told
            found.append(each)
    if not found:
        found = list(office_template_trial.broken(data, parts, names))
    return list(dict.fromkeys(found))[:MOST_FAULTS]


def _check_members(data: bytes, members: frozenset[str]) -> None:
    for kind, what in _OTHER_KINDS.items():
        if kind in _content_types(data, members):
            raise Invalid(_OTHER_KIND.format(what=what))
    for name in members:
        if any(word in name.lower() for word in _FORBIDDEN):
            raise Invalid(_UNSAFE.format(what="宏、控件或嵌入的对象"))


def _content_types(data: bytes, members: frozenset[str]) -> bytes:
    name = "[Content_Types].xml"
    with zipfile.ZipFile(BytesIO(data)) as packed:
        return packed.read(name) if name in members else b""


def _opened(data: bytes) -> Any:
    import docx

    try:
        return docx.Document(BytesIO(data))
    except MemoryError:
        raise
    except Exception as error:  # whatever the library's parts raise
        raise Invalid(archive.DAMAGED) from error


def _parts(opened: Any) -> list[tuple[str, Element]]:
    """Body, headers and footers, with what they are called; raise Invalid where the file reaches outside."""
    for part in opened.part.package.iter_parts():
        if any(relation.is_external for relation in part.rels.values()):
            raise Invalid(_UNSAFE.format(what="指向外部的链接（网址、链接的图片、关联的模板等）"))
        if str(part.partname).startswith("/word/") and str(part.partname).endswith(".xml"):
            _check_fetches_nothing(part)
    parts = [("正文", opened.element.body)]
    for relation in opened.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if kind in ("header", "footer"):
            parts.append(({"header": "页眉", "footer": "页脚"}[kind], relation.target_part.element))
    return parts


def _check_fetches_nothing(part: Any) -> None:
    """A field may be cut into runs as any text; joined they are what Word would do."""
    try:
        root = part.element if hasattr(part, "element") else etree.fromstring(part.blob)
    except etree.XMLSyntaxError as error:
        raise Invalid(archive.DAMAGED) from error
    fields = [each.text or " " for each in root.iter(f"{_W}instrText", f"{_W}fldChar")]  # the latter have no text
    fields += [f" {each.get(f'{_W}instr') or ''}" for each in root.iter(f"{_W}fldSimple")]
    if _FETCHING.search("".join(fields)) or next(root.iter(f"{_W}mailMerge"), None) is not None:
        raise Invalid(_UNSAFE.format(what="从外部取内容的域或邮件合并的数据源"))


def _beside(opened: Any) -> Iterator[Misplaced]:
    """Placeholders where nobody would look for them, and the library would all the same evaluate them."""
    properties = opened.core_properties
    if any(LOOSE.search(getattr(properties, name) or "") for name in _PROPERTIES):
        yield Misplaced("文档属性", _ELSEWHERE.format(what="标题、作者、备注等属性"))
    for part in opened.part.package.iter_parts():
        name = str(part.partname).lower()
        if ("footnotes" in name or "endnotes" in name) and LOOSE.search(_text_of(part.blob)):
            yield Misplaced("脚注尾注", _ELSEWHERE.format(what="脚注和尾注"))


def _text_of(blob: bytes) -> str:
    """Without the tags, between which a brace and its partner may stand apart."""
    return re.sub(r"<[^>]*>", "", blob.decode("utf-8", "replace"))
