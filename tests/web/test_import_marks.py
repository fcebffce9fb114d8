from tracker.web.import_marks import Kind, Mark, Part, marked_lines, segments, stretches

SOURCE = "一、任务\n1.甲办,8月底前。\n\n导航"
ITEM, UNIT, DEADLINE, DOUBT = Kind.ITEM, Kind.UNIT, Kind.DEADLINE, Kind.DOUBT


def mark(text: str, kind: Kind, item: int | None = 7, source: str = SOURCE) -> Mark:
    start = source.index(text)
    return Mark(start, start + len(text), kind, item)


def lines(source: str, *marks: Mark, dropped=None, doubts=None):
    return list(marked_lines(source, marks, dropped or {}, doubts or {}))


def texts(parts) -> list[str]:
    return [part.text for part in parts]


def test_a_document_without_marks_is_its_lines():
    assert texts(segments(SOURCE, [])) == ["一、任务", "1.甲办,8月底前。", "导航"]


def test_no_character_is_lost_or_doubled():
    marks = [mark("1.甲办,8月底前。", ITEM), mark("甲办", UNIT), mark("办,8月", DOUBT), Mark(0, len(SOURCE), ITEM, 8)]
    assert [line.text for line in lines(SOURCE, *marks)] == SOURCE.split("\n")


def test_evidence_within_an_item_is_cut_out_of_it():
    parts = list(segments(SOURCE, [mark("甲办,8月底前。", ITEM), mark("8月底前", DEADLINE)]))
    assert parts[1:5] == [
        Part("1.", 5, (), ()),
        Part("甲办,", 7, (7,), ()),
        Part("8月底前", 10, (7,), (DEADLINE,)),
        Part("。", 14, (7,), ()),
    ]


def test_overlapping_evidence_carries_both_marks_where_it_overlaps():
    parts = list(segments(SOURCE, [mark("甲办,8月", UNIT), mark("8月底前", DEADLINE)]))
    assert [(part.text, part.kinds) for part in parts if part.kinds] == [
        ("甲办,", (UNIT,)),
        ("8月", (UNIT, DEADLINE)),
        ("底前", (DEADLINE,)),
    ]


def test_an_item_of_several_spans_begins_at_its_first():
    found = lines(SOURCE, mark("甲办", ITEM), mark("8月底前", ITEM))
    runs = found[1].runs
    assert [(texts(run.parts), run.items, run.begins) for run in runs] == [
        (["1."], (), ()),
        (["甲办"], (7,), (7,)),
        ([","], (), ()),
        (["8月底前"], (7,), ()),
        (["。"], (), ()),
    ]


def test_evidence_that_several_items_share_names_them_all():
    part = next(part for part in segments(SOURCE, [mark("甲办", UNIT, 7), mark("甲办", UNIT, 8)]) if part.kinds)
    assert part.items == (7, 8)


def test_a_mark_over_a_line_break_is_cut_by_it():
    found = lines("甲乙\n丙丁", Mark(1, 4, ITEM, 7))
    assert [[(texts(run.parts), run.items) for run in line.runs] for line in found] == [
        [(["甲"], ()), (["乙"], (7,))],
        [(["丙"], (7,)), (["丁"], ())],
    ]


def test_a_line_of_evidence_is_not_dropped_whatever_was_said_of_it():
    found = lines(SOURCE, mark("甲办", ITEM), dropped={2: "引言", 4: "网页的导航"})
    assert [line.dropped for line in found] == ["", "", "", "网页的导航"]


def test_dropped_lines_are_folded_together_and_blank_ones_go_along():
    folded = stretches(lines("甲\n乙\n\n丙\n丁", dropped={2: "引言", 4: "引言"}))
    assert [(stretch.folded, [line.number for line in stretch.lines]) for stretch in folded] == [
        (False, [1]),
        (True, [2, 3, 4]),
        (False, [5]),
    ]


def test_a_doubt_stays_with_its_line():
    assert lines(SOURCE, doubts={2: ["请核对。"]})[1].doubts == ("请核对。",)


def test_an_empty_document_has_one_empty_line():
    assert [line.text for line in lines("")] == [""]


def test_an_empty_mark_marks_nothing():
    assert [part.kinds for part in segments("甲乙", [Mark(1, 1, UNIT, 7)])] == [(), ()]
