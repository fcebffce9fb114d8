"""A table that was scraped into text: a line for a row, `|` or a tab between its cells.

Where a cell was merged down, such text leaves the cell out, and the row ends in empty cells instead:
the cells that are there belong to the right, and the ones to the left stand for several rows.
"""

import re
from itertools import pairwise

from tracker.reading.document import Grid
from tracker.reading.passage import EMPTY, Passage, join

_BAR = re.compile(r"\s*\|\s*|\t")
_RULE = re.compile(r"[\s|:+\-—=]+")
_LONGEST_PART = 30  # characters of a heading across a table
_PART = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])[^。；]{2,40}")
_SERIAL = re.compile(r"\d{1,3}|[一二三四五六七八九十]{1,3}")
_ROW_AFTER_HEAD = re.compile(r"(?P<head>序\s*号\s*\|[^|]*\|(?:[^|]{0,16}\|){1,18}?)\s*[1一]\s*\|")

Row = tuple[Passage, ...]


def read(lines: list[Passage]) -> tuple[Grid | None, int]:
    """The table that begins at the first line, and how many lines it takes; None where there is none."""
    if not _is_row(lines[0].text):
        return None, 0
    closed = lines[0].text.rstrip().endswith("|")
    rows, used = _rows(lines, closed)
    if len(rows) < 2:
        return None, 0
    return Grid(tuple(_aligned(rows) if closed else _filled(rows))), used


def rows_of_one_line(line: Passage) -> list[Passage]:
    """The lines of a table that has lost its line breaks: a row has as many bars as the head, up to the serial 1."""
    found = _ROW_AFTER_HEAD.search(line.text)
    if found is None:
        return [line]
    bars = [match.end() for match in re.finditer(r"\|", line.text) if match.end() > found.start()]
    width = found["head"].count("|")
    rows = [line[start:end] for start, end in pairwise((0, found.start(), *bars[width - 1 :: width], len(line)))]
    return [row for row in rows if row.text.strip()]


def _rows(lines: list[Passage], closed: bool) -> tuple[list[Row], int]:
    """The rows; where each is closed by a bar, one that is not goes on in the next line."""
    rows: list[Row] = []
    used, parts = 0, list[Passage]()
    for place, line in enumerate(lines):
        if not line.text.strip():
            continue
        parts.append(line)
        if closed and not _is_closed(line.text):
            if not _goes_on(line.text, lines[place + 1 :]):
                break
            continue
        whole = join(parts, "\n")
        if not _is_row(whole.text):
            if closed or not rows or not _is_part(whole.text, lines[place + 1 :], len(rows[-1])):
                break
            used, parts = place + 1, []
            rows.append((whole.strip(),) * len(rows[-1]))
            continue
        used, parts = place + 1, []
        if not _RULE.fullmatch(whole.text):
            rows.append(_cells(whole))
    return rows, used


def _is_part(text: str, following: list[Passage], width: int) -> bool:
    """Whether a line without cells is a heading across the table: numbered rows as wide as before go on under it."""
    after = next((line for line in following if line.text.strip()), None)
    if after is None or len(text.strip()) > _LONGEST_PART or text.rstrip().endswith(("。", "；", "：", ":")):
        return False
    cells = _cells(after)
    return len(cells) == width and bool(_SERIAL.fullmatch(cells[0].text))


def _is_closed(text: str) -> bool:
    return text.rstrip().endswith("|")


def _goes_on(text: str, following: list[Passage]) -> bool:
    """Whether a row that is not closed goes on: it has bars already, or the next line begins with one."""
    after = next((line.text for line in following if line.text.strip()), "")
    return bool(after) and ("|" in text or after.lstrip().startswith("|"))


def _is_row(text: str) -> bool:
    return len(_BAR.findall(text.strip(" "))) >= 2


def _cells(line: Passage) -> Row:
    cells = [cell.strip() for cell in line.split(_BAR)]
    opened, closed = line.text.lstrip().startswith("|"), line.text.rstrip().endswith("|")
    return tuple(cells[1 if opened else 0 : len(cells) - 1 if closed else len(cells)])


def _aligned(rows: list[Row]) -> list[Row]:
    """Rows of one width: cells that are missing on the left stand for the ones above them."""
    width = max(map(_length, rows))
    aligned: list[Row] = [_spread(rows[0][: _length(rows[0])], width, rows[1][: _length(rows[1])])]
    for row in rows[1:]:
        given = row[: _length(row)]
        missing = width - len(given)
        above = aligned[-1][:missing] if len(aligned) > 1 else (EMPTY,) * missing
        one_cell = len(given) == 1 and (not _SERIAL.match(given[0].text) or bool(_PART.fullmatch(given[0].text)))
        aligned.append(given * width if one_cell else (*above, *given))
    return aligned


def _spread(heading: Row, width: int, first: Row) -> Row:
    """The heading of a table in which one heading stood over several columns: the one for the tasks."""
    missing = width - len(heading)
    if missing <= 0 or len(first) != width:
        return (*heading, *(EMPTY,) * max(missing, 0))
    wide = next(
        (place for place, cell in enumerate(heading) if re.search("任务|措施|内容|事项|举措|项目", cell.text)),
        len(heading) - 1,
    )
    return (*heading[:wide], *(heading[wide],) * (missing + 1), *heading[wide + 1 :])


def _filled(rows: list[Row]) -> list[Row]:
    width = max(map(len, rows))
    return [(*row, *(EMPTY,) * (width - len(row))) for row in rows]


def _length(row: Row) -> int:
    """The number of cells without the empty ones at the end."""
    return max((place + 1 for place, cell in enumerate(row) if cell.text), default=0)
