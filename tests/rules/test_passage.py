from tracker.rules.passage import source_lines

SOURCE = "标题\n一、做好公开。\n（责任单位：县司法局）"


def marked(spans):
    return {
        line.number: [text for text, marked in line.pieces if marked]
        for line in source_lines(SOURCE, spans)
        if line.is_marked
    }


def test_lines_are_numbered_from_one_and_nothing_is_lost():
    lines = list(source_lines(SOURCE, [[5, 9]]))
    assert [line.number for line in lines] == [1, 2, 3]
    assert "\n".join("".join(text for text, _ in line.pieces) for line in lines) == SOURCE


def test_a_passage_over_two_lines_is_marked_in_both():
    assert marked([[5, 16]]) == {2: ["做好公开。"], 3: ["（责任单位"]}


def test_stretches_that_overlap_or_run_out_of_the_text_are_marked_once():
    assert marked([[5, 8], [6, 9], [20, 99]]) == {2: ["做好公", "开"], 3: ["局）"]}


def test_an_empty_line_stays_a_line():
    assert [line.pieces for line in source_lines("甲\n\n乙", [])] == [
        (("甲", False),),
        (("", False),),
        (("乙", False),),
    ]
