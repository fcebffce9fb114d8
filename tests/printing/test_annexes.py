"""The tables annexed to the circular: those that have something to tell."""

from dataclasses import replace

from tests.sealed import SNAPSHOT
from tracker.printing.annexes import annexes

SECTIONS = "各板块任务进展情况表"


def test_the_only_section_of_a_plan_has_no_table_of_its_own():
    alone = replace(SNAPSHOT, items=tuple(replace(item, section=()) for item in SNAPSHOT.items))
    assert SECTIONS in [annex.title for annex in annexes(SNAPSHOT)]
    assert SECTIONS not in [annex.title for annex in annexes(alone)]
