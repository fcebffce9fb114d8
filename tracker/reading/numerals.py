"""Numbers as offices write them: 30, 1,200, 30万, 三, 二十一, 百分之九十五."""

import re
from decimal import Decimal
from functools import lru_cache

HANZI = "零〇一二两三四五六七八九十百千"
_FACTORS = {"万": 10_000, "亿": 100_000_000, "千": 1_000, "百": 100}
_ARABIC = re.compile(r"([\d,，]+(?:\.\d+)?)([万亿千百]*)")


@lru_cache(maxsize=4096)
def number(text: str) -> Decimal:
    """The value of a matched numeral; raise ValueError for what is none."""
    text = text.translate(_HALF_WIDTH)
    if arabic := _ARABIC.fullmatch(text):
        value = Decimal(arabic[1].replace(",", ""))
        for factor in arabic[2]:
            value *= _FACTORS[factor]
        return value
    return Decimal(str(_hanzi(text)))


_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


def _hanzi(text: str) -> float:
    from cn2an import cn2an  # slow to import, and many documents never need it

    value: float = cn2an(text, "smart")
    return value
