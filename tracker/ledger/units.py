"""Units, aliases, groups and rosters: the verbs that change them, the queries that read them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker.ledger import events, memory
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.standing import duty_facts
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.units import Membership, Unit, UnitAlias, UnitGroup, UnitKind
from tracker.ledger.touched import unless
from tracker.rules.dates import spans, written
from tracker.rules.refusals import Invalid, NotFound

LONGEST_NAME = 100

_WITH_MEMBERS = selectinload(UnitGroup.memberships).joinedload(Membership.unit)


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
    name, old = name.strip(), unit.name
    if name == old:
        return
    own_alias = next((alias for alias in unit.aliases if alias.name == name), None)
    if own_alias is None:
        _free_name(by.organisation_id, name)
    else:  # back to an earlier name
        unit.aliases.remove(own_alias)
        db.session.delete(own_alias)
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


def remove_alias(by: Act, unit: Unit, alias_id: int) -> None:
    """Take back an alias that was entered by mistake; plans already in the ledger keep their units."""
    alias = next((alias for alias in unit.aliases if alias.id == alias_id), None)
    if alias is None:
        raise NotFound
    unit.aliases.remove(alias)
    db.session.delete(alias)
    db.session.flush()
    events.record(by, "remove_alias", "unit", unit.id, before={"alias": alias.name})


def place_unit(by: Act, unit: Unit, kind: UnitKind, parent_id: int | None) -> None:
    """Set what kind of unit it is and to which it belongs; raise Invalid where it would belong to itself."""
    _one_at_a_time(by.organisation_id)
    if parent_id is not None:
        _check_not_below(unit, unit_of(by.organisation_id, parent_id))
    before = {"kind": unit.kind, "parent_id": unit.parent_id}
    unit.kind, unit.parent_id = kind, parent_id
    after = {"kind": kind, "parent_id": parent_id}
    if before != after:
        events.record(by, "place", "unit", unit.id, before, after)


def _check_not_below(unit: Unit, parent: Unit) -> None:
    above: Unit | None = parent
    while above is not None:
        if above.id == unit.id:
            raise Invalid("上级单位不能是本单位或其下属单位。")
        above = db.session.get(Unit, above.parent_id) if above.parent_id else None


def dissolve_unit(by: Act, unit: Unit, last_day: date, merged_into_id: int | None = None) -> None:
    """Note the unit's last day, and who goes on with its work; what it still owes stays open and stays its own."""
    if unit.founded_on is not None and last_day < unit.founded_on:
        raise Invalid(f"该单位自{written(unit.founded_on)}成立，撤销日期不能早于这一天。")
    if merged_into_id == unit.id:
        raise Invalid("不能并入本单位，请选择其他单位。")
    if merged_into_id is not None and not stands_on(unit_of(by.organisation_id, merged_into_id), last_day):
        raise Invalid("并入的单位在这一天也已撤销，请选择其他单位。")
    before = _end_of(unit)
    unit.dissolved_on, unit.merged_into_id = last_day, merged_into_id
    events.record(by, "dissolve", "unit", unit.id, before, _end_of(unit))


def reinstate_unit(by: Act, unit: Unit) -> None:
    """Take a dissolution back that was entered by mistake."""
    before = _end_of(unit)
    unit.dissolved_on = unit.merged_into_id = None
    events.record(by, "reinstate", "unit", unit.id, before, _end_of(unit))


def _end_of(unit: Unit) -> dict[str, object]:
    return {"dissolved_on": _text(unit.dissolved_on), "merged_into_id": unit.merged_into_id}


def stands_on(unit: Unit, day: date) -> bool:
    """Whether the unit exists on that day; its last day still counts."""
    return spans(unit.founded_on, unit.dissolved_on, day)


def successors(organisation_id: int, day: date) -> dict[int, int]:
    """Of the units that are gone by that day: the one that goes on with their work, by way of others gone too."""
    rows = db.session.execute(
        select(Unit.id, Unit.merged_into_id).where(
            Unit.organisation_id == organisation_id, Unit.dissolved_on < day, Unit.merged_into_id.is_not(None)
        )
    )
    goes_to = {unit_id: into for unit_id, into in rows if into is not None}
    return {unit_id: _last_of(unit_id, goes_to) for unit_id in goes_to}


def _last_of(unit_id: int, goes_to: Mapping[int, int]) -> int:
    passed = {unit_id}
    while (into := goes_to.get(unit_id)) is not None and into not in passed:
        passed.add(into)
        unit_id = into
    return unit_id


def add_group(by: Act, name: str) -> UnitGroup:
    group = UnitGroup(organisation_id=by.organisation_id, name=_free_name(by.organisation_id, name))
    db.session.add(group)
    db.session.flush()
    events.record(by, "add", "unit_group", group.id, after={"name": group.name})
    return group


def join_group(by: Act, group: UnitGroup, unit: Unit, starts_on: date | None = None) -> bool:
    """Enter a unit into the roster from a day on (None: from the beginning); False where it is in it already.

    Raise Invalid where it is to come in later anyway: it would stand in the roster twice.
    """
    first = starts_on or date.min
    for held in group.memberships:
        if held.unit_id != unit.id or (held.ends_on is not None and held.ends_on < first):
            continue
        if held.starts_on is None or held.starts_on <= first:
            return False
        raise Invalid(f"“{unit.name}”自{written(held.starts_on)}起已列入名册，加入日期请晚于其截止日期。")
    db.session.add(Membership(group=group, unit=unit, starts_on=starts_on))
    db.session.flush()
    events.record(by, "join", "unit_group", group.id, after={"unit_id": unit.id, "starts_on": _text(starts_on)})
    return True


def leave_group(by: Act, group: UnitGroup, unit: Unit, last_day: date) -> None:
    """End the membership of that day; `last_day` still belongs to it.  Raise Invalid where there is none."""
    held = next((held for held in group.memberships if held.unit_id == unit.id and covers(held, last_day)), None)
    if held is None:
        raise Invalid(f"“{unit.name}”在 {last_day} 不在名册中，请核对日期。")
    before = {"unit_id": unit.id, "ends_on": _text(held.ends_on)}
    held.ends_on = last_day
    events.record(by, "leave", "unit_group", group.id, before, before | {"ends_on": _text(last_day)})


def covers(membership: Membership, day: date) -> bool:
    return spans(membership.starts_on, membership.ends_on, day)


def roster(group: UnitGroup, day: date, besides: Collection[int] = ()) -> list[Unit]:
    """The units of a group on a day, in the order of the register; one that is dissolved by then is gone from it.

    `besides` are dissolved ones that stay in it all the same, for others that go on in their place.
    """
    members = (membership.unit for membership in group.memberships if covers(membership, day))
    standing = (unit for unit in members if stands_on(unit, day) or unit.id in besides)
    return sorted(standing, key=lambda unit: (unit.position, unit.id))


def tree(units: Sequence[Unit]) -> list[tuple[int, Unit]]:
    """Every unit with its depth, each beneath the one it belongs to."""
    below: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in units:
        below[unit.parent_id].append(unit)

    def branch(parent_id: int | None, depth: int) -> list[tuple[int, Unit]]:
        return [line for unit in below[parent_id] for line in ((depth, unit), *branch(unit.id, depth + 1))]

    return branch(None, 0)


def units_of(organisation_id: int) -> list[Unit]:
    return list(
        db.session.scalars(
            select(Unit)
            .where(Unit.organisation_id == organisation_id)
            .order_by(Unit.position, Unit.id)
            .options(selectinload(Unit.aliases))
        )
    )


def units_named(ids: Iterable[int]) -> Sequence[Unit]:
    """These units in the register's order, without their other names."""
    return db.session.scalars(select(Unit).where(Unit.id.in_(set(ids))).order_by(Unit.position, Unit.id)).all()


def asked_for(organisation_id: int, group: UnitGroup | None, kind: UnitKind | None, day: date) -> frozenset[int] | None:
    """Of the group by its roster on that day, of the kind, or both; None where neither is asked for."""
    if group is None and kind is None:
        return None
    held = roster(group, day) if group else units_of(organisation_id)
    return frozenset(unit.id for unit in held if kind in (None, unit.kind))


@dataclass(frozen=True)
class Named:
    """Id and name, as a choice offers them."""

    id: int
    name: str


@dataclass(frozen=True)
class UnitName(Named):
    kind: UnitKind


def names_of(organisation_id: int) -> Sequence[UnitName]:
    """The units in the register's order."""
    return memory.remembered(
        organisation_id,
        ("units",),
        make=lambda: tuple(UnitName(unit.id, unit.name, unit.kind) for unit in units_of(organisation_id)),
        renew=unless("unit"),
    )


def kinds_of(organisation_id: int) -> Sequence[UnitKind]:
    """Those of its units, in the kinds' own order."""
    found = {unit.kind for unit in names_of(organisation_id)}
    return tuple(kind for kind in UnitKind if kind in found)


def group_names_of(organisation_id: int) -> Sequence[Named]:
    return memory.remembered(
        organisation_id,
        ("unit groups",),
        make=lambda: tuple(Named(group.id, group.name) for group in groups_of(organisation_id)),
        renew=unless("unit_group"),
    )


def units_on(organisation_id: int, day: date) -> list[Unit]:
    """The units that exist on that day."""
    return [unit for unit in units_of(organisation_id) if stands_on(unit, day)]


def open_duties(unit_ids: Collection[int], as_of: date) -> Counter[int]:
    """How much each of these units still owes, far off or late."""
    owed = duty_facts(Duty.unit_id.in_(unit_ids), as_of) if unit_ids else ()
    return Counter(duty.unit_id for duty in owed if duty.done_on is None)


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
            .options(_WITH_MEMBERS)
        )
    )


def group_of(organisation_id: int, group_id: int) -> UnitGroup:
    group = db.session.get(UnitGroup, group_id, options=[_WITH_MEMBERS])
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
        raise Invalid(f"名称最多 {LONGEST_NAME} 字，现有 {len(name)} 字。")
    _one_at_a_time(organisation_id)
    if name in register_of(organisation_id):
        raise Invalid(f"“{name}”已登记为单位、别名或单位组，请换一个名称。")
    return name


def _one_at_a_time(organisation_id: int) -> None:
    """No constraint holds that units, aliases and groups share their names, and that no unit is above itself."""
    events.hold(organisation_id)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
