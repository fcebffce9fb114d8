"""Verdicts: taken once, never over another's, and made findings with one press."""

import pytest

from tests import inspecting
from tests.inspecting import entry, record
from tracker.ledger import inspection_findings, inspection_parts, inspection_results
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.inspections import InspectionEntry, InspectionFile
from tracker.rules.findings import FindingSource
from tracker.rules.inspection_results import Verdict
from tracker.rules.inspections import InspectionState
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal
from tracker.rules.reports import ProgressClass

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def made(cast):
    return inspecting.notified(cast)


@pytest.fixture
def part(cast, made):
    return inspecting.part(cast, made)


def count(table):
    return db.session.query(table).count()


def test_the_first_result_begins_the_check(cast, made, part):
    outcome = record(cast, part, entry(part, Verdict.NOT_MET, "未更新。"))
    assert outcome.taken
    assert (outcome.result.verdict, outcome.result.fact) == (Verdict.NOT_MET, "未更新。")
    assert made.state is InspectionState.ON_SITE
    assert part.results == 1


def test_what_is_sent_twice_under_one_key_is_one_act(cast, part):
    photo = ("现场.jpg", "0" * 64, 10)
    what = entry(part, Verdict.NOT_MET, "未更新。", photos=[photo])
    first, again = record(cast, part, what), record(cast, part, what)
    assert again.taken
    assert again.result.version == first.result.version
    assert (count(InspectionEntry), count(InspectionFile), count(StoredFile)) == (1, 1, 1)


def test_a_key_that_comes_again_with_another_content_is_refused(cast, part):
    record(cast, part, entry(part, key="k"))
    with pytest.raises(Refusal, match="已用于其他内容"):
        record(cast, part, entry(part, Verdict.NOT_MET, "别的。", key="k"))


def test_who_comes_second_overwrites_nothing_and_loses_nothing(cast, part):
    record(cast, part, entry(part, Verdict.NOT_MET, "甲看到的。"))
    late = record(cast, part, entry(part, Verdict.MET, "乙看到的。"), "clerk")
    assert not late.taken
    assert late.result.fact == "甲看到的。"
    [aside] = inspection_results.set_aside(part)
    assert (aside.verdict, aside.fact) == (Verdict.MET, "乙看到的。")
    seen = entry(part, Verdict.MET, "乙看到的。", seen=late.result.version)
    assert record(cast, part, seen, "clerk").result.fact == "乙看到的。"


def test_two_who_find_the_same_do_not_clash(cast, part):
    record(cast, part, entry(part))
    assert record(cast, part, entry(part), "clerk").taken


@pytest.mark.parametrize("login", ["handler", "leader", "admin", "stranger"])
def test_only_the_team_records(cast, part, login):
    with pytest.raises((Forbidden, NotFound)):
        record(cast, part, entry(part), login)


def test_a_member_of_the_team_must_be_named_in_it(cast):
    made = inspecting.notified(cast, checkers=["inspector"])
    of = inspecting.part(cast, made)
    with pytest.raises(Forbidden, match="不在本次检查的检查人员名单中"):
        record(cast, of, entry(of), "clerk")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"criterion": "美观"}, "不在本次检查范围内"),
        ({"fact": "字" * 2001}, "最多 2000 字"),
        ({"key": ""}, "提交编号有误"),
    ],
)
def test_what_was_not_to_be_checked_is_refused(cast, part, more, sentence):
    with pytest.raises(Invalid, match=sentence):
        record(cast, part, entry(part, **more))


def test_facts_go_to_the_unit_when_every_place_is_judged_and_told(cast, part):
    record(cast, part, entry(part, Verdict.NOT_MET))
    with pytest.raises(Refusal, match=r"还有 7 处没有检查结论：第 1 项“全面”、第 1 项“准确”"), transaction():
        inspection_parts.send_facts(cast.act("inspector"), part)
    for place in range(2):
        for criterion in part.inspection.criteria:
            if (place, criterion) != (0, "及时"):
                record(cast, part, entry(part, item=place, criterion=criterion))
    with pytest.raises(Refusal, match="没有写明事实：第 1 项“及时”"), transaction():
        inspection_parts.send_facts(cast.act("inspector"), part)


def test_what_lies_with_the_unit_is_changed_no_more(cast, made):
    part = inspecting.facts_sent(cast, made)
    with pytest.raises(Refusal, match="已送单位确认，不能再改"):
        record(cast, part, entry(part, Verdict.NOT_MET, "后来发现。"))


def test_a_finding_comes_of_it_with_one_press_and_both_lead_to_each_other(cast, part):
    result = record(cast, part, entry(part, Verdict.NOT_MET, "两个月未更新。")).result
    with transaction():
        finding = inspection_findings.make_finding(cast.act("inspector"), result, ProgressClass.BEHIND)
    assert (finding.problem, finding.criterion, finding.source) == ("两个月未更新。", "及时", FindingSource.INSPECTION)
    assert (finding.item_id, finding.verified_class) == (cast.items[0], ProgressClass.BEHIND)
    with transaction():
        assert inspection_findings.make_finding(cast.act("inspector"), result) is finding
    assert inspection_findings.result_behind(finding) is result
    assert inspection_findings.findings_of([part.id]) == {part.id: [finding]}


def test_what_is_met_becomes_no_finding(cast, part):
    result = record(cast, part, entry(part)).result
    with pytest.raises(Refusal, match="不符合或基本符合"), transaction():
        inspection_findings.make_finding(cast.act("inspector"), result)


def test_the_unit_checks_itself_beside_and_not_in_the_place_of_the_check(cast, made, part):
    mine = record(cast, part, entry(part, Verdict.MET), "handler", by_unit=True)
    record(cast, part, entry(part, Verdict.NOT_MET, "未更新。"))
    assert mine.result.verdict is Verdict.MET
    assert inspection_results.by_cell(part, by_unit=False)[cast.items[0], "及时"].verdict is Verdict.NOT_MET
    assert inspection_results.authors(part) == {cast.people["inspector"]}


@pytest.mark.parametrize("login", ["town", "inspector", "strange_handler"])
def test_nobody_else_checks_for_the_unit(cast, part, login):
    with pytest.raises(Forbidden):
        record(cast, part, entry(part), login, by_unit=True)
