"""The forms of the import pages: upload, the plan's own facts, many items at once, names.  An item has its own file."""

import re
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, ValidationError

from tracker.ledger.imports import guess_kind
from tracker.ledger.tables.imports import Draft
from tracker.ledger.tables.units import UnitKind
from tracker.ledger.units import LONGEST_NAME
from tracker.reading import brackets
from tracker.web.fields import Choice, DayField, Filled, IdsField, WholeNumberField, trimmed, version_field
from tracker.web.import_item_form import LEAD, ROLES

_SEPARATORS = re.compile(r"[、,，;；\n]")


def names_in(text: str) -> list[str]:
    """Unit names between separators; brackets bind, as in 各镇(园区、街道)."""
    names, done = [], 0
    for match in brackets.outside(text, _SEPARATORS):
        names.append(text[done : match.start()])
        done = match.end()
    return [name.strip() for name in (*names, text[done:]) if name.strip()]


class UploadForm(FlaskForm):  # type: ignore[misc]
    file = FileField("计划文件")
    text = TextAreaField("或粘贴正文", filters=[trimmed])
    html = HiddenField(filters=[trimmed])  # the clipboard's tables, which the script adds to what was pasted

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        chosen = bool(self.file.data and self.file.data.filename)
        if chosen == bool(self.text.data):
            field = self.text if chosen else self.file
            sentence = "文件和粘贴的正文请只选一种。" if chosen else "请选择计划文件，或粘贴计划正文。"
            field.errors = [*field.errors, sentence]
            return False
        return valid


# The plan's own facts


FACTS_PREFIX = "plan-"  # for its fields stand on one page with those of an item


class FactsForm(FlaskForm):  # type: ignore[misc]
    version = version_field()
    title = StringField(
        "计划名称",
        [Filled("请填写计划名称。"), Length(max=200, message="计划名称最多 200 字。")],
        filters=[trimmed],
    )
    issuer = StringField("发文机关", [Length(max=100, message="发文机关最多 100 字。")], filters=[trimmed])
    year = WholeNumberField("计划年度", 2000, 2099)


def facts_form(draft: Draft) -> FactsForm:
    facts = {"version": draft.version, "title": draft.title, "issuer": draft.issuer, "year": draft.year}
    return FactsForm(formdata=None, prefix=FACTS_PREFIX, data=facts)


# Many items at once


class AssignForm(FlaskForm):  # type: ignore[misc]
    scope = Choice(
        "范围",
        options=[("ticked", "勾选的任务"), ("unled", "尚无牵头单位的任务"), ("all", "全部任务")],
        default="ticked",
    )
    items = IdsField("任务")
    units = SelectMultipleField("单位", choices=[], validate_choice=False)
    others = StringField("其他单位", filters=[trimmed])
    role = Choice("角色", options=ROLES, default=LEAD)

    @property
    def names(self) -> list[str]:
        return [*(self.units.data or ()), *names_in(self.others.data)]

    def validate_others(self, field: Field) -> None:
        if any(len(name) > LONGEST_NAME for name in names_in(field.data)):
            raise ValidationError(f"单位名称最多 {LONGEST_NAME} 字；多个单位请用顿号隔开。")

    def item_ids(self, draft: Draft) -> list[int]:
        kept = [item for item in draft.items if not item.dropped]
        if self.scope.data == "all":
            return [item.id for item in kept]
        if self.scope.data == "unled":
            return [item.id for item in kept if not any(entry["lead"] for entry in item.units)]
        ticked = set(self.items.data or ())
        return [item.id for item in draft.items if item.id in ticked]


# Its shape


class SplitForm(FlaskForm):  # type: ignore[misc]
    version = version_field()
    place = WholeNumberField("拆分处", 1, 10**6)


class DueForm(FlaskForm):  # type: ignore[misc]
    text = HiddenField()
    due = DayField("完成日期", [Filled("请选择完成日期。")])


# Names that the register does not know

KINDS = [(kind.value, kind.label) for kind in UnitKind]
UNIT, GROUP, ALIAS = "unit", "group", "alias"


class NameRow(Form):  # type: ignore[misc]
    chosen = BooleanField("新建")
    name = HiddenField("单位名称")
    kind = Choice("类别", options=KINDS)


class NewUnitsForm(FlaskForm):  # type: ignore[misc]
    """Names that are entered as units, all at once."""

    rows = FieldList(FormField(NameRow))

    @property
    def chosen(self) -> list[tuple[str, UnitKind]]:
        return [(row.form.name.data, UnitKind(row.form.kind.data)) for row in self.rows if row.form.chosen.data]


def new_units_form(names: Sequence[str]) -> NewUnitsForm:
    rows = [{"chosen": not _is_garbled(name), "name": name, "kind": guess_kind(name).value} for name in names]
    return NewUnitsForm(formdata=None, data={"rows": rows})


def _is_garbled(name: str) -> bool:
    """A name that lost characters on its way; it wants correcting, not entering."""
    return any(sign in name for sign in "?？□�*")


class NameForm(FlaskForm):  # type: ignore[misc]
    """One name: a unit of its own, a set of units, or another name of a unit that is known."""

    name = HiddenField()
    means = Choice("登记为", options=[(UNIT, "新建单位"), (GROUP, "新建单位组"), (ALIAS, "已登记单位的别名")])
    kind = Choice("类别", options=KINDS)
    members = IdsField("成员")
    unit = WholeNumberField("已登记单位", 0, 10**9 - 1)

    @property
    def unit_kind(self) -> UnitKind:
        return UnitKind(self.kind.data)
