"""The forms of the register of units.  Fields have different names, for several forms share a page."""

from collections.abc import Iterable
from datetime import date

from wtforms import StringField
from wtforms.fields.choices import SelectChoice

from tracker.ledger.tables.units import Unit, UnitKind
from tracker.web.fields import Choice, DayField, Filled, trimmed
from tracker.web.forms import TokenlessForm

KINDS = [(kind.value, kind.label) for kind in UnitKind]


def choices(units: Iterable[Unit], none: str) -> list[SelectChoice]:
    """A choice among units, or of none."""
    return [SelectChoice("", none), *(SelectChoice(str(unit.id), unit.name) for unit in units)]


def chosen(field: Choice) -> int | None:
    """The id of the unit that was chosen."""
    return int(field.data) if field.data else None


def filled(field: DayField) -> date:
    """The day in a field that must be filled in, once the form was found valid."""
    assert field.data is not None
    return field.data


class NewUnitForm(TokenlessForm):
    name = StringField("单位名称", [Filled("请填写单位名称。")], filters=[trimmed])
    kind = Choice("类型", KINDS)
    parent = Choice("上级单位", [])


class RenameForm(TokenlessForm):
    new_name = StringField("新名称", [Filled("请填写新名称。")], filters=[trimmed])


class AliasForm(TokenlessForm):
    alias = StringField("别名", [Filled("请填写别名。")], filters=[trimmed])


class PlaceForm(TokenlessForm):
    kind = Choice("类型", KINDS)
    parent = Choice("上级单位", [])


class DissolveForm(TokenlessForm):
    last_day = DayField("存续的最后一天", [Filled("请填写最后一天。")])
    merged_into = Choice("职责并入", [])


class GroupForm(TokenlessForm):
    name = StringField("单位组名称", [Filled("请填写单位组名称。")], filters=[trimmed])


class JoinForm(TokenlessForm):
    starts_on = DayField("自这一天起", [Filled("请填写起始日期。")])


class LeaveForm(TokenlessForm):
    member = Choice("移出的单位", [])
    last_day = DayField("在册的最后一天", [Filled("请填写最后一天。")])
