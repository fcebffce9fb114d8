"""The register of units: their tree and names, and the groups with their rosters."""

from collections.abc import Iterable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from tracker.ledger import inspection_lists, mergers, plans, rosters, units
from tracker.ledger.db import transaction
from tracker.ledger.duty_changes import Changes
from tracker.ledger.tables.units import Unit, UnitGroup, UnitKind
from tracker.rules.duty_changes import How
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid, Stale
from tracker.web.access import act, needs, visitor
from tracker.web.addresses import record_id
from tracker.web.attempts import carried_out
from tracker.web.changed import counts_of, in_words, sentence_of
from tracker.web.filters import day
from tracker.web.unit_forms import (
    AliasForm,
    DissolveForm,
    GroupForm,
    JoinForm,
    LeaveForm,
    NewUnitForm,
    PlaceForm,
    RenameForm,
    choices,
    chosen,
    filled,
)

pages = Blueprint("units", __name__, url_prefix="/units")

_NO_PARENT = "（无上级单位）"


@pages.get("/")
@needs(Action.EDIT_UNITS)
def index() -> ResponseReturnValue:
    return _register(GroupForm(formdata=None))


def _register(form: GroupForm) -> ResponseReturnValue:
    me = visitor()
    known = units.units_of(me.organisation_id)
    of_groups = _rosters(me.today)
    gone = [unit.id for unit in known if not units.stands_on(unit, me.today)]
    return render_template(
        "units/index.html",
        form=form,
        tree=units.tree(known),
        names=_names(known),
        rosters=of_groups,
        groups_of={unit.id: _groups_with(unit, of_groups) for unit in known},
        gone=gone,
        open_duties=units.open_duties(gone, me.today),
    ), 422 if form.errors else 200


def _names(known: Iterable[Unit]) -> dict[int, str]:
    return {unit.id: unit.name for unit in known}


def _rosters(on: date) -> list[tuple[UnitGroup, list[Unit]]]:
    return [(group, units.roster(group, on)) for group in units.groups_of(visitor().organisation_id)]


def _groups_with(unit: Unit, of_groups: Iterable[tuple[UnitGroup, list[Unit]]]) -> list[UnitGroup]:
    return [group for group, members in of_groups if unit in members]


@pages.route("/new", methods=["GET", "POST"])
@needs(Action.EDIT_UNITS)
def new() -> ResponseReturnValue:
    form = NewUnitForm()
    form.parent.choices = choices(_standing(), none=_NO_PARENT)
    if form.validate_on_submit() and carried_out(form.name, lambda: _add(form)):
        flash(f"已新增单位“{form.name.data}”。", "success")
        return redirect(url_for("units.index"))
    return render_template("units/new.html", form=form), 422 if form.errors else 200


def _add(form: NewUnitForm) -> Unit:
    return units.add_unit(act(), form.name.data, UnitKind(form.kind.data), chosen(form.parent))


def _standing() -> list[Unit]:
    """The units that exist today."""
    return units.units_on(visitor().organisation_id, visitor().today)


# One unit


@pages.get("/<int:unit_id>")
@needs(Action.EDIT_UNITS)
def unit(unit_id: int) -> ResponseReturnValue:
    return _unit_page(_unit(unit_id))


def _unit(unit_id: int) -> Unit:
    return units.unit_of(visitor().organisation_id, unit_id)


def _unit_page(unit: Unit, submitted: FlaskForm | None = None) -> ResponseReturnValue:
    """The unit with its forms: a submitted one as it came, the others as the unit stands."""
    me = visitor()
    known = units.units_of(me.organisation_id)
    forms = [
        RenameForm(formdata=None, new_name=unit.name),
        AliasForm(formdata=None),
        _place_form(unit, fresh=True),
        _dissolve_form(unit, fresh=True),
    ]
    rename, alias, place, dissolve = (submitted if type(submitted) is type(form) else form for form in forms)
    return render_template(
        "units/unit.html",
        unit=unit,
        rename=rename,
        alias=alias,
        place=place,
        dissolve=dissolve,
        submitted=submitted,
        names=_names(known),
        below=[other for other in known if other.parent_id == unit.id],
        groups=_groups_with(unit, _rosters(me.today)),
        open_duties=units.open_duties([unit.id], me.today)[unit.id],
        checked_in=inspection_lists.parts_of_unit(me.organisation_id, unit.id, me.today),
        passed=mergers.passed_on(unit) if unit.merged_into_id else [],
        gone=not units.stands_on(unit, me.today),
    ), 422 if submitted else 200


def _place_form(unit: Unit, *, fresh: bool = False) -> PlaceForm:
    as_it_is = {"formdata": None, "kind": unit.kind.value, "parent": str(unit.parent_id or "")}
    form = PlaceForm(**as_it_is) if fresh else PlaceForm()
    form.parent.choices = choices(_others(unit), none=_NO_PARENT)
    return form


def _dissolve_form(unit: Unit, *, fresh: bool = False) -> DissolveForm:
    form = DissolveForm(formdata=None, last_day=unit.dissolved_on or visitor().today) if fresh else DissolveForm()
    form.merged_into.choices = choices(_others(unit), none="（不并入其他单位）")
    return form


def _others(unit: Unit) -> list[Unit]:
    """What a unit may belong to: all other units that exist today, and the one it belongs to as it is."""
    me = visitor()
    others = (other for other in units.units_of(me.organisation_id) if other.id != unit.id)
    return [other for other in others if other.id == unit.parent_id or units.stands_on(other, me.today)]


def _to_unit(unit_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("units.unit", unit_id=unit_id))


@pages.post("/<int:unit_id>/name")
@needs(Action.EDIT_UNITS)
def rename(unit_id: int) -> ResponseReturnValue:
    found, form = _unit(unit_id), RenameForm()
    old = found.name
    if form.validate() and carried_out(form.new_name, lambda: units.rename_unit(act(), found, form.new_name.data)):
        kept = f"原名“{old}”已保留为别名，沿用原名的文件仍能识别。" if found.name != old else ""
        return _to_unit(unit_id, f"单位名称现为“{found.name}”。{kept}")
    return _unit_page(found, form)


@pages.post("/<int:unit_id>/aliases")
@needs(Action.EDIT_UNITS)
def add_alias(unit_id: int) -> ResponseReturnValue:
    found, form = _unit(unit_id), AliasForm()
    if form.validate() and carried_out(form.alias, lambda: units.add_alias(act(), found, form.alias.data)):
        return _to_unit(unit_id, f"已添加别名“{form.alias.data}”。")
    return _unit_page(found, form)


@pages.post("/<int:unit_id>/aliases/<int:alias_id>/remove")
@needs(Action.EDIT_UNITS)
def remove_alias(unit_id: int, alias_id: int) -> ResponseReturnValue:
    with transaction():
        units.remove_alias(act(), _unit(unit_id), alias_id)
    return _to_unit(unit_id, "别名已删除，已入账的任务不受影响。")


@pages.post("/<int:unit_id>/place")
@needs(Action.EDIT_UNITS)
def place(unit_id: int) -> ResponseReturnValue:
    found = _unit(unit_id)
    form = _place_form(found)
    if form.validate() and carried_out(
        form.parent, lambda: units.place_unit(act(), found, UnitKind(form.kind.data), chosen(form.parent))
    ):
        return _to_unit(unit_id, "类型和上级单位已保存。")
    return _unit_page(found, form)


@pages.post("/<int:unit_id>/dissolution")
@needs(Action.EDIT_UNITS)
def dissolve(unit_id: int) -> ResponseReturnValue:
    found = _unit(unit_id)
    form = _dissolve_form(found)
    changes: list[Changes] = []
    if form.validate() and carried_out(form.last_day, lambda: changes.extend(_dissolve(found, form))):
        return _to_unit(unit_id, f"已登记：“{found.name}”存续至{day(found.dissolved_on)}。{_passed(found, changes)}")
    return _unit_page(found, form)


def _dissolve(found: Unit, form: DissolveForm) -> list[Changes]:
    return mergers.dissolve(act(), found, filled(form.last_day), chosen(form.merged_into))


def _passed(gone: Unit, changes: list[Changes]) -> str:
    """What became of the unit's open matters."""
    handed, dropped = (sum(len(each.of(how)) for each in changes) for how in (How.HANDED, How.TAKEN_BACK))
    if gone.merged_into_id is None:
        return "未办结事项仍保留在该单位名下，请另行登记承接单位。"
    if units.stands_on(gone, visitor().today):
        return "未办结事项在这一天之后划转承接单位。"
    if not handed and not dropped:
        return "该单位没有未办结事项。"
    same = f"；另有 {dropped} 项承接单位已在承担，不再重复" if dropped else ""
    return f"未办结事项 {handed} 项已划转承接单位{same}。"


@pages.post("/<int:unit_id>/reinstatement")
@needs(Action.EDIT_UNITS)
def reinstate(unit_id: int) -> ResponseReturnValue:
    with transaction():
        changes = mergers.reinstate(act(), _unit(unit_id))
    return _to_unit(unit_id, f"撤销登记已取消，单位继续存续。{sentence_of(changes) if changes else ''}")


# Groups


@pages.post("/groups")
@needs(Action.EDIT_UNITS)
def new_group() -> ResponseReturnValue:
    form = GroupForm()
    if form.validate() and carried_out(form.name, lambda: units.add_group(act(), form.name.data)):
        flash(f"已新增单位组“{form.name.data}”，请为其登记成员单位。", "success")
        return redirect(url_for("units.index", _anchor="groups"))
    return _register(form)


@pages.get("/groups/<int:group_id>")
@needs(Action.EDIT_UNITS)
def group(group_id: int) -> ResponseReturnValue:
    return _group_page(_group(group_id), _asked_day())


def _group(group_id: int) -> UnitGroup:
    return units.group_of(visitor().organisation_id, group_id)


def _asked_day() -> date:
    written = request.args.get("day", "").strip()
    try:
        return date.fromisoformat(written) if written else visitor().today
    except ValueError:
        raise Invalid(f"日期“{written[:20]}”不存在，请按 2025-04-05 的格式填写。") from None


def _group_page(group: UnitGroup, on: date, submitted: FlaskForm | None = None) -> ResponseReturnValue:
    """The roster of a day, the two forms that change it, and everybody who was ever in it."""
    members = units.roster(group, on)
    join = submitted if isinstance(submitted, JoinForm) else JoinForm(formdata=None, starts_on=on)
    leave = (
        submitted if isinstance(submitted, LeaveForm) else _leave_form(members, LeaveForm(formdata=None, last_day=on))
    )
    return render_template(
        "units/group.html",
        group=group,
        on=on,
        members=members,
        others=[unit for unit in _standing() if unit not in members],
        ticked=request.form.getlist("unit", type=record_id),
        join=join,
        leave=leave,
        submitted=submitted,
        behind=rosters.behind(group, visitor().today) if on == visitor().today else [],
        memberships=sorted(group.memberships, key=lambda held: (held.unit.position, held.starts_on or date.min)),
    ), 422 if submitted else 200


def _leave_form(members: Iterable[Unit], form: LeaveForm) -> LeaveForm:
    form.member.choices = choices(members, none="（请选择）")
    return form


def _to_group(group_id: int, on: date, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("units.group", group_id=group_id, day=on.isoformat()))


@pages.post("/groups/<int:group_id>/members")
@needs(Action.EDIT_UNITS)
def join(group_id: int) -> ResponseReturnValue:
    found, form = _group(group_id), JoinForm()
    newcomers = [_unit(unit_id) for unit_id in request.form.getlist("unit", type=record_id)]
    if form.validate() and carried_out(form.starts_on, lambda: _join(found, newcomers, filled(form.starts_on))):
        return _to_group(group_id, filled(form.starts_on), f"已将 {len(newcomers)} 个单位列入名册。")
    return _group_page(found, form.starts_on.data or visitor().today, form)


def _join(group: UnitGroup, newcomers: list[Unit], starts_on: date) -> None:
    if not newcomers:
        raise Invalid("请勾选要列入名册的单位。")
    for newcomer in newcomers:
        units.join_group(act(), group, newcomer, starts_on)


@pages.post("/groups/<int:group_id>/leave")
@needs(Action.EDIT_UNITS)
def leave(group_id: int) -> ResponseReturnValue:
    found = _group(group_id)
    form = _leave_form((held.unit for held in found.memberships), LeaveForm())
    if form.validate() and carried_out(form.last_day, lambda: _leave(found, form)):
        return _to_group(group_id, filled(form.last_day), "已登记；该单位在册至所填日期为止。")
    return _group_page(found, form.last_day.data or visitor().today, form)


def _leave(group: UnitGroup, form: LeaveForm) -> None:
    member = chosen(form.member)
    if member is None:
        raise Invalid("请选择要移出的单位。")
    units.leave_group(act(), group, _unit(member), filled(form.last_day))


# Plans that follow a changed roster


@pages.get("/groups/<int:group_id>/plans/<int:plan_id>")
@needs(Action.EDIT_UNITS)
def roster_changes(group_id: int, plan_id: int) -> ResponseReturnValue:
    return _roster_changes(group_id, plan_id)


def _roster_changes(group_id: int, plan_id: int, refused: str = "") -> ResponseReturnValue:
    """What assigning the group's items to its roster of today would change."""
    found, plan = _group(group_id), plans.plan_of(visitor().organisation_id, plan_id)
    changes = rosters.pending(found, plan, visitor().today)
    return render_template(
        "units/roster_changes.html",
        group=found,
        plan=plan,
        changes=[changes] if len(changes) else [],
        counts=counts_of([changes]),
        behind=[each for each in rosters.behind(found, visitor().today) if each.plan.id == plan.id],
        seen=changes.seen,
        in_words=in_words,
        refused=refused,
    ), 409 if refused else 200


@pages.post("/groups/<int:group_id>/plans/<int:plan_id>")
@needs(Action.EDIT_UNITS)
def assign_anew(group_id: int, plan_id: int) -> ResponseReturnValue:
    found, plan = _group(group_id), plans.plan_of(visitor().organisation_id, plan_id)
    try:
        with transaction():
            changes = rosters.assign_anew(act(), found, plan, request.form.get("seen", ""))
    except Stale as refusal:
        return _roster_changes(group_id, plan_id, refusal.sentence)
    return _to_group(group_id, visitor().today, f"“{plan.title}”已按今日名册分工。{sentence_of([changes])}")
