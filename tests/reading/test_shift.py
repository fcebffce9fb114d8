import pytest

from tracker.reading.repair import simplified
from tracker.reading.shift import Shifts

ELSEWHERE = "規(guī)范發(fā)布，保障權利，強化政策解讀，完善機制"


def shifted(text: str) -> str:
    """What an old program made of a text when it cut one byte off: read as GBK one byte on."""
    return text.encode("gbk")[1:].decode("gbk", errors="ignore")


@pytest.mark.parametrize(
    ("printed", "was"),
    [
        ("。ㄒ唬┮(guī)范", "（一）規"),
        ("。ǘ⿵娀呓庾x,切實", "（二）強化政策解讀"),
        ("。ㄎ澹⿵娀U蠙C制", "（五）強化保障機"),
        ("審查??茖W確定", "。科學"),
    ],
)
def test_a_shifted_stretch_is_read_from_its_bytes_and_the_rest_of_the_document(printed, was):
    ((_, _, read),) = Shifts(ELSEWHERE + printed, simplified).undo(printed)
    assert read == was


def test_the_halves_are_those_that_a_lost_byte_leaves():
    assert shifted("\u3000（一）").startswith("。ㄒ唬")


@pytest.mark.parametrize("text", ["如何公開？？請說明。", "社???、農財科", "公開（一）規范"])
def test_a_text_that_was_not_shifted_is_left_alone(text):
    assert list(Shifts(text, simplified).undo(text)) == []
