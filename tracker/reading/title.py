"""What the head and the end of a document say: its title, who issued it, for which year."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tracker.reading import furniture
from tracker.reading.numerals import HALF_WIDTH, number
from tracker.reading.passage import Passage, join

KIND = (
    "计划|要点|方案|安排|行事历|工作历|意见|措施|举措|分工|通知|办法|规划|清单|任务书?|细则|台账|行动|决定|规定|"
    "(?:分解|一览|责任|推进|任务|分工|工作)表"
)
_TITLE = re.compile(rf"[^。；;，,？?！]{{2,90}}(?:{KIND})(?:\s*[（(][^）)]*[）)])?")
_UNKIND_TITLE = re.compile(r"[^。；;，,：:？?！|]{6,50}(?<!通知)")
_FORWARDS = re.compile(r"(?:印发|转发|下发|发布|报送).{2,60}通知$")
_MADE = re.compile(
    rf"(?:特?制[定订]|提出)(?:如下|以下)?(?:我[局县市区镇乡街道委办]{{1,2}}|本[^，。]{{1,4}}?)?\s*"
    rf"(?P<title>[^，。；]{{0,40}}(?:{KIND}))(?:如下)?[，。：:]?\s*$"
)
_NUMBERED = re.compile(
    rf"(?P<title>.*(?:{KIND})(?:[（(][^）)]*[）)])?)\s*[^\s（(]{{1,8}}[〔\[（(]\d{{4}}[〕\])）]\s*\d+\s*号"
)
_ISSUED = re.compile(
    r"[\u4e00-\u9fffxX×]{2,24}?(?:国务院|政府办公室|政府办公厅|办公厅|办公室|政府|局|委员会|委|厅|部|中心|"
    r"街道办事处|管委会|院|集团|公司|学校|镇|乡|[支总大]队|分局|管理处|中心校)"
)
_BY_TITLE = re.compile(rf"^(?P<issuer>{_ISSUED.pattern})(?=关于|[（(]?20\d\d|[xX×]{{4}}年)")
_SIGNED = re.compile(
    rf"(?:^|[。；：）)])\s*(?P<issuer>国务院|{_ISSUED.pattern})\s*(?=20\d{{2}}年\d{{1,2}}月\d{{1,2}}日)"
)
_OWN_UNITS = re.compile(
    r"^(?P<issuer>[\u4e00-\u9fffxX×]{2,20}?(?:局|委|办|部|厅|政府|中心))(?:各|机关各)(?:处|科|股|室|单位|部门)"
)
_YEAR = re.compile(r"(20\d{2}|二[〇○零][〇○零一二三四五六七八九]{2})\s*(?:[—\-–~～至]+\s*(?:20\d{2})\s*)?年")
_YEAR_OF_NUMBER = re.compile(r"[〔\[（(]\s*(20\d{2})\s*[〕\])）]\s*\d+\s*号")
_NO_YEAR = re.compile(r"[xX×]{2,4}\s*年|[xX×]{4}")
_ANY_DATE = re.compile(r"(20\d{2})[年\-./]\s*\d{1,2}\s*[月\-./]")


@dataclass(frozen=True)
class Heading:
    title: str | None
    issuer: str | None
    year: int | None
    blanked: Passage | None = None  # the title, where its year is blanked out


def heading(head: list[Passage], end: list[Passage], body: str) -> Heading:
    """Read the head, and what follows the last item (`end`); `body` only helps to find the year."""
    title = _title(head)
    text = title.text if title else ""
    return Heading(
        _without_number(text) or None,
        _issuer(head, end, text),
        _year(text, [passage.text for passage in head], [passage.text for passage in end], body),
        title if title and _NO_YEAR.search(text) else None,
    )


def is_title(line: Passage) -> bool:
    return not _is_furniture(line.text) and bool(_TITLE.fullmatch(_without_number(line.text)))


def _title(head: list[Passage]) -> Passage | None:
    """The last title-like line before the entries, rather not that of a notice which only forwards."""
    found = list(_candidates(head))
    own = [passage for passage in found if not _FORWARDS.search(_without_number(passage.text))]
    if own or found:
        return (own or found)[-1].strip()
    for passage in reversed(head):
        if match := _MADE.search(passage.text.strip()):
            return passage.strip().group(match, "title").strip()
    return next((passage.strip() for passage in head if _names_a_year(passage.text.strip())), None)


def _names_a_year(line: str) -> bool:
    """Whether a line is a title although it does not say of what kind: 某区2025年安全生产重点工作."""
    if _is_furniture(line) or _ANY_DATE.search(line) or not _UNKIND_TITLE.fullmatch(line):
        return False
    return bool(_YEAR.search(line.translate(HALF_WIDTH)))


def _candidates(head: list[Passage]) -> Iterator[Passage]:
    lines = [passage for passage in head if not _is_furniture(passage.text)]
    for place, line in enumerate(lines):
        text = _without_number(line.text)
        if not _TITLE.fullmatch(text):
            continue
        above = lines[place - 1] if place else None
        if above is not None and _goes_on(above.text, text):
            line = join((above.strip(), line.strip()))
        yield line


def _goes_on(above: str, line: str) -> bool:
    """Whether a title's first line stands above: 某市人民政府办公室 / 关于……的意见, 某区2023年重点工作 / 分工方案."""
    above = above.strip()
    if not above or re.search(r"[。；，,：:？]$", above) or _TITLE.fullmatch(above) or len(above) > 40:
        return False
    if line.strip().startswith("关于") or "关于" in above:
        return True
    names_year = _YEAR.search(above.translate(HALF_WIDTH)) and not _ANY_DATE.search(above)
    return bool(names_year) and not above.endswith(("）", ")")) and not _YEAR.search(line)


def _without_number(text: str) -> str:
    """The title, without the document's number that scraping has joined to it."""
    match = _NUMBERED.fullmatch(text.strip())
    return match["title"].strip() if match else text.strip()


def _is_furniture(text: str) -> bool:
    return bool(furniture.reason(text))


def _issuer(head: list[Passage], end: list[Passage], title: str) -> str | None:
    """Who signed; else whom the title names; else whose sections the end addresses."""
    for passages in (end, head):
        if signed := _signature(passages):
            return signed
    if named := _BY_TITLE.match(title.translate(HALF_WIDTH)):
        return named["issuer"]
    for passage in end:
        if own := _OWN_UNITS.match(passage.text.strip()):
            return own["issuer"]
    return None


def _signature(passages: list[Passage]) -> str | None:
    lines = [passage.text.strip() for passage in passages]
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        if furniture.is_date(following.replace(" ", "")) and (
            match := re.fullmatch(rf"国务院|{_ISSUED.pattern}", line)
        ):
            return match[0]
        if match := _SIGNED.search(line):
            return match["issuer"]
    return None


def _year(title: str, head: list[str], end: list[str], body: str) -> int | None:
    """The year planned for: the title's, the number's, the one that the opening names, that of issue."""
    if match := _YEAR.search(title.translate(HALF_WIDTH)):
        return int(number(match[1]))
    if _NO_YEAR.search(title):
        return None
    searches = (
        (_YEAR_OF_NUMBER, head),
        (re.compile(rf"制[定订][^。]{{0,6}}{_YEAR.pattern}"), head),
        (_ANY_DATE, [*(line for line in end), *reversed(head)]),
    )
    for pattern, lines in searches:
        if years := [int(number(match[1])) for line in lines for match in pattern.finditer(line)]:
            return years[0]
    return _commonest(int(match[1]) for match in _ANY_DATE.finditer(body))


def _commonest(years: Iterable[int]) -> int | None:
    counted = Counter(years).most_common(1)
    return counted[0][0] if counted else None
