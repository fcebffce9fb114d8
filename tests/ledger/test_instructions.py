from datetime import date, timedelta

import pytest

from tests.conftest import TODAY
from tests.instructing import DUE, answer, case, give, settle, share_of
from tests.reporting import Q1, Q2, count
from tracker.ledger import events, instructions, plans
from tracker.ledger.db import db
from tracker.ledger.items import history_of
from tracker.ledger.tables.events import Event
from tracker.ledger.tables.instructions import Instruction
from tracker.rules.instructions import ShareState, StepKind
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal, Stale
from tracker.web.history import in_words

pytestmark = pytest.mark.usefixtures("app_context")
BOTH = ("县司法局", "东镇")
TOMORROW = TODAY + timedelta(days=1)


def test_one_form_is_one_instruction_and_one_event_however_often_it_is_sent(cast):
    before = count(Event)
    first, second = give(cast, BOTH), give(cast, BOTH)
    assert first.id == second.id
    assert count(Instruction) == 1
    assert count(Event) == before + 1


def test_the_same_form_with_other_words_is_refused(cast):
    give(cast)
    with pytest.raises(Refusal, match="已经提交过"):
        give(cast, text="另一份。")


def test_a_strangers_unit_is_not_found_and_a_rule_refuses_for_all(cast):
    with pytest.raises(NotFound):
        give(cast, ("邻县司法局",))
    with pytest.raises(Invalid):
        give(cast, ())
    assert count(Instruction) == 0


def test_answered_closed_and_opened_again_step_by_step(cast):
    share = share_of(give(cast), cast)
    answer(cast, share)
    answer(cast, share, "更正：尚有一处未改。")
    assert instructions.state_now(share) is ShareState.ANSWERED
    settle(cast, share)
    assert instructions.state_now(share) is ShareState.CLOSED
    settle(cast, share, StepKind.RETURN, "仍未改完。", by="clerk")
    assert instructions.state_now(share) is ShareState.OPEN
    assert [step.kind for step in share.steps] == ["answer", "answer", "close", "return"]
    assert share.answer == "更正：尚有一处未改。"  # the unit goes on from what it had written
    assert events.first_break(cast.county) is None


def test_a_repeated_step_is_one(cast):
    share = share_of(give(cast), cast)
    version = share.version
    for _ in range(2):
        answer(cast, share, version=version)
    assert len(share.steps) == 1


def test_who_saw_an_older_state_is_told(cast):
    share = share_of(give(cast), cast)
    version = share.version
    answer(cast, share)
    with pytest.raises(Stale) as stale:
        answer(cast, share, "另一句。", by="colleague", version=version)
    assert stale.value.theirs.answer == "已整改到位。"
    with pytest.raises(Stale):
        settle(cast, share, version=version)


def test_nobody_closes_their_own_answer(cast):
    share = share_of(give(cast), cast)
    answer(cast, share, by="leader")
    with pytest.raises(Forbidden):
        settle(cast, share)
    settle(cast, share, by="clerk")
    assert share.closed_by_id == cast.people["clerk"]


def test_an_earlier_day_is_answered_as_it_was(cast):
    given = give(cast)
    share = share_of(given, cast)
    answer(cast, share, on=TODAY + timedelta(days=2))
    settle(cast, share, on=TODAY + timedelta(days=4))
    settle(cast, share, StepKind.RETURN, "重办。", on=TODAY + timedelta(days=6))
    states = [case(cast, given, TODAY + timedelta(days=days)).state for days in (0, 2, 4, 6)]
    assert states == ["open", "answered", "closed", "open"]
    with pytest.raises(NotFound):
        case(cast, given, TODAY - timedelta(days=1))


def test_a_unit_reads_its_own_share_alone_and_a_stranger_nothing(cast):
    given = give(cast, BOTH)
    mine = frozenset({cast.units["东镇"]})
    assert [share.unit.name for share in case(cast, given, scope=mine).shares] == ["东镇"]
    with pytest.raises(NotFound):
        case(cast, given, scope=frozenset({cast.units["西镇"]}))
    with pytest.raises(NotFound):
        instructions.case_of(cast.neighbour, given.id, None, TODAY)
    with pytest.raises(NotFound):
        instructions.share_of(cast.county, share_of(given, cast).id, mine)


def test_the_unit_owes_what_it_has_not_answered(cast):
    late, near = give(cast, due=TODAY, key="b" * 32), give(cast, key="c" * 32)
    give(cast, ("东镇",), key="d" * 32)
    answer(cast, share_of(give(cast, key="e" * 32), cast))
    owed = instructions.owed_by(cast.county, [cast.units["县司法局"]], TOMORROW)
    assert [each.instruction.id for each in owed] == [late.id, near.id]


def test_what_waits_for_whom_is_counted(cast):
    share = share_of(give(cast, BOTH), cast)
    own = [cast.units["县司法局"]]
    assert instructions.count_waiting(cast.county, own, settles=False) == 1
    assert instructions.count_waiting(cast.county, [], settles=True) == 0
    answer(cast, share)
    assert instructions.count_waiting(cast.county, own, settles=False) == 0
    assert instructions.count_waiting(cast.county, [], settles=True) == 1
    settle(cast, share)
    assert instructions.count_waiting(cast.county, [], settles=True) == 0


def test_a_quarter_counts_what_was_given_in_it_and_how_it_stood(cast):
    given = give(cast, BOTH, due=TODAY)
    answer(cast, share_of(given, cast))
    told = instructions.of_quarter(cast.plan, Q2, TOMORROW)
    assert (told.given, told.shares, told.answered, told.closed, told.overdue) == (1, 2, 1, 0, 1)
    assert instructions.of_quarter(cast.plan, Q1, TOMORROW).given == 0
    assert instructions.of_quarter(cast.plan, Q2, TODAY).overdue == 0


def test_the_items_history_tells_what_the_scope_may_read(cast):
    given = give(cast, BOTH)
    answer(cast, share_of(given, cast))
    item = plans.item_of(cast.county, cast.items[0], None)
    end = cast.act(on=date(2025, 5, 1)).at

    def told(scope):
        return [in_words(event) for event in history_of(item, scope, end) if event.record.startswith("instruction")]

    said = f"批示县司法局、东镇于2025年4月{DUE.day}日前办理：请查明原因，限期整改。"
    assert told(None) == [said, "县司法局答复批示：已整改到位。"]
    assert told(frozenset({cast.units["东镇"]})) == [said]
    assert told(frozenset({cast.units["西镇"]})) == []
    db.session.rollback()
