"""What the product's forms share."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField, TextAreaField

_TEXTS = (HiddenField, PasswordField, StringField, TextAreaField)  # themselves: those derived from them know a None


class PageForm(FlaskForm):  # type: ignore[misc]
    """What the library says by itself it says in Chinese, and a text that the request lacks is an empty one."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales = ("zh",)

    def process(self, *args: Any, **kwargs: Any) -> None:
        super().process(*args, **kwargs)
        for field in self:
            if type(field) in _TEXTS and field.data is None:
                field.data = ""


class TokenlessForm(PageForm):
    """A form without a token of its own: the site checks one for every POST, and the forms of a page share it."""

    class Meta(PageForm.Meta):
        csrf = False
