"""(to be written)"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.rules.permissions import Action
from tracker.web.access import needs

pages = Blueprint("imports", __name__, url_prefix="/imports")


@pages.get("/")
@needs(Action.IMPORT)
def index() -> ResponseReturnValue:
    return render_template("home/nothing.html")
