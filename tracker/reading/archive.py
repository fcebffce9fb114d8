"""Zip-based files, looked at before anything is unpacked: too many members, too much inside, locked, broken."""

import zipfile
from io import BytesIO

from tracker.rules.refusals import Invalid

MOST_MEMBERS = 2_000
MOST_UNPACKED = 50_000_000

DAMAGED = "文件已经损坏，打不开。请用原来的软件打开并另存一份，再重新导入。"
ENCRYPTED = "文件设有密码，无法读取。请取消密码后另存一份，再重新导入。"
_TOO_MUCH = "文件解开后过大，不像一份工作计划，不能导入。请去掉其中的图片和附件，另存后再试。"


def members(data: bytes) -> frozenset[str]:
    """The names inside a zip file that is safe to unpack; raise Invalid for any other."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise Invalid(DAMAGED) from error
    if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise Invalid(_TOO_MUCH)
    if any(info.flag_bits & 1 for info in infos):
        raise Invalid(ENCRYPTED)
    if _overlap(infos):
        raise Invalid(DAMAGED)
    return frozenset(info.filename for info in infos)


def _overlap(infos: list[zipfile.ZipInfo]) -> bool:
    """Whether two members share bytes, which only a trap does."""
    places = sorted((info.header_offset, info.header_offset + 30 + info.compress_size) for info in infos)
    return any(end > start for (_, end), (start, _) in zip(places, places[1:], strict=False))
