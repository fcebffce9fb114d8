"""Zip-based files, looked at before a library unpacks them: too many members, too much inside, locked, broken."""

import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath

from tracker.rules.refusals import Invalid

MOST_MEMBERS = 2_000
MOST_UNPACKED = 50_000_000
MOST_XML = 10_000_000  # in one member: taken apart it fills 300 MB

DAMAGED = "文件已经损坏，打不开。请用原来的软件打开并另存一份，再重新上传。"
ENCRYPTED = "文件设有密码，无法读取。请取消密码后另存一份，再重新上传。"
_TOO_MUCH = "文件解开后过大，不能读取。请去掉其中的图片和附件，另存后再试。"
_TOO_MANY = f"文件里的部件超过 {MOST_MEMBERS} 个，不像正常的文档，不能读取。请只保留正文，另存后再试。"
_STRAY_NAMES = "文件里有指向别处的路径，不是正常的文档，不能读取。请用原来的软件打开，另存一份后再上传。"
_ENTITIES = "文件里带有外部引用的定义（DTD），不是正常的文档，不能读取。请用原来的软件打开，另存一份后再上传。"
_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError)


def members(data: bytes) -> frozenset[str]:
    """The names inside a zip file that is safe to unpack; raise Invalid for any other."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check(archive)
            return frozenset(archive.namelist())
    except _BROKEN as error:  # NotImplementedError: a compression that no office program uses
        raise Invalid(DAMAGED) from error


def _check(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise Invalid(_TOO_MANY)
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise Invalid(_TOO_MUCH)
    if any(info.flag_bits & 1 for info in infos):
        raise Invalid(ENCRYPTED)
    if any(_is_stray(info.filename) for info in infos):
        raise Invalid(_STRAY_NAMES)
    if _overlap(infos, archive.start_dir):
        raise Invalid(DAMAGED)
    for info in infos:
        _check_member(info.filename, archive.read(info))  # fails on a false size too


def _check_member(name: str, member: bytes) -> None:
    start = member[:4].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if not start.startswith((b"<", b" ", b"\n", b"\r", b"\t")):
        return
    if len(member) > MOST_XML:
        raise Invalid(_TOO_MUCH)
    if b"<!DOCTYPE" in member.replace(b"\0", b"") and not _may_have_a_type(name):  # without the zeros of UTF-16
        raise Invalid(_ENTITIES)


def _is_stray(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name


def _overlap(infos: list[zipfile.ZipInfo], directory: int) -> bool:
    """Whether two members share bytes, or a name, which only a trap does."""
    places = sorted((info.header_offset, info.header_offset + 30 + info.compress_size) for info in infos)
    places.append((directory, directory))
    shared = any(end > start for (_, end), (start, _) in zip(places, places[1:], strict=False))
    return shared or len({info.filename for info in infos}) < len(infos)


def _may_have_a_type(name: str) -> bool:
    """Whether office programs write a document type there: in pictures, and in the list of parts of an old .ods."""
    return name == "META-INF/manifest.xml" or name.endswith(".svg")
