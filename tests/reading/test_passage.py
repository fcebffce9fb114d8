import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.reading.passage import Passage, join
from tracker.reading.plan import Span

TEXTS = st.text(alphabet="一二 \n(ā)x、。", max_size=30)
few = settings(max_examples=60, deadline=None)


def test_a_slice_knows_where_it_was_printed():
    passage = Passage.of("按照规定公开")[2:4]
    assert (passage.text, passage.span) == ("规定", Span(2, 4))


def test_a_replacement_stands_for_all_that_it_replaced():
    source = "甲(fā)乙"
    passage = Passage.of(source).sub(re.compile(r"\(fā\)"), "")
    assert passage.text == "甲乙"
    assert passage[1:].span == Span(5, 6)
    assert passage.span == Span(0, 6)


def test_another_reading_of_the_same_length_keeps_every_place():
    passage = Passage.of("責任單位").reading("责任单位")
    assert passage[2:].span == Span(2, 4)


def test_a_reading_of_another_length_stands_for_the_whole():
    passage = Passage.of("。ㄒ唬┮").reading("（一）规范")
    assert passage[:3].span == Span(0, 4)


def test_stretches_leave_out_what_was_dropped_between():
    source = "前半— 1 —后半"
    whole = join((Passage.of(source, 0, 2), Passage.of(source, 7, 9)))
    assert whole.text == "前半后半"
    assert whole.stretches == (Span(0, 2), Span(7, 9))


def test_a_match_gives_the_passage_of_its_group():
    passage = Passage.of("由县司法局牵头")
    match = re.search("由(.+)牵头", passage.text)
    assert passage.group(match, 1).span == Span(1, 5)


@few
@given(TEXTS, st.integers(0, 30), st.integers(0, 30))
def test_any_slice_of_the_source_is_printed_where_its_span_says(source, start, end):
    passage = Passage.of(source)[start:end].strip()
    assert source[passage.span.start : passage.span.end] == passage.text


@few
@given(TEXTS)
def test_what_a_repair_kept_is_printed_where_its_span_says(source):
    passage = Passage.of(source).sub(re.compile(r"\(ā\)|[ \n]+"), "")
    for place, character in enumerate(passage.text):
        span = passage[place : place + 1].span
        assert source[span.start : span.end] == character


@few
@given(st.lists(TEXTS, max_size=5))
def test_pieces_join_to_what_they_were_cut_from(texts):
    source = "".join(texts)
    pieces, place = [], 0
    for text in texts:
        pieces.append(Passage.of(source, place, place + len(text)))
        place += len(text)
    whole = join(pieces)
    assert whole.text == source
    assert [whole[i : i + 1].span for i in range(len(source))] == [Span(i, i + 1) for i in range(len(source))]
