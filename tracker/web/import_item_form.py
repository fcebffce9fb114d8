"""The form of one item of a draft.  A row that is left empty counts for nothing: that is how one is taken out."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, FieldList, Form, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from tracker.ledger.draft_entries import Entry, target_of
from tracker.ledger.imports import LONGEST_DEADLINE, LONGEST_EVENT, LONGEST_MEASURE, LONGEST_TARGET, ItemEdit
from tracker.ledger.tables.imports import DraftItem
from tracker.ledger.units import LONGEST_NAME
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.targets import Op, Per, Target
from tracker.web.fields import Choice, DayField, Filled, NumberField, WholeNumberField, trimmed, version_field

LEAD, SUPPORT = "lead", "support"
NEW_PREFIX = "new-"
ROLES = [(LEAD, "牵头"), (SUPPORT, "配合")]
_WANTED = {DeadlineKind.DATE: "due", DeadlineKind.RECURRING: "every", DeadlineKind.RELATIVE: "days"}


def _choices(kind: type[Op] | type[Per] | type[Every] | type[DeadlineKind]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in kind]


class UnitRow(Form):  # type: ignore[misc]
    name = StringField(
        "单位名称", [Length(max=LONGEST_NAME, message=f"单位名称最多 {LONGEST_NAME} 字。")], filters=[trimmed]
    )
    role = Choice("角色", options=ROLES, default=LEAD)

    @property
    def blank(self) -> bool:
        return not self.name.data


class TargetRow(Form):  # type: ignore[misc]
    text = StringField(
        "原文表述", [Length(max=LONGEST_TARGET, message=f"指标表述最多 {LONGEST_TARGET} 字。")], filters=[trimmed]
    )
    per = Choice("周期", options=[("", "全年累计"), *_choices(Per)], default="")
    op = Choice("要求", options=_choices(Op), default=Op.AT_LEAST.value)
    value = NumberField("数值")
    measure = StringField(
        "计量单位", [Length(max=LONGEST_MEASURE, message=f"计量单位最多 {LONGEST_MEASURE} 字。")], filters=[trimmed]
    )

    @property
    def blank(self) -> bool:
        return not self.text.data and not self.measure.data and not any(self.value.raw_data or ())

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if self.blank or self.value.data is not None or self.value.errors:
            return valid
        self.value.errors = ["请填写数值；不要这条指标时，请把整行清空。"]
        return False

    def result(self) -> tuple[str, Target]:
        assert self.value.data is not None  # validated
        per = Per(self.per.data) if self.per.data else None
        target = Target(Op(self.op.data), self.value.data, self.measure.data, per)
        return self.text.data or target.label, target


class DeadlineRow(Form):  # type: ignore[misc]
    text = StringField(
        "原文表述", [Length(max=LONGEST_DEADLINE, message=f"时限表述最多 {LONGEST_DEADLINE} 字。")], filters=[trimmed]
    )
    kind = Choice("类型", options=[("", "（不设）"), *_choices(DeadlineKind)], default="")
    due = DayField("截止日期")
    every = Choice("频次", options=[("", "（请选择）"), *_choices(Every)], default="")
    month_of_period = WholeNumberField("第几个月", 1, 13)
    day = WholeNumberField("日（每周为周几）", 1, 31)
    event = StringField(
        "起算事件", [Length(max=LONGEST_EVENT, message=f"起算事件最多 {LONGEST_EVENT} 字。")], filters=[trimmed]
    )
    days = WholeNumberField("天数", 1, 3660)
    workdays = Choice("按", options=[("", "自然日"), ("1", "工作日")], default="")

    @property
    def blank(self) -> bool:
        return not self.text.data and not self.kind.data

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if self.blank:
            return valid
        if not self.kind.data:
            self.kind.errors = ["请选择时限类型；不要这条时限时，请把整行清空。"]
            return False
        return valid and self._has_what_its_kind_wants() and self._is_a_day_of_its_period()

    def _has_what_its_kind_wants(self) -> bool:
        wanted = _WANTED.get(DeadlineKind(self.kind.data))
        if wanted is None or self[wanted].data:
            return True
        self[wanted].errors = [f"请填写{self[wanted].label.text}。"]
        return False

    def _is_a_day_of_its_period(self) -> bool:
        try:
            self._deadline()
        except ValueError:
            self.day.errors = ["该频次中没有这一天，请核对“第几个月”和“日”。"]
            return False
        return True

    def result(self) -> tuple[str, Deadline]:
        deadline = self._deadline()
        return self.text.data or deadline.label, deadline

    def _deadline(self) -> Deadline:
        """Fields that belong to another kind count for nothing; raise ValueError for a day that its period lacks."""
        kind = DeadlineKind(self.kind.data)
        recurs, follows = kind is DeadlineKind.RECURRING, kind is DeadlineKind.RELATIVE
        return Deadline(
            kind,
            due=self.due.data if kind is DeadlineKind.DATE else None,
            every=Every(self.every.data) if recurs else None,
            days=self.days.data if follows else None,
            workdays=follows and bool(self.workdays.data),
            day=self.day.data if recurs else None,
            month_of_period=self.month_of_period.data if recurs else None,
            event=(self.event.data or None) if follows else None,
        )


class ItemForm(FlaskForm):  # type: ignore[misc]
    version = version_field()
    leave_for = HiddenField()  # the item to open next, where the clerk goes there with unsaved changes
    section = TextAreaField("所属板块", filters=[trimmed])
    task = TextAreaField("工作任务", [Filled("请填写工作任务。")], filters=[trimmed])
    goal = TextAreaField("工作目标", filters=[trimmed])
    units = FieldList(FormField(UnitRow), "责任单位")
    targets = FieldList(FormField(TargetRow), "量化指标")
    deadlines = FieldList(FormField(DeadlineRow), "完成时限")

    def edit(self) -> ItemEdit:
        named = [(row.name.data, row.role.data == LEAD) for row in self._rows(self.units)]
        return ItemEdit(
            section=self.section.data.split("\n"),
            task=self.task.data,
            goal=self.goal.data,
            units=list(dict.fromkeys(named)),
            targets=[row.result() for row in self._rows(self.targets)],
            deadlines=[row.result() for row in self._rows(self.deadlines)],
        )

    def _rows(self, rows: FieldList) -> Iterator[Any]:
        return (entry.form for entry in rows if not entry.form.blank)

    def with_an_empty_row_each(self) -> "ItemForm":
        """So that something can be added without a script."""
        for rows in (self.units, self.targets, self.deadlines):
            if not rows.entries or not rows.entries[-1].form.blank:
                rows.append_entry()
        return self

    @property
    def problems(self) -> list[tuple[str, str]]:
        """The field and the sentence of every error, rows included."""
        return [(field.id, f"{field.label.text}：{error}") for field in _leaves(self) for error in field.errors]


def _leaves(fields: Any) -> Iterator[Field]:
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from _leaves(field)
        else:
            yield field


def item_form(item: DraftItem) -> ItemForm:
    content = {
        "version": item.version,
        "section": "\n".join(item.section),
        "task": item.task,
        "goal": item.goal,
        "units": [{"name": entry["name"], "role": LEAD if entry["lead"] else SUPPORT} for entry in item.units],
        "targets": [_target_row(entry) for entry in item.targets],
        "deadlines": [_deadline_row(entry) for entry in item.deadlines],
    }
    return ItemForm(formdata=None, data=content).with_an_empty_row_each()


def empty_item_form() -> ItemForm:
    """For an item that the document does not print; it stands on one page with another item's form."""
    return ItemForm(formdata=None, prefix=NEW_PREFIX).with_an_empty_row_each()


def _target_row(entry: Entry) -> Entry:
    return {**entry, "value": target_of(entry).value, "per": entry["per"] or ""}


def _deadline_row(entry: Entry) -> Entry:
    due = date.fromisoformat(entry["due"]) if entry["due"] else None
    return {**entry, "due": due, "every": entry["every"] or "", "workdays": "1" if entry["workdays"] else ""}
