"""What a unit says in an inspection, and who answers it."""

from datetime import date

import pytest

from tests import inspecting
from tests.conftest import TODAY
from tracker.ledger import inspection_parts
from tracker.ledger.db import transaction
from tracker.rules.inspection_parts import Stand
from tracker.rules.inspection_results import Verdict
from tracker.rules.inspections import InspectionState
from tracker.rules.refusals import Forbidden, Refusal, Stale

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def made(cast):
    return inspecting.notified(cast)


@pytest.fixture
def do(cast):
    """`do(verb, part, "text", by="handler")` is one act."""

    def act(verb, part, *words, by="handler", on=TODAY, version=None):
        versioned = verb in (
            inspection_parts.confirm,
            inspection_parts.object_,
            inspection_parts.uphold,
            inspection_parts.dismiss,
        )
        more = [part.version if version is None else version] if versioned else []
        with transaction():
            verb(cast.act(by, on), part, *words, *more)

    return act


def test_the_unit_signs_once_and_checks_itself(cast, made, do):
    part = inspecting.part(cast, made)
    do(inspection_parts.receive, part, "王某（示例）")
    do(inspection_parts.receive, part, "李某（示例）")
    assert part.received_by == "王某（示例）"
    with pytest.raises(Refusal, match="8 处没有检查结论"):
        do(inspection_parts.hand_in_self_check, part, "总体较好。")
    for place in range(2):
        for criterion in made.criteria:
            what = inspecting.entry(part, item=place, criterion=criterion)
            inspecting.record(cast, part, what, "handler", by_unit=True)
    do(inspection_parts.hand_in_self_check, part, "总体较好。")
    assert part.known.stand is Stand.SELF_CHECKED
    assert made.state is InspectionState.SELF_CHECK


@pytest.mark.parametrize("login", ["town", "clerk", "strange_handler"])
def test_nobody_signs_or_confirms_for_the_unit(cast, made, do, login):
    part = inspecting.facts_sent(cast, made)
    for verb in (inspection_parts.receive, inspection_parts.confirm, inspection_parts.object_):
        with pytest.raises(Forbidden):
            do(verb, part, "属实。", by=login)


def test_the_unit_confirms_and_pressed_twice_it_is_one_act(cast, made, do):
    part = inspecting.facts_sent(cast, made)
    assert part.answer_due == date(2025, 4, 11)  # five working days after the third; the fourth is a holiday
    seen = part.version
    do(inspection_parts.confirm, part, "属实。", version=seen)
    do(inspection_parts.confirm, part, "属实。", version=seen)
    assert part.known.stand is Stand.CONFIRMED
    with pytest.raises(Refusal, match="不需要确认"):
        do(inspection_parts.object_, part, "不属实。", by="colleague")


def test_after_its_days_the_unit_can_object_no_more(cast, made, do):
    part = inspecting.facts_sent(cast, made)
    with pytest.raises(Refusal, match="届满"):
        do(inspection_parts.object_, part, "不属实。", on=date(2025, 4, 12))


def test_an_objection_is_answered_by_others_than_the_authors(cast, made, do):
    part = inspecting.facts_sent(cast, made, bad=[(0, "及时")])
    do(inspection_parts.object_, part, "检查前一日已更新。")
    with pytest.raises(Forbidden, match="异议须由其他人员答复"):
        do(inspection_parts.dismiss, part, "不成立。", by="inspector")
    do(inspection_parts.dismiss, part, "网页显示未更新。", by="clerk")
    assert part.known.stand is Stand.CONFIRMED
    assert part.known.told(TODAY) == "提出异议，已答复"


def test_an_objection_that_is_right_brings_the_results_back_to_be_corrected(cast, made, do):
    part = inspecting.facts_sent(cast, made, bad=[(0, "及时")])
    do(inspection_parts.object_, part, "检查前一日已更新。")
    do(inspection_parts.uphold, part, "经复核已更新。", by="clerk")
    assert part.known.stand is Stand.CHECKED
    what = inspecting.entry(part, Verdict.MET, seen=1)
    assert inspecting.record(cast, part, what).taken
    do(inspection_parts.send_facts, part, by="inspector")
    do(inspection_parts.confirm, part, "")
    assert part.known.stand is Stand.CONFIRMED


def test_facts_are_taken_back_before_the_unit_has_spoken_and_not_after(cast, made, do):
    part = inspecting.facts_sent(cast, made)
    do(inspection_parts.call_back, part, "有一处录错。", by="inspector")
    assert part.known.stand is Stand.CHECKED
    do(inspection_parts.send_facts, part, by="inspector")
    do(inspection_parts.confirm, part, "")
    with pytest.raises(Refusal, match="不能收回"):
        do(inspection_parts.call_back, part, "再改。", by="inspector")


def test_who_answers_on_an_older_page_is_told(cast, made, do):
    part = inspecting.facts_sent(cast, made)
    seen = part.version
    do(inspection_parts.object_, part, "不属实。")
    with pytest.raises(Stale):
        do(inspection_parts.confirm, part, "属实。", by="colleague", version=seen)


def test_the_unit_is_told_what_it_has_to_do(cast, made, do):
    scope = frozenset({cast.units["县司法局"]})

    def to_do():
        return [part.known.stand for part in inspection_parts.of_units(cast.county, scope, TODAY)]

    assert to_do() == [Stand.TOLD]
    part = inspecting.part(cast, made)
    do(inspection_parts.receive, part, "王某（示例）")
    assert to_do() == [Stand.RECEIVED]
    inspecting.facts_sent(cast, made)
    assert to_do() == [Stand.FACTS_SENT]
    do(inspection_parts.confirm, part, "")
    assert to_do() == []
    assert inspection_parts.of_units(cast.county, frozenset({cast.units["东镇"]}), TODAY) == []
