"""Who is asking, and whether they may: every route names its permission, and one without is open to nobody."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

import config
from tracker import clock
from tracker.ledger import accounts
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.signed_in import Office, SignedIn, signed_in
from tracker.ledger.standing import Scope
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.organisations import Organisation
from tracker.rules.permissions import Action, Role, can
from tracker.rules.refusals import Forbidden

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

login_manager = LoginManager()
_OPEN_WHILE_PASSWORD_IS_DUE = {"auth.password", "auth.sign_out", "static", "bootstrap.static"}


class Visitor(UserMixin):  # type: ignore[misc]
    """The signed-in person of this request, with the roles that today's posts give."""

    def __init__(self, account: SignedIn) -> None:
        self.account = account
        self.today = clock.today(settings().timezone)

    def get_id(self) -> str:
        return f"{self.person_id}.{self.account.session_key}"

    @property
    def person_id(self) -> int:
        return self.account.person_id

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def office(self) -> Office:
        return self.account.office

    @property
    def person(self) -> Person:
        """The record itself, for acts and for pages about it."""
        return accounts.person_of(self.organisation_id, self.person_id)

    @cached_property
    def roles(self) -> frozenset[Role]:
        return accounts.roles_on(self.account, self.today)

    @cached_property
    def posts(self) -> frozenset[tuple[Role, int | None]]:
        """Today's, with their units: who holds the same sees the same pages, and may do the same."""
        return frozenset((post.role, post.unit_id) for post in self.account.posts if post.held_on(self.today))

    @cached_property
    def scope(self) -> Scope:
        return accounts.scope_of(self.account, self.today)

    @cached_property
    def own_units(self) -> list[int]:
        return accounts.own_units(self.account, self.today)

    @property
    def organisation(self) -> Organisation:
        return db.session.get_one(Organisation, self.organisation_id)

    @property
    def organisation_id(self) -> int:
        return self.account.organisation_id

    def units_where(self, action: Action) -> frozenset[int]:
        """The units at which one of today's posts gives the right to it."""
        return accounts.units_where(self.account, action, self.today)

    def can(self, action: Action | str) -> bool:
        return can(self.roles, Action(action))


def settings() -> config.Settings:
    return cast(config.Settings, current_app.config["SETTINGS"])


def visitor() -> Visitor:
    """The signed-in visitor; only for views whose permission is not PUBLIC."""
    return cast(Visitor, g.get("visitor") or current_user._get_current_object())


def act() -> Act:
    """Who acts now: the first argument of every verb."""
    me, now = visitor(), clock.now().astimezone(ZoneInfo(settings().timezone))
    return Act(me.organisation_id, me.person, now, now.date())


def needs(action: Action) -> Callable[[View], View]:
    """Name the permission of a view; stands beneath the route decorator."""

    def mark(view: View) -> View:
        view.permission = action  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(app: Flask, endpoint: str) -> Action | None:
    """The permission that a route names; files of the front are public."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return Action.PUBLIC
    return getattr(app.view_functions[endpoint], "permission", None)


def guard() -> ResponseReturnValue | None:
    """Before every request: deny unless the route's permission says otherwise."""
    if request.endpoint is None:
        return None  # no such page: the error handler answers
    action = permission_of(current_app, request.endpoint)
    if action is Action.PUBLIC:
        return None
    if not current_user.is_authenticated:
        if request.endpoint == "home.index":
            return redirect(url_for("auth.sign_in"))  # whoever opens the product for the first time did nothing wrong
        if request.headers.get("Accept") == "application/json":
            # A script asked, and tells the user itself.  A message put into the session would come late, and undo a
            # sign-in that is under way in the same browser.
            return Response(status=401)
        return login_manager.unauthorized()  # type: ignore[no-any-return]
    g.visitor = visitor()  # the page asks for it dozens of times, and each would look it up anew
    if action is None or not g.visitor.can(action):
        raise Forbidden
    if g.visitor.account.must_change_password and request.endpoint not in _OPEN_WHILE_PASSWORD_IS_DUE:
        flash("首次登录或密码被重置后，请先修改密码。", "warning")
        return redirect(url_for("auth.password"))
    return None


def enter(person: Person) -> None:
    """Begin a new session for the person: nothing of the old one is kept."""
    session.clear()
    session.permanent = True
    if account := signed_in(person.id, person.session_key):
        login_user(Visitor(account))


def leave() -> None:
    logout_user()
    g.pop("visitor", None)
    session.clear()


def assemble(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.login_view = "auth.sign_in"
    login_manager.login_message = "请先登录。"
    login_manager.login_message_category = "info"
    login_manager.session_protection = None  # addresses change behind office proxies; the key in the session decides

    @login_manager.user_loader  # type: ignore[untyped-decorator]
    def load(user_id: str) -> Visitor | None:
        person_id, _, key = user_id.partition(".")
        account = signed_in(int(person_id), key) if person_id.isdigit() else None
        return Visitor(account) if account else None

    app.before_request(guard)
    app.context_processor(_known_to_templates)


def _known_to_templates() -> dict[str, Any]:
    me = g.get("visitor") or current_user  # looked up by the template itself where nobody had to be known until then
    return {"me": me, "settings": settings(), "Action": Action, "g": g}
