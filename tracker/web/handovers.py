"""Handovers (工作交接): passing a post on, the list of what lies open, and posts that nobody took over."""

from collections.abc import Callable

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from tracker.ledger import accounts, handovers, passwords
from tracker.ledger.db import transaction
from tracker.ledger.handover_matters import listing
from tracker.ledger.tables.accounts import Person, Post
from tracker.ledger.tables.handovers import Handover
from tracker.rules.alerts import AlertKind
from tracker.rules.handovers import Matter, may_hand_over
from tracker.rules.permissions import Action
from tracker.rules.refusals import NotFound
from tracker.web.access import act, needs, visitor
from tracker.web.attempts import carried_out
from tracker.web.filters import day
from tracker.web.handover_forms import HandoverForm, handover_form
from tracker.web.unit_forms import filled

pages = Blueprint("handovers", __name__, url_prefix="/handovers")


@pages.get("/")
@needs(Action.SEE_HANDOVERS)
def index() -> ResponseReturnValue:
    me = visitor()
    return render_template(
        "handovers/index.html",
        unattended=handovers.unattended(me.organisation_id, me.today, _scope()),
        posts=_posts_to_hand_over(),
        made=handovers.handovers_of(me.organisation_id, _scope()),
        hands_over=_hands_over,
        today=me.today,
    )


def _scope() -> frozenset[int] | None:
    """The units whose posts the visitor looks after; who gives accounts looks after all."""
    me = visitor()
    return None if me.can(Action.EDIT_PEOPLE) else me.scope


def _posts_to_hand_over() -> list[Post]:
    """The running posts of a head's own handlers; the administrator finds theirs with the people."""
    me = visitor()
    if me.can(Action.EDIT_PEOPLE) or not me.can(Action.HAND_OVER):
        return []
    posts = (post for person in accounts.people_of(me.organisation_id) for post in person.posts)
    return [post for post in posts if _hands_over(post) and (post.ends_on is None or post.ends_on >= me.today)]


def _hands_over(post: Post) -> bool:
    me = visitor()
    here = {role for role, unit_id in me.posts if unit_id == post.unit_id}
    return post.person_id != me.person_id and may_hand_over(me.roles, here, post.role)


@pages.route("/posts/<int:post_id>", methods=["GET", "POST"])
@needs(Action.HAND_OVER)
def new(post_id: int) -> ResponseReturnValue:
    me = visitor()
    post = accounts.post_of(me.organisation_id, post_id)
    handovers.check_may_hand_over(post, act())
    over = post.ends_on is not None and post.ends_on < me.today
    form = handover_form(HandoverForm(last_day=post.ends_on or me.today), post, _people())
    if form.validate_on_submit() and (made := _carried_out(form, post_id)):
        handover, password = made
        return _handed_over(handover, password)
    found = listing(post, me.today)
    page = render_template("handovers/new.html", post=post, form=form, over=over, found=found)
    return page, 422 if form.errors else 200


def _people() -> list[Person]:
    return accounts.people_of(visitor().organisation_id)


def _carried_out(form: HandoverForm, post_id: int) -> tuple[Handover, str | None] | None:
    """The handover, and the new successor's password; None where it was refused, which stands at the field."""
    password = None if form.known_id else passwords.initial_password(form.login.data)
    made: list[Handover] = []
    field = form.successor if form.known_id else form.login
    done = carried_out(field, lambda: made.append(_hand_over(form, post_id, password)))
    return (made[0], password) if done else None


def _hand_over(form: HandoverForm, post_id: int, password: str | None) -> Handover:
    by = act()
    post = accounts.post_of(by.organisation_id, post_id)
    if form.known_id:
        successor = accounts.person_of(by.organisation_id, form.known_id)
    else:
        successor = accounts.add_person(by, form.login.data, form.name.data, password)
    return handovers.hand_over(by, post, filled(form.last_day), successor, same_day=form.same_day)


def _handed_over(handover: Handover, password: str | None) -> ResponseReturnValue:
    successor = handover.successor_post
    sentence = f"已办理交接：{successor.person.name}自{day(successor.starts_on or handover.last_day)}起接任。"
    onward = url_for("handovers.show", handover_id=handover.id)
    if password is None:
        flash(sentence, "success")
        return redirect(onward)
    answer = make_response(
        render_template(
            "people/password.html", person=successor.person, password=password, told=sentence, onward=onward
        )
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


# The list


@pages.get("/<int:handover_id>")
@needs(Action.OWN_ACCOUNT)
def show(handover_id: int) -> ResponseReturnValue:
    me = visitor()
    handover = handovers.handover_of(me.organisation_id, handover_id)
    reads = _reads(handover)
    if not reads and not me.can(Action.EDIT_PEOPLE):  # who sees the head alone (三员)
        raise NotFound
    return render_template(
        "handovers/handover.html",
        handover=handover,
        found=handovers.list_of(handover, me.today),
        reads=reads,
        address=_address_of(handover) if reads else None,
        receives=_receives(handover),
        today=me.today,
    )


def _reads(handover: Handover) -> bool:
    """Whether the visitor may read what lay open: who held or holds the post, and those who see the unit's matters."""
    me = visitor()
    own = (handover.post, handover.successor_post)
    if any(post.person_id == me.person_id and post.held_on(me.today) for post in own):
        return True
    reached = me.scope is None or handover.post.unit_id in me.scope
    return me.can(Action.SEE_HANDOVERS) and me.can(Action.SEE_ITEMS) and reached


def _receives(handover: Handover) -> bool:
    me, successor = visitor(), handover.successor_post
    return successor.person_id == me.person_id and handover.received_at is None and successor.held_on(me.today)


def _address_of(handover: Handover) -> Callable[[Matter], str | None]:
    """Where the visitor deals with a matter; None once it is settled."""
    open_now = handovers.still_open(handover, visitor().today)
    return lambda matter: _address(matter, handover.post) if matter.key in open_now else None


def _address(matter: Matter, post: Post) -> str | None:
    me = visitor()
    if matter.record == "duty" and me.can(Action.REPORT) and post.unit_id in me.own_units:
        return url_for("reports.show", duty_id=matter.record_id)
    if matter.record == "quarter_report" and me.can(Action.SEE_REVIEWS):
        return url_for("reviews.show", report_id=matter.record_id)
    if matter.record == "extension" and me.can(Action.SEE_ITEMS):
        return url_for("extensions.show", extension_id=matter.record_id)
    if matter.record == "draft" and me.can(Action.IMPORT):
        return url_for("imports.draft", draft_id=matter.record_id)
    if matter.record == "alerts" and me.can(Action.SEE_ALERTS):
        return url_for("alerts.index", kind=list(AlertKind)[matter.record_id])
    return url_for("items.item", item_id=matter.item_id) if matter.item_id else None


@pages.post("/<int:handover_id>/receipt")
@needs(Action.OWN_ACCOUNT)
def receive(handover_id: int) -> ResponseReturnValue:
    with transaction():
        by = act()
        handovers.receive(by, handovers.handover_of(by.organisation_id, handover_id))
    flash("已接收。交接清单可随时在此查看、打印。", "success")
    return redirect(url_for("handovers.show", handover_id=handover_id))


# On every page


def handovers_to_receive() -> list[Handover]:
    """What the visitor has taken over and not yet taken note of; asked once for a page, and never a fault's cause."""
    if "handovers_to_receive" not in g:
        g.handovers_to_receive = _to_receive() if current_user.is_authenticated else []
    found: list[Handover] = g.handovers_to_receive
    return found


def _to_receive() -> list[Handover]:
    me = visitor()
    try:
        return handovers.to_receive(me.organisation_id, me.person_id, me.today)
    except SQLAlchemyError:
        return []  # the page may be the one that says that the database cannot be reached


def unattended_posts() -> list[handovers.Unattended]:
    """Of those that the visitor looks after, the posts that nobody took over."""
    me = visitor()
    return handovers.unattended(me.organisation_id, me.today, _scope()) if me.can(Action.SEE_HANDOVERS) else []


@pages.app_context_processor
def _for_every_page() -> dict[str, object]:
    return {"handovers_to_receive": handovers_to_receive, "unattended_posts": unattended_posts}
