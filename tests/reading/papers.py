"""Builds small documents of each format, so that a test's input stands beside its assertion."""

import zipfile
from collections.abc import Iterable, Sequence
from html import escape
from io import BytesIO

import docx
import xlsxwriter

Rows = Sequence[Sequence[str | None]]
"""A table; None is a place that the cell above (or, in the first column of its row, to the left) covers."""


def word(*blocks: str | Rows) -> bytes:
    """A Word document of paragraphs and tables; None in a table merges with the cell above."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block), len(block[0]))
        for place, row in enumerate(block):
            cells = table.rows[place].cells
            for column, text in enumerate(row):
                if text is None:
                    cells[column].merge(table.rows[place - 1].cells[column])
                else:
                    cells[column].text = text
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def workbook(rows: Rows) -> bytes:
    """An .xlsx file of one sheet; None merges with the cell above."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("任务表")
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                if text is not None:
                    sheet.write_string(place, column, text)
        for first, last, column in _merges(rows):
            sheet.merge_range(first, column, last, column, rows[first][column])
    return file.getvalue()


def _merges(rows: Rows) -> Iterable[tuple[int, int, int]]:
    for column in range(len(rows[0])):
        first = 0
        for place in range(1, len(rows) + 1):
            if place == len(rows) or rows[place][column] is not None:
                if place - 1 > first:
                    yield first, place - 1, column
                first = place


def page(*blocks: str | Rows) -> bytes:
    """A web page of paragraphs and tables; None in a table is covered by the cell above."""
    body = "".join(f"<p>{escape(block)}</p>" if isinstance(block, str) else _html_table(block) for block in blocks)
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{body}</body></html>".encode()


def _html_table(rows: Rows) -> str:
    reach = {(first, column): last - first + 1 for first, last, column in _merges(rows)}
    written = []
    for place, row in enumerate(rows):
        cells = [
            f"<td rowspan={reach.get((place, column), 1)}>{escape(text)}</td>"
            for column, text in enumerate(row)
            if text is not None
        ]
        written.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(written)}</table>"


def spreadsheet(rows: str) -> bytes:
    """An .ods file of one table with these rows, given as XML."""
    names = ("office:1.0", "table:1.0", "text:1.0", "manifest:1.0")
    spaces = " ".join(f'xmlns:{name[:-4]}="urn:oasis:names:tc:opendocument:xmlns:{name}"' for name in names)
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as pack:
        pack.writestr("mimetype", kind)
        entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        pack.writestr("META-INF/manifest.xml", f"<manifest:manifest {spaces}>{entry}</manifest:manifest>")
        table = f'<table:table table:name="a">{rows}</table:table>'
        body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
        pack.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
    return file.getvalue()


def spreadsheet_row(*texts: str, attributes: str = "") -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def pdf(*pages: Sequence[tuple[float, float, str]], ruled: Sequence[tuple[float, float, float, float]] = ()) -> bytes:
    """A PDF of A4 pages with text at places (x, y from the bottom), 12 points, and lines ruled on the first."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    font = (
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< "
        "/Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) "
        "/Ordering (GB1) /Supplement 2 >> /DW 1000 >>] >>"
    )
    kids = []
    for number, lines in enumerate(pages):
        rules = "".join(f"{x} {y} m {to_x} {to_y} l S " for x, y, to_x, to_y in (ruled if number == 0 else ()))
        text = "".join(f"BT /F 12 Tf {x} {y} Td <{t.encode('utf-16-be').hex()}> Tj ET " for x, y, t in lines)
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects) + 2} 0 R "
            f"/Resources << /Font << /F {font} >> >> >>"
        )
        objects.append(f"<< /Length {len(rules + text)} >> stream\n{rules}{text}\nendstream")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>"
    return _file(objects)


def _file(objects: list[str]) -> bytes:
    data, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF"
    return f"{data}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")
