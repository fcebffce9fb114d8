"""Forms that come in without some of their fields, or with blanks: a sentence beside the field, never a fault."""

import importlib
import pkgutil

import pytest
from wtforms import StringField, TextAreaField
from wtforms.form import BaseForm

import tracker.web
from tracker.web.fields import DayField, Filled, NumberField
from tracker.web.forms import PageForm, TokenlessForm


class Letter(TokenlessForm):
    title = StringField("标题", [Filled("请填写标题。")])
    text = TextAreaField("正文")
    day = DayField("日期", [Filled("请填写日期。")])
    amount = NumberField("数量", [Filled("请填写数量。")])


def sent(app, **fields: str) -> Letter:
    with app.test_request_context(method="POST", data=fields):
        form = Letter()
        form.validate()
        return form


def test_a_text_that_the_request_lacks_is_an_empty_one(app):
    assert sent(app, title="通知").text.data == ""


@pytest.mark.parametrize("blank", ["", " ", "\t", "\u3000"])
def test_blanks_alone_are_nothing_written(app, blank):
    form = sent(app, title=blank, day=blank, amount=blank)
    assert form.errors == {"title": ["请填写标题。"], "day": ["请填写日期。"], "amount": ["请填写数量。"]}


def test_what_cannot_be_read_is_said_by_the_field_and_not_called_missing(app):
    form = sent(app, title="通知", day="2025-02-30", amount="九十五")
    assert form.errors == {
        "day": ["日期不存在，请按 2025-08-31 的格式填写。"],
        "amount": ["请填写数字，如 95 或 0.5。"],
    }


def test_nothing_at_all_is_the_number_zero(app):
    assert sent(app, title="通知", day="2025-04-01", amount="0").errors == {}


def _forms() -> list[type[PageForm]]:
    for module in pkgutil.walk_packages(tracker.web.__path__, "tracker.web."):
        importlib.import_module(module.name)
    found, waiting = [], [PageForm]
    while waiting:
        waiting += (below := waiting.pop().__subclasses__())
        found += below
    return [form for form in found if form.__module__.startswith("tracker.")]


def test_every_form_is_one_of_the_products_own():
    own = {form.__qualname__ for form in _forms()}
    others = [form for form in BaseForm.__subclasses__() if form.__module__.startswith("tracker.")]
    assert len(own) > 30
    assert others == []


def test_no_validator_of_a_form_speaks_english(app):
    with app.test_request_context():
        said = [
            (form.__qualname__, field.name, getattr(validator, "message", "另有说明"))
            for form in _forms()
            for field in form()
            for validator in field.validators
        ]
    assert len(said) > 50
    assert [each for each in said if not each[2] or each[2].isascii()] == []


@pytest.mark.parametrize(
    ("login", "address", "fields"),
    [
        ("clerk", "/organisation/", {"review_levels": "1", "extension_levels": "2", "report_day": "5"}),
        ("clerk", "/channels/", {"kind": "wecom", "name": "工作群", "address": "2023-10-12"}),
        ("clerk", "/preferences/", {"mail": "y"}),
        ("clerk", "/units/1/dissolution", {"last_day": " ", "merged_into": ""}),
        ("clerk", "/units/1/names", {}),
        ("clerk", "/closing/", {"sure": "y", "as_of": " "}),
    ],
)
def test_a_request_without_some_fields_is_answered_in_words(as_, login, address, fields):
    assert as_(login).post(address, data=fields).status_code in (302, 404, 409, 422)
