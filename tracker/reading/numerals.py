"""Numbers as offices write them: 30, 1,200, 30万, 三, 二十一, 百分之九十五."""

import re
from decimal import Decimal
from functools import lru_cache

HANZI = "零〇一二两三四五六七八九十百千"
_FACTORS = {"万": 10_000, "亿": 100_000_000, "千": 1_000, "百": 100}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_ARABIC = re.compile(r"([\d,，]+(?:\.\d+)?)([万亿千百]*)")


@lru_cache(maxsize=4096)
def number(text: str) -> Decimal:
    """The value of a matched numeral; raise ValueError for what is none."""
    text = text.translate(HALF_WIDTH)
    if arabic := _ARABIC.fullmatch(text):
        value = Decimal(arabic[1].replace(",", ""))
        for factor in arabic[2]:
            value *= _FACTORS[factor]
        return value
    return Decimal(_hanzi(text))


HALF_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


def _hanzi(text: str) -> int:
    """二十一, 一百, 百, and digit by digit 二〇二五."""
    if len(text) > 1 and all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total, digit = 0, -1
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            total, digit = total + (1 if digit < 0 else digit) * _UNITS[character], -1
        else:
            raise ValueError(f"no numeral: {text!r}")
    return total + max(digit, 0)
