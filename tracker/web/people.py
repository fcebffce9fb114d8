"""(to be written)"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.rules.permissions import Action
from tracker.web.access import needs

pages = Blueprint("people", __name__, url_prefix="/people")


@pages.get("/")
@needs(Action.EDIT_PEOPLE)
def index() -> ResponseReturnValue:
    return render_template("home/nothing.html")
