"""A document to a parsed plan: read its format, repair it, find its items, read each of them."""

from dataclasses import replace

from tracker.reading import formats, records, repair, stacked, tables, text
from tracker.reading.breaks import restored
from tracker.reading.document import Document
from tracker.reading.plan import ParsedPlan, Remark
from tracker.reading.reading import Reading
from tracker.reading.wrapping import joined
from tracker.rules.refusals import Invalid

LARGEST = 20_000_000
MOST_ITEMS = 5_000

NOTHING_FOUND = (
    "没有读到工作任务：文中没有带编号的条目（如“一、”“（一）”“1.”），也没有带“工作任务”“责任单位”等表头的表格。"
    "请确认导入的是工作计划正文；如果任务没有编号，请先加上编号再导入。"
)


def parse(data: bytes, filename: str) -> ParsedPlan:
    """Read a file; raise Invalid, with what to do, for one that cannot be read."""
    check_size(data)
    found = formats.of(data, filename)
    document = found.read(data)
    if formats.is_mislabelled(found, filename):
        sentence = f"文件名的后缀与内容不符，已按内容（{found.name}）读取。"
        document = replace(document, remarks=(Remark("mislabelled", 1, sentence, filename), *document.remarks))
    return _plan(document)


def check_size(data: bytes) -> None:
    """Raise Invalid for a file that is empty, or too large to be looked into."""
    if not data.strip():
        raise Invalid("这个文件是空的。请选择有内容的文件后重新导入。")
    if len(data) > LARGEST:
        raise Invalid("文件超过 20 MB，不能导入。请去掉其中的图片，或另存为 .docx、.txt 后再试。")


def parse_text(pasted: str) -> ParsedPlan:
    """Read pasted text."""
    if not pasted.strip():
        raise Invalid("还没有粘贴内容。请把工作计划的正文粘贴进来后再试。")
    return _plan(text.from_text(pasted.replace("\r\n", "\n").replace("\r", "\n")))


def _plan(document: Document) -> ParsedPlan:
    plan = Reading(
        joined(restored(tables.laid_out(repair.repaired(records.gathered(stacked.gathered(document))))))
    ).plan()
    if not plan.items:
        raise Invalid(NOTHING_FOUND)
    if len(plan.items) > MOST_ITEMS:
        raise Invalid(f"读出的任务超过 {MOST_ITEMS} 项，不像一份工作计划，不能导入。请只保留计划正文后再试。")
    return plan
