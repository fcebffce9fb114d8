from tracker.reading.document import Cell, Document, Grid, Lines, Transcript
from tracker.reading.passage import Passage
from tracker.reading.plan import Span


def test_lines_are_counted_from_one():
    lines = Lines("甲\n乙乙\n\n丙")
    assert [lines.of(Span(0, 1)), lines.of(Span(2, 3)), lines.of(Span(6, 7))] == [1, 2, 4]


def test_a_passage_over_a_line_end_has_a_first_and_a_last_line():
    source = "甲乙\n丙丁"
    passage = Passage.of(source, 1, 4)
    assert (Lines(source).of(passage), Lines(source).last_of(passage)) == (1, 2)


def test_a_transcript_writes_rows_as_lines_and_a_merged_cell_once():
    group = Cell("公开")
    transcript = Transcript()
    transcript.paragraph("任务表")
    transcript.table([[group, Cell("甲")], [group, Cell("乙")]])
    document = transcript.document()
    assert document.source == "任务表\n公开 | 甲\n | 乙\n"
    grid = document.blocks[1]
    assert isinstance(grid, Grid)
    assert grid.rows[0][0] is grid.rows[1][0]


def test_a_repair_maps_a_merged_cell_once():
    cell = Passage.of("責任")
    document = Document("責任", (Grid(((cell,), (cell,))),))
    grid = document.mapped(lambda passage: passage.reading("责任")).blocks[0]
    assert grid.rows[0][0] is grid.rows[1][0]
    assert grid.rows[0][0].text == "责任"
