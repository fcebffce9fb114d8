"""Evidence (佐证材料): which files and links may prove a report.

A file must open by itself in an office's programs: archives, pages and programs are refused.  Its
bytes must be what its ending says, so that nobody opens something else than the name promises.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from tracker.rules.refusals import Invalid

LARGEST_MB = 10
MOST_EVIDENCE = 20
LONGEST_LINK = 500
KINDS_SHOWN = "PDF、OFD、Word、Excel、WPS、PNG、JPG、TXT"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of Office 97 and of WPS


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signatures)


def _package_with(member: bytes) -> Callable[[bytes], bool]:
    """A zip whose members include that name, which a zip holds in plain."""
    return lambda content: content.startswith(b"PK\x03\x04") and member in content


def _any(*tests: Callable[[bytes], bool]) -> Callable[[bytes], bool]:
    return lambda content: any(test(content) for test in tests)


def _is_text(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\x00" not in content and (_decodes(content, "utf-8") or _decodes(content, "gb18030"))


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


_IS_OF_KIND: dict[str, Callable[[bytes], bool]] = {
    "pdf": _begins(b"%PDF-"),
    "ofd": _package_with(b"OFD.xml"),
    "doc": _begins(_OLE),
    "docx": _package_with(b"word/"),
    "xls": _begins(_OLE),
    "xlsx": _package_with(b"xl/"),
    "wps": _any(_begins(_OLE), _package_with(b"word/")),
    "et": _any(_begins(_OLE), _package_with(b"xl/")),
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    "jpg": _begins(b"\xff\xd8\xff"),
    "jpeg": _begins(b"\xff\xd8\xff"),
    "txt": _is_text,
}
ENDINGS = tuple(f".{ending}" for ending in _IS_OF_KIND)


def check_file(name: str, content: bytes) -> None:
    """Raise Invalid for a file of another kind than those allowed, too large, or not what its ending says."""
    _, dot, ending = name.lower().rpartition(".")
    shown = name[-60:]
    if not dot or ending not in _IS_OF_KIND:
        raise Invalid(f"“{shown}”不是可以上传的文件类型。可以上传：{KINDS_SHOWN}。")
    if not content:
        raise Invalid(f"“{shown}”是空文件，请检查后重新选择。")
    if len(content) > LARGEST_MB * 1024 * 1024:
        raise Invalid(f"“{shown}”超过 {LARGEST_MB} MB，请压缩后上传，或改为填写链接。")
    if not _IS_OF_KIND[ending](content):
        raise Invalid(f"“{shown}”的内容与扩展名不符，或文件已损坏、加密，请另存后重新上传。")


_SHOWN = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}


def is_picture(name: str) -> bool:
    return _SHOWN.get(_ending(name), "").startswith("image/")


def can_be_shown(name: str) -> bool:
    """Whether a browser can show a file of that name by itself."""
    return _ending(name) in _SHOWN


def shown_as(name: str, content: bytes) -> str | None:
    """The media type as which a browser may show it; None for what it could only download."""
    ending = _ending(name)
    return _SHOWN[ending] if ending in _SHOWN and _IS_OF_KIND[ending](content) else None


def _ending(name: str) -> str:
    return name.lower().rpartition(".")[2]


def check_link(link: str) -> None:
    """Raise Invalid for anything but an address of the web."""
    if not _is_web_address(link):
        raise Invalid(f"链接须是以 http:// 或 https:// 开头的完整网址，且不超过 {LONGEST_LINK} 字。")


def _is_web_address(link: str) -> bool:
    if len(link) > LONGEST_LINK or any(character.isspace() or not character.isprintable() for character in link):
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
