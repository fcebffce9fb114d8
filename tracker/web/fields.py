"""Form fields that answer in Chinese, and take only what an office can mean."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import DateField, Field, Form, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import HiddenInput

_LONGEST_ID = 9  # digits: more than any table holds, and no more than any database can compare
_LARGEST = Decimal(10) ** 12


def trimmed(value: str | None) -> str:
    """What was typed, with the line ends of text files (browsers send others) and without what PostgreSQL refuses."""
    return (value or "").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()


class Filled:
    """Something was written, and not blanks alone; of what the field itself could not read, it says why."""

    def __init__(self, message: str) -> None:
        self.message, self.field_flags = message, {"required": True}

    def __call__(self, _form: BaseForm, field: Field) -> None:
        blank = not field.data.strip() if isinstance(field.data, str) else field.data is None
        if blank and not field.errors:
            raise StopValidation(self.message)


class Choice(SelectField):  # type: ignore[misc]
    """One of the options, which are pairs of value and label."""

    def __init__(self, label: str, options: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(label, choices=[SelectChoice(value, text) for value, text in options], **kwargs)

    def pre_validate(self, _form: Form) -> None:
        if self.data not in {choice.value for choice in self.choices}:
            raise ValidationError("请从列出的选项中选择。")


class NumberField(StringField):  # type: ignore[misc]
    """A decimal of a size that an office can mean, or None."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}"

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        written = valuelist[0].strip().replace(",", "").replace("，", "") if valuelist else ""
        self.data = self._number(written) if written else None

    def _number(self, written: str) -> Decimal:
        try:
            value = Decimal(written)
        except InvalidOperation:
            raise ValueError("请填写数字，如 95 或 0.5。") from None
        if not value.is_finite() or abs(value) >= _LARGEST or value != round(value, 6):
            raise ValueError("数值过大，或小数超过 6 位。")
        return value


class WholeNumberField(StringField):  # type: ignore[misc]
    """A whole number from `least` to `most`, or None."""

    def __init__(self, label: str, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.least, self.most = least, most

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        written = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not written:
            return
        if (
            not written.isdecimal()
            or not self.least <= int(written[:_LONGEST_ID]) <= self.most
            or len(written) > _LONGEST_ID
        ):
            raise ValueError(f"请填写 {self.least} 至 {self.most} 之间的整数。")
        self.data = int(written)


class IdsField(SelectMultipleField):  # type: ignore[misc]
    """The ids of ticked records; what is no id is no record either."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = [int(value) for value in valuelist if value.isdecimal() and len(value) <= _LONGEST_ID]


class DayField(DateField):  # type: ignore[misc]
    def process_formdata(self, valuelist: Sequence[str]) -> None:
        written = valuelist[0].strip() if valuelist else ""
        try:
            self.data = date.fromisoformat(written) if written else None
        except ValueError:
            self.data = None
            raise ValueError("日期不存在，请按 2025-08-31 的格式填写。") from None


def version_field() -> WholeNumberField:
    """The version that the form was made from; one that was tampered with is None, which is no version."""
    return WholeNumberField("版本", 0, 10**9 - 1, widget=HiddenInput())
