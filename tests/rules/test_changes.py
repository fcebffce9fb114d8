import time

from tracker.rules.changes import Change, Mark, Piece, changes


def test_a_changed_clause_is_struck_and_written_anew():
    [change] = changes({"工作进展": "一是自查，二是整改。"}, {"工作进展": "一是自查，二是全面整改。"})
    assert change == Change(
        "工作进展",
        (
            Piece(Mark.KEPT, "一是自查，"),
            Piece(Mark.REMOVED, "二是整改"),
            Piece(Mark.ADDED, "二是全面整改"),
            Piece(Mark.KEPT, "。"),
        ),
    )


def test_a_sentence_that_goes_on_keeps_its_beginning():
    [change] = changes({"": "已公开2件。"}, {"": "已公开2件，征集率92%。"})
    assert [(piece.mark, piece.text) for piece in change.pieces] == [
        (Mark.KEPT, "已公开2件"),
        (Mark.ADDED, "，征集率92%"),
        (Mark.KEPT, "。"),
    ]


def test_what_reads_the_same_is_not_told():
    assert changes({"工作进展": "同。", "存在问题": "无"}, {"工作进展": "同。", "存在问题": "无"}) == []


def test_a_field_that_comes_or_goes_is_told():
    gone, come = changes({"甲": "一"}, {"乙": "二"})
    assert gone.pieces == (Piece(Mark.REMOVED, "一"),)
    assert come.pieces == (Piece(Mark.ADDED, "二"),)


def test_nothing_of_either_text_is_lost():
    before, after = "甲，乙。\n丙；丁", "甲，新。\n丁"
    [change] = changes({"": before}, {"": after})
    assert "".join(piece.text for piece in change.pieces if piece.mark is not Mark.ADDED) == before
    assert "".join(piece.text for piece in change.pieces if piece.mark is not Mark.REMOVED) == after


def test_long_texts_of_nothing_but_stops_are_compared_at_once():
    started = time.perf_counter()
    changes({"": "，甲" * 1000}, {"": "甲，，" * 666})
    assert time.perf_counter() - started < 1
