from collections import Counter
from dataclasses import replace

from tests.sealed import FINDING, SNAPSHOT, UNITS
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.papers import number_of, the_set, title


def test_the_set_has_one_of_each_kind_and_one_to_each_unit_where_units_have_their_own():
    counts = Counter(paper.kind for paper in the_set(SNAPSHOT))
    assert counts == {kind: len(UNITS) if kind.per_unit else 1 for kind in PaperKind}


def test_a_notice_of_rectification_has_its_findings_number_and_one_that_was_not_sent_is_none():
    untold, carried = replace(FINDING, id=2, number=None), replace(FINDING, id=3, number=9, carried=True)
    notices = [
        paper
        for paper in the_set(replace(SNAPSHOT, findings=(untold, carried, FINDING)))
        if paper.kind is PaperKind.RECTIFICATION_NOTICE
    ]
    assert [(paper.subject, paper.unit_id, paper.numbered) for paper in notices] == [(1, FINDING.unit_id, (2025, 1))]


def test_numbers_are_written_as_the_standard_says():
    assert number_of(PaperKind.CIRCULAR, 2025, 3) == "季度通报〔2025〕3号"


def test_no_two_kinds_share_a_word_of_number():
    assert len({number_of(kind, 2025, 1) for kind in PaperKind}) == len(PaperKind)


def test_a_title_names_the_quarter_once():
    assert title(PaperKind.LEDGER, SNAPSHOT.quarter) == "2025年第一季度工作台账"
    assert all(title(kind, SNAPSHOT.quarter).count("季度") == 1 for kind in PaperKind)
