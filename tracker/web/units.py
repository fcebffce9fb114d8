"""(to be written)"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.rules.permissions import Action
from tracker.web.access import needs

pages = Blueprint("units", __name__, url_prefix="/units")


@pages.get("/")
@needs(Action.EDIT_UNITS)
def index() -> ResponseReturnValue:
    return render_template("home/nothing.html")
