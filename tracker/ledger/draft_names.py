"""Names that a draft teaches the register: units, aliases and groups entered from it, each entry a step of the draft.

So what was entered by mistake is taken back as any other step is, as long as nothing else uses it.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from tracker.ledger import events, imports, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.draft_steps import keep_entered
from tracker.ledger.tables.imports import Draft, DraftStep
from tracker.ledger.tables.units import Membership, Unit, UnitAlias, UnitGroup, UnitKind
from tracker.rules.refusals import NotFound, Stale

ENTERED = "entered"  # of a step: what was entered by it


@dataclass(frozen=True)
class Entered:
    """`of` is the kind of a unit, the unit of an alias, the members of a group: what it takes to enter it again."""

    sort: str  # unit, alias, group
    id: int
    name: str
    of: str | int | list[int]


def enter_units(by: Act, draft: Draft, wanted: Sequence[tuple[str, UnitKind]]) -> None:
    made = [(imports.enter_as_unit(by, name, kind), kind) for name, kind in wanted]
    if made:
        said = f"登记“{made[0][0].name}”为单位" if len(made) == 1 else f"登记 {len(made)} 个单位"
        _keep(by, draft, said, [Entered("unit", unit.id, unit.name, kind.value) for unit, kind in made])


def enter_alias(by: Act, draft: Draft, unit: Unit, name: str) -> None:
    alias = units.add_alias(by, unit, name)
    _keep(by, draft, f"登记“{name}”为“{unit.name}”的别名", [Entered("alias", alias.id, alias.name, unit.id)])


def enter_group(by: Act, draft: Draft, name: str, members: Sequence[Unit]) -> None:
    group = imports.enter_as_group(by, name, members)
    ids = [unit.id for unit in members]
    _keep(by, draft, f"登记“{name}”为单位组", [Entered("group", group.id, group.name, ids)])


def _keep(by: Act, draft: Draft, said: str, entered: Sequence[Entered]) -> None:
    keep_entered(by, draft, said, [asdict(each) for each in entered])


# Taking it back, and entering it again


def take_back(by: Act, step: DraftStep) -> None:
    """Remove what the step entered; raise Stale, and remove nothing, where something else uses it by now."""
    for entry in reversed(step.after.get(ENTERED, [])):
        entered = Entered(**entry)
        try:
            with db.session.begin_nested():
                _REMOVED_BY[entered.sort](entered)
        except IntegrityError as error:
            raise Stale(f"“{entered.name}”登记后已被其他内容使用，不能撤销登记。", theirs=step) from error
        events.record(by, "remove", entered.sort, entered.id, before={"name": entered.name})


def enter_again(by: Act, step: DraftStep) -> None:
    """Enter it as it was; the records are new ones."""
    entered = [Entered(**entry) for entry in step.after.get(ENTERED, [])]
    if entered:
        step.after = {**step.after, ENTERED: [asdict(_entered_again(by, each)) for each in entered]}


def _entered_again(by: Act, entered: Entered) -> Entered:
    made: Unit | UnitAlias | UnitGroup
    if entered.sort == "unit":
        made = imports.enter_as_unit(by, entered.name, UnitKind(str(entered.of)))
    elif isinstance(entered.of, list):
        members = [units.unit_of(by.organisation_id, unit_id) for unit_id in entered.of]
        made = imports.enter_as_group(by, entered.name, members)
    else:
        made = units.add_alias(by, units.unit_of(by.organisation_id, int(entered.of)), entered.name)
    return Entered(entered.sort, made.id, entered.name, entered.of)


def _remove_unit(entered: Entered) -> None:
    """Whatever names the unit keeps it: the database holds that."""
    _delete_one(db.session.get(Unit, entered.id))


def _remove_alias(entered: Entered) -> None:
    _delete_one(db.session.get(UnitAlias, entered.id))


def _remove_group(entered: Entered) -> None:
    """With the roster that it was entered with; a roster that has changed since keeps the group."""
    held = db.session.scalars(select(Membership).where(Membership.group_id == entered.id)).all()
    as_entered = isinstance(entered.of, list) and sorted(each.unit_id for each in held) == sorted(entered.of)
    if as_entered and all(each.starts_on is None and each.ends_on is None for each in held):
        db.session.execute(delete(Membership).where(Membership.group_id == entered.id))
    _delete_one(db.session.get(UnitGroup, entered.id))


def _delete_one(record: Unit | UnitAlias | UnitGroup | None) -> None:
    """By a statement, so that the database refuses it where the ORM would cut the ties of what names it."""
    if record is None:
        raise NotFound
    table = type(record)
    db.session.expunge(record)
    db.session.execute(delete(table).where(table.id == record.id), execution_options={"synchronize_session": False})
    db.session.expire_all()


_REMOVED_BY: dict[str, Callable[[Entered], None]] = {
    "unit": _remove_unit,
    "alias": _remove_alias,
    "group": _remove_group,
}
