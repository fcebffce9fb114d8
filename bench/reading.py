"""How long drafting takes: a plan of 500 items in each format, beside what the format's own library needs to walk it.

`make bench-reading`, or with ARGS="--items 1000 --runs 3".  Ends with status 1 where a time is over the limit.
"""

import argparse
import os
import sys
import textwrap
from collections.abc import Callable
from io import BytesIO
from statistics import median
from time import perf_counter

import click
import docx
import pdfplumber
from lxml import html
from python_calamine import CalamineWorkbook

from tests.reading import papers
from tracker.reading import guarded
from tracker.reading.parse import parse

SECONDS = 1.0  # the limit: this, or twice the library's own time, whichever is more
_UNITS = ("县司法局", "县财政局", "县大数据局", "县行政审批局", "县政府办公室")
_TITLE = "某县2025年政务公开工作要点"
_HEAD = ["序号", "类别", "工作任务", "责任单位", "完成时限"]


def _task(number: int) -> str:
    rate, times = number % 20 + 80, number % 6 + 1
    return f"推进第{number}类政务信息公开，更新公开目录和办事指南，公开率达{rate}%以上，全年不少于{times}次。"


def _lines(items: int) -> list[str]:
    lines = [_TITLE, "为做好全年政务公开工作，制定本要点。"]
    for number in range(items):
        if number % 25 == 0:
            lines.append(f"（{'一二三四五六七八九十'[number // 25 % 10]}）深化第{number // 25 + 1}类公开")
        lead, support = _UNITS[number % 5], _UNITS[(number + 2) % 5]
        units = f"（牵头单位：{lead}；配合单位：{support}，各镇；完成时限：{number % 12 + 1}月底前）"
        lines.append(f"{number % 25 + 1}．{_task(number)}{units}")
    return lines


def _rows(items: int) -> list[list[str]]:
    rows = [_HEAD]
    for number in range(items):
        time = f"{number % 12 + 1}月底前"
        rows.append([str(number + 1), f"第{number // 25 + 1}类", _task(number), f"{_UNITS[number % 5]}、各镇", time])
    return rows


def _word_table(items: int) -> bytes:
    document, file = docx.Document(), BytesIO()
    document.add_paragraph(_TITLE)
    table = document.add_table(0, len(_HEAD))
    for row in _rows(items):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(file)
    return file.getvalue()


def _pdf(items: int) -> bytes:
    printed = [
        (72 if first else 48, line)
        for text in _lines(items)
        for first, line in zip((True, *[False] * 9), textwrap.wrap(text, 40), strict=False)
    ]
    pages = [printed[start : start + 30] for start in range(0, len(printed), 30)]
    return papers.pdf(*([(x, 780 - 24 * place, line) for place, (x, line) in enumerate(page)] for page in pages))


def _walk_text(data: bytes) -> None:
    data.decode("utf-8").splitlines()


def _walk_word(data: bytes) -> None:
    document = docx.Document(BytesIO(data))
    for paragraph in document.paragraphs:
        _ = paragraph.text
    for table in document.tables:
        for row in table.rows:
            _ = [cell.text for cell in row.cells]


def _walk_workbook(data: bytes) -> None:
    workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()


def _walk_page(data: bytes) -> None:
    for element in html.document_fromstring(data).iter():
        _ = element.text, element.tail


def _walk_pdf(data: bytes) -> None:
    with pdfplumber.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.extract_text()
            page.close()


FORMATS: tuple[tuple[str, str, Callable[[int], bytes], Callable[[bytes], None]], ...] = (
    ("text", "a.txt", lambda items: "\n".join(_lines(items)).encode(), _walk_text),
    ("text on one line", "a.txt", lambda items: "".join(_lines(items)).encode(), _walk_text),
    ("docx", "a.docx", lambda items: papers.word(*_lines(items)), _walk_word),
    ("docx, a table", "a.docx", _word_table, _walk_word),
    ("xlsx", "a.xlsx", lambda items: papers.workbook(_rows(items)), _walk_workbook),
    ("html", "a.html", lambda items: papers.page(*_lines(items)), _walk_page),
    ("html, a table", "a.html", lambda items: papers.page(_TITLE, _rows(items)), _walk_page),
    ("pdf", "a.pdf", _pdf, _walk_pdf),
)


def _median(runs: int, what: Callable[[], object]) -> float:
    times = []
    for _ in range(runs):
        started = perf_counter()
        what()
        times.append(perf_counter() - started)
    return median(times)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items", type=int, default=500)
    options.add_argument("--runs", type=int, default=5)
    asked = options.parse_args()
    click.echo("| format | items read | library alone | drafting | as an upload | drafting / library | limit | |")
    click.echo("|---|--:|--:|--:|--:|--:|--:|---|")
    kept = [_row(asked.items, asked.runs, *each) for each in FORMATS]
    click.echo(
        f"\nLoad {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; on a busy machine all times are longer."
    )
    sys.exit(0 if all(kept) else 1)


def _row(
    items: int, runs: int, label: str, name: str, build: Callable[[int], bytes], walk: Callable[[bytes], None]
) -> bool:
    data = build(items)
    read = len(parse(data, name).items)  # and loads what is loaded once
    floor = _median(runs, lambda: walk(data))
    drafting = _median(runs, lambda: parse(data, name))
    upload = _median(runs, lambda: guarded.parse(data, name))
    limit = max(SECONDS, 2 * floor)
    within = drafting < limit and upload < limit and read == items
    click.echo(
        f"| {label} | {read} | {floor:.3f} s | {drafting:.3f} s | {upload:.3f} s | {drafting / floor:.1f} "
        f"| {limit:.2f} s | {'kept' if within else 'NOT KEPT'} |"
    )
    return within


if __name__ == "__main__":
    main()
