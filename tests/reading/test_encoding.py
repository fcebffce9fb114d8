import codecs

import pytest

from tracker.reading.encoding import decode
from tracker.rules.refusals import Invalid

SIMPLIFIED = "一、工作任务\r\n（一）规范发布内容，提升信息公开质量。"
TRADITIONAL = "一、工作任務\r\n（一）規範發布內容，提升資訊公開的質量，並且說明理由。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_simplified_text_is_read_in_the_encodings_of_offices(encoding):
    assert decode(SIMPLIFIED.encode(encoding)) == SIMPLIFIED.replace("\r\n", "\n")


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030"])
def test_traditional_text_is_read_in_big5_as_well(encoding):
    assert decode(TRADITIONAL.encode(encoding)) == TRADITIONAL.replace("\r\n", "\n")


def test_utf_8_with_a_lost_byte_is_still_utf_8():
    data = (SIMPLIFIED * 20).encode()
    assert decode(data[:-1]).startswith("一、工作任务")


@pytest.mark.parametrize("data", [b"\x00\x01\x02" * 50, codecs.BOM_UTF16_LE + b"\x00\xd8\x00"])
def test_what_is_no_text_is_refused_with_a_way_out(data):
    with pytest.raises(Invalid, match="另存为"):
        decode(data)
