"""Units, aliases, groups and rosters: the verbs that change them, the queries that read them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.units import Membership, Unit, UnitAlias, UnitGroup, UnitKind
from tracker.rules.refusals import Invalid, NotFound

LONGEST_NAME = 100


def add_unit(
    by: Act, name: str, kind: UnitKind = UnitKind.DEPARTMENT, parent_id: int | None = None, *, sample: bool = False
) -> Unit:
    """A new unit; raise Invalid where the name is empty, too long or already stands for something."""
    name = _free_name(by.organisation_id, name)
    if parent_id is not None:
        unit_of(by.organisation_id, parent_id)
    unit = Unit(
        organisation_id=by.organisation_id,
        name=name,
        kind=kind,
        parent_id=parent_id,
        position=len(units_of(by.organisation_id)) + 1,
        sample=sample,
    )
    db.session.add(unit)
    db.session.flush()
    events.record(by, "add", "unit", unit.id, after={"name": name, "kind": kind, "parent_id": parent_id})
    return unit


def rename_unit(by: Act, unit: Unit, name: str) -> None:
    """Change the name; the old one stays as an alias, so that documents which use it are still understood."""
    if name.strip() == unit.name:
        return
    name, old = _free_name(by.organisation_id, name), unit.name
    unit.name = name
    unit.aliases.append(UnitAlias(organisation_id=by.organisation_id, name=old))
    db.session.flush()
    events.record(by, "rename", "unit", unit.id, before={"name": old}, after={"name": name})


def add_alias(by: Act, unit: Unit, name: str) -> UnitAlias:
    name = _free_name(by.organisation_id, name)
    alias = UnitAlias(organisation_id=by.organisation_id, name=name)
    unit.aliases.append(alias)
    db.session.flush()
    events.record(by, "add_alias", "unit", unit.id, after={"alias": name})
    return alias


def add_group(by: Act, name: str) -> UnitGroup:
    group = UnitGroup(organisation_id=by.organisation_id, name=_free_name(by.organisation_id, name))
    db.session.add(group)
    db.session.flush()
    events.record(by, "add", "unit_group", group.id, after={"name": group.name})
    return group


def join_group(by: Act, group: UnitGroup, unit: Unit, starts_on: date | None = None) -> None:
    """Enter a unit into the roster from a day on (None: from the beginning); one that is in it stays as it is."""
    if unit in roster(group, starts_on or by.today):
        return
    db.session.add(Membership(group=group, unit=unit, starts_on=starts_on))
    db.session.flush()
    events.record(by, "join", "unit_group", group.id, after={"unit_id": unit.id, "starts_on": _text(starts_on)})


def leave_group(by: Act, group: UnitGroup, unit: Unit, last_day: date) -> None:
    """End a membership; `last_day` still belongs to it."""
    for membership in group.memberships:
        if membership.unit_id == unit.id and membership.ends_on is None:
            membership.ends_on = last_day
            events.record(by, "leave", "unit_group", group.id, after={"unit_id": unit.id, "ends_on": _text(last_day)})


def roster(group: UnitGroup, day: date) -> list[Unit]:
    """The units of a group on a day, in the order of the register."""
    members = [
        membership.unit
        for membership in group.memberships
        if (membership.starts_on is None or membership.starts_on <= day)
        and (membership.ends_on is None or day <= membership.ends_on)
    ]
    return sorted(members, key=lambda unit: (unit.position, unit.id))


def units_of(organisation_id: int) -> list[Unit]:
    return list(
        db.session.scalars(
            select(Unit)
            .where(Unit.organisation_id == organisation_id)
            .order_by(Unit.position, Unit.id)
            .options(selectinload(Unit.aliases))
        )
    )


def unit_of(organisation_id: int, unit_id: int) -> Unit:
    """The organisation's unit of that id; raise NotFound for a stranger's."""
    unit = db.session.get(Unit, unit_id)
    if unit is None or unit.organisation_id != organisation_id:
        raise NotFound
    return unit


def groups_of(organisation_id: int) -> list[UnitGroup]:
    return list(
        db.session.scalars(
            select(UnitGroup)
            .where(UnitGroup.organisation_id == organisation_id)
            .order_by(UnitGroup.id)
            .options(selectinload(UnitGroup.memberships).joinedload(Membership.unit))
        )
    )


def group_of(organisation_id: int, group_id: int) -> UnitGroup:
    group = db.session.get(UnitGroup, group_id)
    if group is None or group.organisation_id != organisation_id:
        raise NotFound
    return group


@dataclass(frozen=True)
class Register:
    """Every name that an organisation understands: of units, their aliases, and groups."""

    units: dict[str, Unit]
    groups: dict[str, UnitGroup]

    def __contains__(self, name: str) -> bool:
        return name in self.units or name in self.groups

    def find(self, name: str) -> Unit | UnitGroup | None:
        return self.units.get(name) or self.groups.get(name)


def register_of(organisation_id: int) -> Register:
    units = units_of(organisation_id)
    by_name = {unit.name: unit for unit in units}
    by_alias = {alias.name: unit for unit in units for alias in unit.aliases}
    return Register(by_alias | by_name, {group.name: group for group in groups_of(organisation_id)})


def _free_name(organisation_id: int, name: str) -> str:
    name = name.strip()
    if not name:
        raise Invalid("请填写名称。")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"名称最多 {LONGEST_NAME} 字。")
    if name in register_of(organisation_id):
        raise Invalid(f"“{name}”已登记为单位、别名或单位组，请换一个名称。")
    return name


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
