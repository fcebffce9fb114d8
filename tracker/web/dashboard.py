"""(to be written)"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.rules.permissions import Action
from tracker.web.access import needs

pages = Blueprint("dashboard", __name__, url_prefix="/dashboard")


@pages.get("/")
@needs(Action.SEE_OVERVIEW)
def index() -> ResponseReturnValue:
    return render_template("home/nothing.html")
