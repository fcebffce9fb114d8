"""(to be written)"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.rules.permissions import Action
from tracker.web.access import needs

pages = Blueprint("reports", __name__, url_prefix="/reports")


@pages.get("/")
@needs(Action.REPORT)
def index() -> ResponseReturnValue:
    return render_template("home/nothing.html")
