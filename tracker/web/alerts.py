"""(to be written)"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.rules.permissions import Action
from tracker.web.access import needs

pages = Blueprint("alerts", __name__, url_prefix="/alerts")


@pages.get("/")
@needs(Action.SEE_ALERTS)
def index() -> ResponseReturnValue:
    return render_template("home/nothing.html")
