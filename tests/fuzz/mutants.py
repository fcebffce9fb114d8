"""Small sound documents of each format, and what chance makes of them; a mutant has its format and a number as name."""

import re
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from random import Random

import xlwt

from tests.reading import papers

PLAN = """某县2025年政务公开工作要点
某县人民政府办公室
为做好全年工作，制定本要点。
一、深化决策公开
（一）预公开重大行政决策草案，8月底前预公开率达95%以上。（牵头单位：县司法局；配合单位：各镇）
1.每季度更新目录，全年不少于4次。（责任单位：县政府办、县财政局，完成时限：每季度末）
2．繁體字與拼音(pīn)：長期堅持。
二、强化监督
（一）二〇二五年十月底前完成检查，排名第①位。
（二）x月xx日前公布。责任单位：各相关部门
序号 | 任务 | 责任单位 | 完成时限
1 | 公开清单 | 县局 | 6月30日
附件：任务表
""".strip().split("\n")
TABLE = [
    ["某县2025年任务分解表", None, None, None],
    ["序号", "类别", "工作任务", "责任单位"],
    ["1", "公开", "公开目录，6月底前完成。", "县司法局，各镇"],
    ["2", None, "更新指南。", "县政府办"],
    ["3", "解读", "解读率达100%。", "县财政局牵头，县局配合"],
]
ROWS = [[text or "" for text in row] for row in TABLE]
GRID = [["", *ROWS[0][:1], "", ""], *ROWS[1:3], [ROWS[3][0], None, *ROWS[3][2:]], ROWS[4]]
_MARKS = (
    b'<w:ins w:id="1" w:author="a"><w:r><w:t>x</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>y</w:delText></w:r>'
    b"</w:del><w:sdt><w:sdtContent><w:r><w:t>z</w:t></w:r></w:sdtContent></w:sdt></w:p>"
)
_SIGNS = (
    b"\0",
    b"\xff",
    b"<",
    b">",
    b"&",
    b"&amp;",
    b"&#0;",
    b"&#x110000;",
    b"]]>",
    b"<!--",
    b"'",
    b'"',
    b"|",
    b"\t" * 40,
)
_NUMBERS = (b"0", b"-1", b"255", b"65536", b"1048576", b"2147483648", b"9" * 30, b"1e308", b"NaN", b"XFD1048576", b"")
_WORDS = (
    "（",
    "）",
    "一、",
    "（十",
    "①",
    "年13月32日前",
    "〇",
    "\u202e\u200b",
    "𠮷",
    "％",
    "责任单位：",
    "¶",
    "锟斤拷",
)
_PARTS = (b"<table><tr><td rowspan=0 colspan=999>", b"endobj\n", b" 0 R ", b"stream\n", b"<<", b"/Kids [2 0 R]", b"../")
_TOKENS = (*_SIGNS, *_NUMBERS, *(word.encode() for word in _WORDS), *_PARTS, b"\r\n", b"\n" * 40)


@cache
def sound(kind: str) -> bytes:
    return _SOUND[kind]()


def _word() -> bytes:
    data, file = papers.word(*PLAN, GRID), BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            is_text = name == "word/document.xml"
            new.writestr(name, old.read(name).replace(b"</w:p>", _MARKS, 3) if is_text else old.read(name))
    return file.getvalue()


def _old_workbook() -> bytes:
    book, file = xlwt.Workbook(), BytesIO()
    sheet = book.add_sheet("a")
    sheet.write_merge(0, 0, 0, 3, ROWS[0][0])
    for place, row in enumerate(ROWS[1:], 1):
        for column, text in enumerate(row):
            sheet.write(place, column, text)
    book.save(file)
    return file.getvalue()


def _pdf() -> bytes:
    text = [(60, 780 - 22 * place, line) for place, line in enumerate(PLAN)]
    cells = [
        (70 + 110 * column, 420 - 24 * place, text) for place, row in enumerate(ROWS) for column, text in enumerate(row)
    ]
    ruled = [(60, 436 - 24 * place, 500, 436 - 24 * place) for place in range(6)]
    ruled += [(60 + 110 * column, 436, 60 + 110 * column, 316) for column in range(5)]
    return papers.pdf([*text, *cells], [(60, 700, "（三）再做一件。"), (280, 40, "— 2 —")], ruled=ruled)


_SOUND: dict[str, Callable[[], bytes]] = {
    "txt": lambda: "\n".join(PLAN).encode(),
    "csv": lambda: "\n".join(",".join(f'"{text}"' for text in row) for row in ROWS).encode("gb18030"),
    "html": lambda: papers.page(*PLAN, GRID),
    "docx": _word,
    "xlsx": lambda: papers.workbook(GRID),
    "xls": _old_workbook,
    "ods": lambda: papers.spreadsheet("".join(papers.spreadsheet_row(*row) for row in ROWS)),
    "pdf": _pdf,
}
KINDS = tuple(_SOUND)


def mutant(kind: str, number: int) -> bytes:
    chance = Random(f"{kind} {number}")  # noqa: S311
    data = sound(kind)
    if data.startswith(b"PK") and chance.random() < 0.85:
        return _repacked(data, chance)
    return _mutated(data, chance)


def _repacked(data: bytes, chance: Random) -> bytes:
    """Mutated within: a member, or two, with its checksum right; now and then one is left out."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, True, 1) as new:
        names = old.namelist()
        weights = [5 if re.search(r"document\.xml$|sheet1|sharedStr|content|numbering", name) else 1 for name in names]
        chosen = chance.choices(names, weights, k=chance.choice((1, 1, 2)))
        for name in names:
            if name in chosen and chance.random() < 0.05:
                continue
            new.writestr(name, _mutated(old.read(name), chance) if name in chosen else old.read(name))
    return file.getvalue()


def _mutated(data: bytes, chance: Random) -> bytes:
    mutations = _IN_PLACE if data.startswith(_OF_SECTORS) else _MUTATIONS
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        data = chance.choice(mutations)(data, chance)
    return data


def _flipped(data: bytes, chance: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 4, 30)) if data else 0):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _piece(data: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 3, 20, 200, 2000)))


def _without(data: bytes, chance: Random) -> bytes:
    start, end = _piece(data, chance)
    return data[:start] + data[end:]


def _repeated(data: bytes, chance: Random) -> bytes:
    start, end = _piece(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 2, 50)) + data[end:]


def _moved(data: bytes, chance: Random) -> bytes:
    start, end = _piece(data, chance)
    place = chance.randrange(len(data) + 1)
    return data[:place] + data[start:end] + data[place:]


def _with_token(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(_TOKENS) * chance.choice((1, 1, 1, 100)) + data[place:]


def _with_number(data: bytes, chance: Random) -> bytes:
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return data
    start, end = chance.choice(found).span()
    return data[:start] + chance.choice(_NUMBERS) + data[end:]


def _cut(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _overwritten(data: bytes, chance: Random) -> bytes:
    token, place = chance.choice((*_TOKENS, b"\xff\xff\xff\xff", bytes(4))), chance.randrange(len(data) + 1)
    return data[:place] + token + data[place + len(token) :]


_MUTATIONS = (
    *(_flipped, _flipped, _without, _repeated, _moved, _overwritten, _cut),
    *(_with_token, _with_token, _with_number, _with_number),
)
_IN_PLACE = (_flipped, _overwritten)  # anything else only moves the sectors of an old workbook
_OF_SECTORS = b"\xd0\xcf\x11\xe0"
