"""What the product's forms share."""

from flask_wtf import FlaskForm


class TokenlessForm(FlaskForm):  # type: ignore[misc]
    """A form without a token of its own: the site checks one for every POST, and the forms of a page share it."""

    class Meta:
        csrf = False
