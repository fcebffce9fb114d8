"""Sentences and clauses, and what must not be read in them: names, slogans, grants."""

import re
from collections.abc import Iterator

from tracker.reading import brackets
from tracker.reading.passage import Passage

_CLAUSE_END = re.compile(r"[，；;。：:！？!?\n]|,(?!(?<=\d,)\d{3}(?!\d))")  # not that of 1,500
_NAMED = re.compile(r"《[^《》]{0,200}》|“[^“”]{0,200}”|「[^「」]{0,200}」|\"[^\"]{0,200}\"|〔[^〔〕]{0,50}〕")
# Money granted and the terms on which it is: limits of an entitlement, not work that can be counted.
GRANT = re.compile(
    "给予|给于|补助|补贴(?!性)|奖励|奖补|资助|贴息|减免|优惠|享受|可申请|可申报|申领|返还|贷款|租金|年薪|服务期|上限|最高|总额|罚款|免费|利率|发放|入股|"
    "算力资源|额度|报销"
)
_CONDITION = re.compile(r"的[)）]?$")


def clauses(passage: Passage) -> Iterator[tuple[Passage, str]]:
    """Each clause with the mark that ends it; brackets are part of their clause."""
    done = 0
    for match in brackets.outside(passage.text, _CLAUSE_END):
        if match.start() > done:
            yield passage[done : match.start()], match[0]
        done = match.end()
    if done < len(passage):
        yield passage[done:], ""


def masked(text: str) -> str:
    """The text with titles and quotations blanked out, its length unchanged."""
    return _NAMED.sub(lambda match: match[0][0] + "＿" * (len(match[0]) - 2) + match[0][-1], text)


def is_condition(clause: str, mark: str) -> bool:
    """对…达到25%的，: on what something depends."""
    return mark in "，,、" and bool(_CONDITION.search(clause.strip()))


def is_grant(clause: str) -> bool:
    return bool(GRANT.search(clause))
