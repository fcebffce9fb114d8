import pytest

from tracker.rules import inspection_results as result_rules
from tracker.rules.inspection_results import Answer, Verdict
from tracker.rules.refusals import Refusal


def test_the_worst_verdict_speaks_for_the_unit():
    assert result_rules.worst([Verdict.MET, Verdict.NOT_MET, Verdict.MOSTLY_MET]) is Verdict.NOT_MET
    assert result_rules.worst([Verdict.NOT_APPLICABLE, Verdict.MET]) is Verdict.MET
    assert result_rules.worst([]) is None


def test_what_is_not_met_wants_a_fact():
    answers = [("甲", Answer(Verdict.NOT_MET)), ("乙", Answer(Verdict.MET)), ("丙", Answer(Verdict.MOSTLY_MET, "有。"))]
    assert result_rules.missing(answers) == ["甲"]
    with pytest.raises(Refusal, match="2 处没有检查结论：丁、戊"):
        result_rules.check_complete(["丁", "戊"], [])
    with pytest.raises(Refusal, match="没有写明事实：甲"):
        result_rules.check_complete([], ["甲"])


def test_a_cell_says_which_place_it_is():
    assert result_rules.place_of(result_rules.cell_of(12, "渠道:畅通", by_unit=True)) == (12, "渠道:畅通")
    assert result_rules.cell_of(None, "及时", by_unit=False) == "check:0:及时"
