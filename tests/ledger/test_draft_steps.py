import pytest

from tests.drafts import NO_YEAR, edit
from tracker.ledger import doubts, draft_shape, draft_steps, imports
from tracker.ledger.db import transaction
from tracker.rules.refusals import Invalid, NotFound, Refusal, Stale


@pytest.fixture
def draft(app_context, cast):
    with transaction():
        made = imports.open_draft(cast.act(), NO_YEAR, "要点")
    return imports.draft_of(cast.county, made.id)


def state(draft) -> object:
    return draft_steps._state(draft)


def undo(cast, draft, login: str = "clerk"):
    with transaction():
        return draft_steps.undo(cast.act(login), draft, draft_steps.last_step(draft.id).number)


ACTS = {
    "facts": lambda by, draft: imports.set_facts(by, draft, "新名", "县府办", 2025, draft.version),
    "edit": lambda by, draft: imports.edit_item(
        by, draft, draft.items[0], edit(draft.items[0], goal="全面公开。"), draft.items[0].version
    ),
    "check": lambda by, draft: imports.set_checked(by, draft, draft.items[0], checked=True),
    "drop": lambda by, draft: imports.set_dropped(by, draft, draft.items[0], dropped=True),
    "add": lambda by, draft: imports.add_item(by, draft, edit(draft.items[0], task="开展培训。")),
    "assign": lambda by, draft: imports.assign(by, draft, [i.id for i in draft.items], ["县行政审批局"], lead=True),
    "settle": lambda by, draft: doubts.settle(by, draft, 1),
    "split": lambda by, draft: draft_shape.split(by, draft, draft.items[0], 8, draft.items[0].version),
    "merge": lambda by, draft: draft_shape.merge(by, draft, draft.items[2]),
    "move": lambda by, draft: draft_shape.move(by, draft, draft.items[0], down=True),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_every_act_is_one_step_and_is_taken_back_whole(draft, cast, act):
    before = state(draft)
    with transaction():
        act(cast.act(), draft)
    assert state(draft) != before
    assert draft_steps.last_step(draft.id).number == 1
    undo(cast, draft)
    assert state(draft) == before
    assert draft_steps.last_step(draft.id) is None


def test_all_acts_are_taken_back_one_after_the_other(draft, cast):
    states = [state(draft)]
    for name in ("split", "drop", "move", "edit", "assign", "merge", "add", "facts"):
        with transaction():
            ACTS[name](cast.act(), draft)
        states.append(state(draft))
    for expected in reversed(states[:-1]):
        undo(cast, draft)
        assert state(draft) == expected


def test_a_step_is_taken_back_once_however_often_it_is_asked(draft, cast):
    for name in ("check", "drop"):
        with transaction():
            ACTS[name](cast.act(), draft)
    for _ in range(2):
        with transaction():
            draft_steps.undo(cast.act(), draft, 2)
    assert draft_steps.last_step(draft.id).said == "核对第 1 项"


def test_somebody_elses_later_act_is_named_and_stands(draft, cast):
    with transaction():
        ACTS["check"](cast.act(), draft)
    with transaction():
        ACTS["drop"](cast.act("leader"), draft)
    with pytest.raises(Stale, match="leader（示例）.*略去第 1 项"), transaction():
        draft_steps.undo(cast.act(), draft, 1)
    assert draft.items[0].dropped


def test_what_changed_by_another_way_is_not_written_over(draft, cast):
    with transaction():
        ACTS["edit"](cast.act(), draft)
    with transaction():
        draft.items[0].goal = "另一途径写入"
    with pytest.raises(Stale, match="又有变动"), transaction():
        undo(cast, draft)
    assert draft.items[0].goal == "另一途径写入"


def test_an_act_that_changes_nothing_is_no_step(draft, cast):
    with transaction():
        imports.set_checked(cast.act(), draft, draft.items[0], checked=False)
        draft_shape.move(cast.act(), draft, draft.items[0], down=False)
    assert draft_steps.last_act(draft.id) is None


def test_a_refused_act_is_no_step(draft, cast):
    with pytest.raises(Invalid), transaction():
        draft_shape.merge(cast.act(), draft, draft.items[0])
    assert draft_steps.last_act(draft.id) is None


def test_taking_back_is_an_act_that_others_see(draft, cast):
    with transaction():
        ACTS["check"](cast.act(), draft)
    undo(cast, draft, "leader")
    newest = draft_steps.last_act(draft.id)
    assert (newest.number, newest.said, draft_steps.who(newest)) == (2, "撤销“核对第 1 项”", "leader（示例）")


def test_a_closed_draft_is_not_touched(draft, cast):
    with transaction():
        ACTS["check"](cast.act(), draft)
    with transaction():
        imports.discard(cast.act(), draft)
    with pytest.raises(Refusal, match="已放弃"), transaction():
        undo(cast, draft)


def test_a_step_that_never_was_is_not_found(draft, cast):
    with pytest.raises(NotFound), transaction():
        draft_steps.undo(cast.act(), draft, 7)


def redo(cast, draft):
    with transaction():
        return draft_steps.redo(cast.act(), draft, draft_steps.next_step(draft.id).number)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_every_act_that_was_taken_back_is_taken_again_whole(draft, cast, act):
    with transaction():
        act(cast.act(), draft)
    after = state(draft)
    undo(cast, draft)
    redo(cast, draft)
    assert state(draft) == after
    assert draft_steps.next_step(draft.id) is None


def test_acts_are_taken_back_and_again_in_their_order(draft, cast):
    states = [state(draft)]
    for name in ("split", "drop", "move", "edit"):
        with transaction():
            ACTS[name](cast.act(), draft)
        states.append(state(draft))
    for _ in range(4):
        undo(cast, draft)
    for expected in states[1:3]:
        redo(cast, draft)
        assert state(draft) == expected
    undo(cast, draft)
    for expected in states[2:]:
        redo(cast, draft)
        assert state(draft) == expected


def test_after_another_act_nothing_is_taken_again(draft, cast):
    with transaction():
        ACTS["check"](cast.act(), draft)
    undo(cast, draft)
    with transaction():
        ACTS["drop"](cast.act(), draft)
    assert draft_steps.next_step(draft.id) is None
    with pytest.raises(Stale, match="不能重做"), transaction():
        draft_steps.redo(cast.act(), draft, 1)


def test_a_step_is_taken_again_once_however_often_it_is_asked(draft, cast):
    with transaction():
        ACTS["check"](cast.act(), draft)
    undo(cast, draft)
    for _ in range(2):
        with transaction():
            draft_steps.redo(cast.act(), draft, 1)
    assert draft_steps.last_step(draft.id).said == "核对第 1 项"
