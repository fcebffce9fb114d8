"""The papers of sealed quarters: numbers without gaps, files kept once, receipts, and one list of all numbers."""

from datetime import date

import pytest

from tests.closing import LATER, SEALING, report_first_item, seal
from tests.conftest import noon
from tests.finding import notified
from tests.reporting import Q2, count
from tracker.ledger import events, files, paper_register, papers
from tracker.ledger.db import transaction
from tracker.ledger.paper_register import Asked
from tracker.ledger.tables.papers import PaperFile
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal

pytestmark = pytest.mark.usefixtures("app_context")
TWO_UNITS = 4


def _numbers(snapshot, kind):
    return [(paper.year, paper.number) for paper in papers.papers_of(snapshot) if paper.kind is kind]


def test_every_paper_of_the_set_is_numbered_by_kind_and_year(cast):
    report_first_item(cast)
    first = seal(cast)
    assert _numbers(first, PaperKind.CIRCULAR) == [(2025, 1)]
    assert _numbers(first, PaperKind.INSPECTION) == [(2025, number) for number in range(1, TWO_UNITS + 1)]
    second = seal(cast, on=date(2025, 7, 25), quarter=Q2)
    assert _numbers(second, PaperKind.CIRCULAR) == [(2025, 2)]
    assert _numbers(second, PaperKind.INSPECTION) == [(2025, 4 + number) for number in range(1, TWO_UNITS + 1)]


def test_a_notice_of_rectification_keeps_its_findings_number(cast):
    notified(cast)
    notified(cast, item=2)
    snapshot = seal(cast)
    notices = [paper for paper in papers.papers_of(snapshot) if paper.kind is PaperKind.RECTIFICATION_NOTICE]
    assert [papers.number_of(paper) for paper in notices] == ["整改〔2025〕1号", "整改〔2025〕2号"]
    assert {paper.unit_id for paper in notices} == {cast.units["县司法局"]}


def test_the_same_file_is_kept_once(cast, tmp_path):
    paper = papers.papers_of(seal(cast))[0]
    sha256 = files.put(tmp_path, b"%PDF")
    for _ in range(2):
        with transaction():
            papers.keep_file(cast.act(), papers.paper_of(cast.county, paper.id, None), "pdf", sha256, 4)
    assert count(PaperFile) == 1
    assert [event.act for event in events.history(cast.county, "paper", paper.id)] == ["keep_paper"]


def _own_sheet(cast):
    sheets = [paper for paper in papers.papers_of(seal(cast)) if paper.kind is PaperKind.INSPECTION]
    return next(paper for paper in sheets if paper.unit_id == cast.units["县司法局"])


def test_a_unit_signs_for_its_own_paper_once(cast):
    paper, unit = _own_sheet(cast), cast.units["县司法局"]
    for _ in range(2):
        with transaction():
            papers.receive(cast.act("handler", LATER), paper, {unit}, " 王某 ")
    assert (paper.received_by, paper.received_at) == ("王某", noon(LATER))
    with pytest.raises(Refusal, match="已由王某签收"), transaction():
        papers.receive(cast.act("colleague", LATER), paper, {unit}, "李某")
    assert [event.act for event in events.history(cast.county, "paper", paper.id)] == ["receive"]


def test_nobody_signs_for_another_unit_or_without_a_name(cast):
    paper = _own_sheet(cast)
    with pytest.raises(Forbidden), transaction():
        papers.receive(cast.act("town"), paper, {cast.units["东镇"]}, "张某")
    with pytest.raises(Invalid, match="请填写签收人"), transaction():
        papers.receive(cast.act("handler"), paper, {cast.units["县司法局"]}, " ")


def test_a_unit_finds_its_own_papers_alone(cast):
    paper = _own_sheet(cast)
    mine, others = frozenset({cast.units["县司法局"]}), frozenset({cast.units["东镇"]})
    assert papers.paper_of(cast.county, paper.id, mine).id == paper.id
    for organisation_id, scope in ((cast.county, others), (cast.neighbour, None)):
        with pytest.raises(NotFound):
            papers.paper_of(organisation_id, paper.id, scope)
    assert {each.unit_id for each in papers.papers_of(paper.snapshot, mine)} == mine


# The register


def _lines(cast, scope=None, **asked):
    return paper_register.lines(cast.county, scope, Asked(**asked), 100, 0)


def test_the_register_holds_every_numbered_paper_once(cast):
    notified(cast)
    assert [line.number for line in _lines(cast)] == ["整改〔2025〕1号"]
    snapshot = seal(cast)
    numbers = [line.number for line in _lines(cast)]
    assert len(numbers) == len(set(numbers)) == len(papers.papers_of(snapshot))
    assert numbers.count("整改〔2025〕1号") == 1
    assert paper_register.count(cast.county, None, Asked()) == len(numbers)


def test_it_can_be_narrowed_by_kind_year_and_unit(cast):
    seal(cast)
    assert [line.number for line in _lines(cast, kind="circular")] == ["季度通报〔2025〕1号"]
    assert {line.unit for line in _lines(cast, unit_id=cast.units["东镇"])} == {"东镇"}
    assert _lines(cast, year=2024) == []
    assert paper_register.years(cast.county, None) == [2025]
    assert paper_register.counts(cast.county, None)["inspection"] == TWO_UNITS


def test_a_unit_reads_of_its_own_papers_alone_and_a_stranger_of_none(cast):
    notified(cast)
    seal(cast)
    town = frozenset({cast.units["东镇"]})
    assert {(line.kind, line.unit) for line in _lines(cast, town)} == {("季度检查表", "东镇"), ("季度填报表", "东镇")}
    assert paper_register.lines(cast.neighbour, None, Asked(), 100, 0) == []


def test_its_dates_are_those_of_the_seal(cast):
    seal(cast)
    assert {line.issued_on for line in _lines(cast)} == {SEALING}
