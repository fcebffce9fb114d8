"""Rows and columns that an old workbook (.xls) hides, read from its records; the library that reads it does not tell.

The file is a small file system of sectors ([MS-CFB]); its stream `Workbook` is a row of records ([MS-XLS]): the sheets
with the place of each, and in every sheet one record for each row, and for columns that are not as usual.
"""

from collections.abc import Iterator
from struct import error, unpack_from

from tracker.reading.hidden import Hidden

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA  # numbers from here on are marks, not sectors
_NAMES = ("Workbook", "Book")
_SHEET, _ROW, _COLUMNS, _END = 0x85, 0x208, 0x7D, 0x0A
_MOST = 256  # columns of such a sheet


def of_sheets(data: bytes) -> list[Hidden] | None:
    """What each sheet hides, in the order of the sheets; None where the records cannot be followed."""
    if not data.startswith(MAGIC):
        return None
    try:
        stream = _stream(data)
        places = [unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == _SHEET]
        return [_of_sheet(stream, place) for place in places] or None
    except (error, IndexError):
        return None


def _of_sheet(stream: bytes, place: int) -> Hidden:
    hidden = Hidden()
    for kind, body in _records(stream, place):
        if kind == _ROW and unpack_from("<I", body, 12)[0] & 0x20:
            hidden.rows.add(unpack_from("<H", body)[0])
        elif kind == _COLUMNS and unpack_from("<H", body, 8)[0] & 1:
            first, last = unpack_from("<HH", body)
            hidden.columns.update(range(first, min(last + 1, _MOST)))
    return hidden


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place on, to the end of their part of the stream."""
    while True:
        kind, length = unpack_from("<HH", stream, place)
        if kind == _END:
            return
        yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _stream(data: bytes) -> bytes:
    """The stream of the workbook; IndexError where there is none, or a broken one."""
    size = 1 << min(unpack_from("<H", data, 30)[0], 12)
    table = [
        number
        for sector in _table_sectors(data)
        for number in unpack_from(f"<{size // 4}I", _sector(data, size, sector))
    ]
    folder = b"".join(_chain(data, size, table, unpack_from("<I", data, 48)[0]))
    for entry in (folder[at : at + 128] for at in range(0, len(folder), 128)):
        name = entry[: max(unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", "replace")
        if name in _NAMES:
            return b"".join(_chain(data, size, table, unpack_from("<I", entry, 116)[0]))
    raise IndexError


def _table_sectors(data: bytes) -> Iterator[int]:
    """The sectors of the table that says which sector follows which; the first 109 stand in the head of the file."""
    for sector in unpack_from("<109I", data, 76):
        if sector < _LAST_SECTOR:
            yield sector


def _chain(data: bytes, size: int, table: list[int], sector: int) -> Iterator[bytes]:
    for _ in range(len(table)):  # a chain that runs in a circle ends, too
        if sector >= _LAST_SECTOR:
            return
        yield _sector(data, size, sector)
        sector = table[sector]


def _sector(data: bytes, size: int, number: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size]
