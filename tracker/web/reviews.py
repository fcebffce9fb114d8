"""(to be written)"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.rules.permissions import Action
from tracker.web.access import needs

pages = Blueprint("reviews", __name__, url_prefix="/reviews")


@pages.get("/")
@needs(Action.REVIEW)
def index() -> ResponseReturnValue:
    return render_template("home/nothing.html")
