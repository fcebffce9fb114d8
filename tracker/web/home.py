"""The first page: everybody is led to the page that answers their question; the clerk's is here."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.rules.permissions import Action
from tracker.web.access import needs, visitor

pages = Blueprint("home", __name__)

# The first of these that the visitor may do decides.
_FIRST_PAGES = (
    (Action.REPORT, "reports.index"),
    (Action.SEE_OVERVIEW, "dashboard.index"),
    (Action.EDIT_PEOPLE, "people.index"),
)


@pages.get("/")
@needs(Action.OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    me = visitor()
    if me.can(Action.REVIEW):
        return render_template("home/index.html")
    for action, endpoint in _FIRST_PAGES:
        if me.can(action):
            return redirect(url_for(endpoint))
    return render_template("home/nothing.html")
