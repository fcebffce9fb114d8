"""People: their accounts, and the posts from which they have their rights."""

from collections.abc import Iterable

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

from tracker import clock
from tracker.ledger import accounts, handovers, passwords, units
from tracker.ledger.db import transaction
from tracker.ledger.tables.accounts import Person, Post
from tracker.rules.permissions import Action, Role
from tracker.web.access import act, needs, visitor
from tracker.web.attempts import carried_out
from tracker.web.filters import day
from tracker.web.people_forms import EndForm, PersonForm, PostForm
from tracker.web.unit_forms import choices, chosen, filled

pages = Blueprint("people", __name__, url_prefix="/people")


@pages.get("/")
@needs(Action.EDIT_PEOPLE)
def index() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()[:50]
    everybody = accounts.people_of(visitor().organisation_id)
    found = [person for person in everybody if _named(person, words)]
    return render_template(
        "people/index.html",
        people=found,
        states={person.id: passwords.state_of(person, clock.now()) for person in found},
        total=len(everybody),
        words=words,
        today=visitor().today,
        hands_over=lambda post: post.person_id != visitor().person_id,
    )


def _named(person: Person, words: str) -> bool:
    """Whether name, login, or the unit or role of a post contains the words."""
    posts = (f"{post.role.label} {post.unit.name if post.unit else ''}" for post in person.posts)
    return words.lower() in " ".join((person.name, person.login, *posts)).lower()


@pages.route("/new", methods=["GET", "POST"])
@needs(Action.EDIT_PEOPLE)
def new() -> ResponseReturnValue:
    form = PersonForm()
    if form.validate_on_submit():
        password = passwords.initial_password(form.login.data)
        made: list[Person] = []
        if carried_out(form.login, lambda: made.append(_add(form, password))):
            return _shown_once(made[0], password)
    return render_template("people/new.html", form=form), 422 if form.errors else 200


def _add(form: PersonForm, password: str) -> Person:
    return accounts.add_person(act(), form.login.data, form.name.data, password)


def _shown_once(person: Person, password: str) -> ResponseReturnValue:
    """The page is the only place where the password is to be read; the browser is told not to keep it."""
    answer = make_response(render_template("people/password.html", person=person, password=password))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.get("/<int:person_id>")
@needs(Action.EDIT_PEOPLE)
def person(person_id: int) -> ResponseReturnValue:
    return _person_page(_person(person_id))


def _person(person_id: int) -> Person:
    return accounts.person_of(visitor().organisation_id, person_id)


def _person_page(person: Person, submitted: FlaskForm | None = None) -> ResponseReturnValue:
    """The person with the forms: a submitted one as it came, the others fresh."""
    today = visitor().today
    forms = [
        _post_form(PostForm(formdata=None, starts_on=today)),
        _end_form(EndForm(formdata=None, last_day=today), person),
    ]
    give, end = (submitted if type(submitted) is type(form) else form for form in forms)
    return render_template(
        "people/person.html",
        person=person,
        state=passwords.state_of(person, clock.now()),
        give=give,
        end=end,
        submitted=submitted,
        today=today,
        handed_over={made.post_id: made for made in handovers.handovers_of(person.organisation_id)},
        left={left.post.id for left in handovers.unattended(person.organisation_id, today)},
    ), 422 if submitted else 200


def _post_form(form: PostForm) -> PostForm:
    me = visitor()
    form.unit.choices = choices(units.units_on(me.organisation_id, me.today), none="（不属于某一单位）")
    return form


def _end_form(form: EndForm, person: Person) -> EndForm:
    running = (SelectChoice(str(post.id), _name(post)) for post in _running(person.posts))
    form.post.choices = [SelectChoice("", "（请选择）"), *running]
    return form


def _running(posts: Iterable[Post]) -> list[Post]:
    return [post for post in posts if post.ends_on is None or post.ends_on >= visitor().today]


def _name(post: Post) -> str:
    return f"{post.role.label}（{post.unit.name}）" if post.unit else post.role.label


def _to_person(person_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("people.person", person_id=person_id))


@pages.post("/<int:person_id>/posts")
@needs(Action.EDIT_PEOPLE)
def give_post(person_id: int) -> ResponseReturnValue:
    found, form = _person(person_id), _post_form(PostForm())
    if form.validate() and carried_out(form.role, lambda: _give(found, form)):
        return _to_person(person_id, f"已登记：自{day(form.starts_on.data)}起任{Role(form.role.data).label}。")
    return _person_page(found, form)


def _give(person: Person, form: PostForm) -> Post:
    return accounts.give_post(act(), person, Role(form.role.data), chosen(form.unit), filled(form.starts_on))


@pages.post("/<int:person_id>/posts/end")
@needs(Action.EDIT_PEOPLE)
def end_post(person_id: int) -> ResponseReturnValue:
    found = _person(person_id)
    form = _end_form(EndForm(), found)
    if form.validate() and carried_out(form.last_day, lambda: _end(form)):
        return _to_person(person_id, f"已登记：任职至{day(form.last_day.data)}，次日起不再有该岗位的权限。")
    return _person_page(found, form)


def _end(form: EndForm) -> None:
    post = accounts.post_of(visitor().organisation_id, int(form.post.data))
    accounts.end_post(act(), post, filled(form.last_day))


@pages.post("/<int:person_id>/password")
@needs(Action.EDIT_PEOPLE)
def reset_password(person_id: int) -> ResponseReturnValue:
    found = _person(person_id)
    with transaction():
        password = passwords.reset_password(act(), found)
    return _shown_once(found, password)


@pages.post("/<int:person_id>/disabling")
@needs(Action.EDIT_PEOPLE)
def disable(person_id: int) -> ResponseReturnValue:
    found = _person(person_id)
    with transaction():
        accounts.set_active(act(), found, active=False)
    return _to_person(person_id, f"“{found.name}”的账号已停用，立即退出登录。")


@pages.post("/<int:person_id>/enabling")
@needs(Action.EDIT_PEOPLE)
def enable(person_id: int) -> ResponseReturnValue:
    found = _person(person_id)
    with transaction():
        accounts.set_active(act(), found, active=True)
    return _to_person(person_id, f"“{found.name}”的账号已启用。")
