"""Signing in and out, and changing one's password."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, Length

from tracker import clock
from tracker.ledger import passwords
from tracker.ledger.acts import Act
from tracker.ledger.db import transaction
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid
from tracker.web.access import act, enter, leave, needs, settings, visitor
from tracker.web.fields import Filled, trimmed
from tracker.web.forms import PageForm

pages = Blueprint("auth", __name__)

# Browsers take "//host" and "/\host" for another site's address, and overlook control characters within.
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*")

# One sentence for every cause: it must not tell a stranger which logins exist.
_REFUSED = "登录名或密码不正确，或账号暂时锁定（连续失败 5 次锁定 10 分钟）。"


class SignInForm(PageForm):
    login = StringField(
        "登录名", [Filled("请填写登录名。"), Length(max=64, message="登录名最多 64 字。")], filters=[trimmed]
    )
    password = PasswordField("密码", [Filled("请填写密码。"), Length(max=128, message="密码最多 128 位。")])


class PasswordForm(PageForm):
    old = PasswordField("原密码", [Filled("请填写原密码。"), Length(max=128, message="密码最多 128 位。")])
    new = PasswordField("新密码", [Filled("请填写新密码。"), Length(max=128, message="密码最多 128 位。")])
    again = PasswordField("再次输入新密码", [Filled("请再次输入新密码。"), EqualTo("new", "两次输入的新密码不一致。")])


@pages.route("/sign-in", methods=["GET", "POST"])
@needs(Action.PUBLIC)
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("home.index"))
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("auth/sign_in.html", form=form), 422 if form.errors else 200
    now = clock.now()
    nobody = Act(0, None, now, clock.local_date(now, settings().timezone))
    opened = passwords.password_opens(form.login.data, form.password.data)
    with transaction():
        person = passwords.sign_in(nobody, form.login.data, opened)
    if person is None:
        return render_template("auth/sign_in.html", form=form, refused=_REFUSED), 401
    enter(person)
    return redirect(_own_page(request.args.get("next", "")) or url_for("home.index"))


def _own_page(address: str) -> str | None:
    """The address if it is a path of this site, and of no other."""
    return address if _OWN_PATH.fullmatch(address) else None


@pages.post("/sign-out")
@needs(Action.OWN_ACCOUNT)
def sign_out() -> ResponseReturnValue:
    with transaction():
        passwords.sign_out(act(), visitor().person)
    leave()
    flash("已退出登录。", "info")
    return redirect(url_for("auth.sign_in"))


@pages.route("/password", methods=["GET", "POST"])
@needs(Action.OWN_ACCOUNT)
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            with transaction():
                passwords.change_password(act(), visitor().person, form.old.data, form.new.data)
        except Invalid as refusal:
            field = form.old if "原密码不" in refusal.sentence else form.new
            field.errors = [*field.errors, refusal.sentence]
        else:
            leave()
            flash("密码已修改，请用新密码重新登录。", "success")
            return redirect(url_for("auth.sign_in"))
    return render_template("auth/password.html", form=form), 422 if form.errors else 200
