from tracker.reading.found import InBrackets
from tracker.reading.passage import Passage
from tracker.reading.units import LeadRule


def test_brackets_without_labels_are_read_one_by_one():
    found = InBrackets((Passage.of("甲局负责"), Passage.of("乙局负责")), ()).read(LeadRule.FIRST_COMMA)
    assert [(unit.name, unit.lead) for unit in found.units] == [("甲局", True), ("乙局", True)]


def test_labels_in_several_brackets_are_read_together():
    pieces = (Passage.of("责任单位：乙局"), Passage.of("牵头单位：甲局"))
    found = InBrackets(pieces, ()).read(LeadRule.FIRST_COMMA)
    assert {(unit.name, unit.lead) for unit in found.units} == {("甲局", True), ("乙局", False)}


def test_a_headings_units_hold_where_the_entry_has_none():
    found = InBrackets((), (Passage.of("甲局负责"),))
    assert not found.named
    assert [unit.name for unit in found.read(LeadRule.FIRST_COMMA).units] == ["甲局"]
