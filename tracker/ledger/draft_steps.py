"""Steps of a draft: every act keeps what it changed, before and after, so that the last one can be taken back.

A state is `{facts, items, order}`: the plan's own facts, the content of each item by its id, and the ids in the
order of the page.  A step holds of it only what its act changed.  The order also says which items there are.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.orm import joinedload, selectinload

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.imports import Draft, DraftItem, DraftStep
from tracker.rules.refusals import NotFound, Refusal, Stale

State = dict[str, Any]
Entered = Callable[[Act, DraftStep], None]

_BACK, _AGAIN = "撤销“", "重做“"  # what the acts are called that take another back, or again

FACTS = ("title", "issuer", "year", "remarks")
CONTENT = ("section", "task", "goal", "units", "targets", "deadlines", "read", "checked", "dropped", "look_back_of_id")


def check_open(draft: Draft) -> None:
    if draft.plan_id is not None:
        raise Refusal("该草稿已确认入账，内容不能再修改。")
    if draft.closed_at is not None:
        raise Refusal("该草稿已放弃。如需继续，请先恢复草稿。")


# Taking a step


@contextmanager
def step(by: Act, draft: Draft, said: str) -> Iterator[None]:
    """Keep what the block changes of the draft under these words; nothing where it changes nothing."""
    check_open(draft)
    # Held until the transaction ends, for steps are numbered (SQLite holds the whole file).
    db.session.execute(select(Draft.id).where(Draft.id == draft.id).with_for_update())
    before = _state(draft)
    yield
    db.session.flush()
    changed = _changes(before, _state(draft))
    if changed[0] != changed[1]:
        _keep(by, draft, said, *changed)


def keep_entered(by: Act, draft: Draft, said: str, entered: list[dict[str, Any]]) -> None:
    """Keep as a step what the act entered into the register (`draft_names`); of the draft itself nothing changed."""
    check_open(draft)
    nothing: State = {"facts": {}, "items": {}}
    _keep(by, draft, said[:300], nothing, {**nothing, "entered": entered})


def _keep(by: Act, draft: Draft, said: str, before: State, after: State, *, undone: bool = False) -> None:
    number = db.session.scalar(select(func.max(DraftStep.number)).where(DraftStep.draft_id == draft.id)) or 0
    db.session.add(
        DraftStep(
            draft_id=draft.id,
            number=number + 1,
            said=said,
            person_id=by.person_id,
            at=by.at,
            before=before,
            after=after,
            undone=undone,
        )
    )
    db.session.flush()


def _state(draft: Draft) -> State:
    return {
        "facts": {name: getattr(draft, name) for name in FACTS},
        "items": {str(item.id): {name: getattr(item, name) for name in CONTENT} for item in draft.items},
        "order": [item.id for item in draft.items],
    }


def _changes(before: State, after: State) -> tuple[State, State]:
    """Of both states what differs; an item that only one of them has differs by the order."""
    was: State = {"facts": {}, "items": {}}
    now: State = {"facts": {}, "items": {}}
    was["facts"], now["facts"] = _differing(before["facts"], after["facts"])
    for item_id in before["items"].keys() & after["items"].keys():
        old, new = _differing(before["items"][item_id], after["items"][item_id])
        if new:
            was["items"][item_id], now["items"][item_id] = old, new
    if before["order"] != after["order"]:
        was["order"], now["order"] = before["order"], after["order"]
    return was, now


def _differing(old: State, new: State) -> tuple[State, State]:
    names = [name for name in new if old[name] != new[name]]
    return {name: old[name] for name in names}, {name: new[name] for name in names}


# Looking back


def last_act(draft_id: int) -> DraftStep | None:
    """The newest step of all, one that took another back included."""
    return db.session.scalar(_steps(draft_id))


def last_step(draft_id: int) -> DraftStep | None:
    """The newest step that still stands: what 撤销 would take back."""
    return db.session.scalar(_steps(draft_id).where(DraftStep.undone.is_(False)))


def next_step(draft_id: int) -> DraftStep | None:
    """The step taken back last, which 重做 would take again; none where another act was done since."""
    last = last_step(draft_id)
    later = select(DraftStep).where(
        DraftStep.draft_id == draft_id,
        DraftStep.undone.is_(True),
        DraftStep.number > (last.number if last else 0),
        DraftStep.said.not_like(f"{_BACK}%"),
        DraftStep.said.not_like(f"{_AGAIN}%"),
    )
    return db.session.scalar(later.options(joinedload(DraftStep.person)).order_by(DraftStep.number).limit(1))


def _steps(draft_id: int) -> Select[DraftStep]:
    """Newest first."""
    of_draft = select(DraftStep).where(DraftStep.draft_id == draft_id).options(joinedload(DraftStep.person))
    return of_draft.order_by(DraftStep.number.desc()).limit(1)


def who(taken: DraftStep) -> str:
    return taken.person.name if taken.person else "系统"


# Taking a step back, and again


def undo(by: Act, draft: Draft, number: int, entered: Entered | None = None) -> DraftStep:
    """Take back the step of that number, an act of its own; raise Stale where it is not the last one any more.

    So nobody takes back an act that the page did not name.  The same request sent twice is one act.  `entered` takes
    back what the step entered into the register.
    """
    check_open(draft)
    asked = _step(draft, number)
    if asked.undone:
        return asked
    last = last_step(draft.id)
    if last is not None and last is not asked:
        raise Stale(f"草稿刚被{who(last)}修改（{last.said}），没有撤销“{asked.said}”。请核对后再试。", theirs=last)
    if not _stands(draft, asked.after):
        raise Stale(f"“{asked.said}”之后内容又有变动，没有撤销。请核对后手工修改。", theirs=asked)
    if entered:
        entered(by, asked)
    _put(draft, asked.before)
    asked.undone = True
    _keep(by, draft, f"{_BACK}{asked.said}”"[:300], asked.after, asked.before, undone=True)
    events.record(by, "undo", "draft", draft.id, before=asked.after, after=asked.before)
    return asked


def redo(by: Act, draft: Draft, number: int, entered: Entered | None = None) -> DraftStep:
    """Take the step of that number again; raise Stale where it is not the one taken back last, or the draft changed."""
    check_open(draft)
    asked = _step(draft, number)
    if not asked.undone:
        return asked
    if next_step(draft.id) is not asked or not _stands(draft, asked.before):
        raise Stale(f"“{asked.said}”撤销之后内容又有变动，不能重做。请核对后手工修改。", theirs=asked)
    if entered:
        entered(by, asked)
    _put(draft, asked.after)
    asked.undone = False
    _keep(by, draft, f"{_AGAIN}{asked.said}”"[:300], asked.before, asked.after, undone=True)
    events.record(by, "redo", "draft", draft.id, before=asked.before, after=asked.after)
    return asked


def _step(draft: Draft, number: int) -> DraftStep:
    found = db.session.scalar(select(DraftStep).where(DraftStep.draft_id == draft.id, DraftStep.number == number))
    if found is None:
        raise NotFound
    return found


def _stands(draft: Draft, after: State) -> bool:
    """Whether all that the step changed is still as the step left it."""
    now = _state(draft)
    return (
        _holds(now["facts"], after["facts"])
        and all(_holds(now["items"].get(item_id, {}), content) for item_id, content in after["items"].items())
        and after.get("order", now["order"]) == now["order"]
    )


def _holds(now: State, content: State) -> bool:
    return all(name in now and now[name] == value for name, value in content.items())


def _put(draft: Draft, before: State) -> None:
    by_id = {str(item.id): item for item in draft.items}
    for name, value in before["facts"].items():
        setattr(draft, name, value)
    for item_id, content in before["items"].items():
        for name, value in content.items():
            setattr(by_id[item_id], name, value)
    if "order" in before:
        arrange(draft, before["order"])


def arrange(draft: Draft, order: Sequence[int]) -> None:
    """Make these the draft's items, numbered in this order.

    Their versions stay: whoever edits one is not held up by the place of another.
    """
    db.session.flush()
    places = {item_id: place for place, item_id in enumerate(order, 1)}
    db.session.execute(
        update(DraftItem)
        .where(DraftItem.draft_id == draft.id)
        .values(position=case(places, value=DraftItem.id, else_=0), removed=DraftItem.id.not_in(order)),
        execution_options={"synchronize_session": False},
    )
    afresh = select(Draft).where(Draft.id == draft.id).options(selectinload(Draft.items))
    db.session.scalars(afresh.execution_options(populate_existing=True)).one()
