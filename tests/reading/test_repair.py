from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.reading.document import Document
from tracker.reading.passage import Passage
from tracker.reading.repair import is_traditional, repaired, simplified


def repair(source: str) -> Document:
    return repaired(Document(source, (Passage.of(source),)))


def text(document: Document) -> str:
    return "".join(passage.text for passage in document.passages)


def codes(document: Document) -> list[str]:
    return [remark.code for remark in document.remarks]


def test_traditional_characters_become_simplified_with_a_remark():
    document = repair("著力推進政務公開，責任單位：縣財政局")
    assert text(document) == "着力推进政务公开，责任单位：县财政局"
    assert codes(document) == ["traditional"]


def test_zhu_stays_where_simplified_text_writes_it_too():
    assert simplified("成效顯著，著名著作，圍繞著目標") == "成效显著，著名著作，围绕着目标"


def test_a_simplified_text_that_quotes_a_traditional_name_is_left_alone():
    assert not is_traditional("与台湾乾隆堂（乾隆堂）开展交流，推进各项政务公开工作落到实处。")
    assert text(repair("乾隆堂")) == "乾隆堂"


def test_pinyin_behind_its_character_is_taken_out():
    document = repair("及時發(fā)布，規(guī)范辦理")
    assert text(document) == "及时发布，规范办理"
    assert "pinyin" in codes(document)


def test_latin_words_in_brackets_stay():
    assert text(repair("移动应用程序（app）和公司(co)")) == "移动应用程序（app）和公司(co)"


def test_a_garbled_name_is_kept_and_doubted():
    document = repair("责任科室:社???、农财科")
    assert text(document) == "责任科室:社???、农财科"
    (remark,) = document.remarks
    assert (remark.code, remark.doubt) == ("garbled", True)
    assert "社???" in remark.excerpt


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="責任單位著(fā)。、 \u3000一x", max_size=40))
def test_every_repaired_character_is_traced_to_the_source(source):
    for passage in repair(source).passages:
        for place, character in enumerate(passage.text):
            span = passage[place : place + 1].span
            printed = source[span.start : span.end]
            assert simplified(printed) in (character, simplified(character)) or printed.isspace()
