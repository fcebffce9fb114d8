"""How I am told (我的提醒): mail, quiet hours, and the calendar feed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from tracker.ledger import preferences
from tracker.ledger.db import transaction
from tracker.ledger.tables.messages import Preference
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid
from tracker.web.access import act, needs, settings, visitor
from tracker.web.fields import Choice
from tracker.web.forms import TokenlessForm

pages = Blueprint("preferences", __name__, url_prefix="/preferences")

_HOURS = [("", "不设置"), *((str(hour), f"{hour} 时") for hour in range(24))]


class PreferenceForm(TokenlessForm):
    email = StringField("邮箱地址", validators=[Length(max=200, message="邮箱地址最多 200 个字符。")])
    mail = BooleanField("每天用邮件提醒我（有新的预警时才发送，一天一封）")
    at_once = BooleanField("办理消息在数分钟内用邮件告知（同时到的合为一封）")
    quiet_from = Choice("免打扰从", _HOURS)
    quiet_until = Choice("到", _HOURS)

    @property
    def quiet(self) -> tuple[int, int] | None:
        """Both or none; raise Invalid for one alone."""
        chosen = (self.quiet_from.data, self.quiet_until.data)
        if not any(chosen):
            return None
        if not all(chosen):
            raise Invalid("免打扰的起止时间请同时选择，或都选“不设置”。")
        return int(chosen[0]), int(chosen[1])


@pages.route("/", methods=["GET", "POST"])
@needs(Action.OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    kept = preferences.preference_of(visitor().person_id)
    form = PreferenceForm() if request.method == "POST" else _filled(kept)
    if form.validate_on_submit():
        try:
            with transaction():
                chosen = {"email": form.email.data, "mail": _wants_mail(form, kept), "quiet": form.quiet}
                preferences.choose(act(), **chosen, at_once=bool(form.at_once.data))
        except Invalid as refusal:
            form.email.errors = [*form.email.errors, refusal.sentence]
        else:
            flash("提醒设置已保存。", "success")
            return redirect(url_for("preferences.index"))
    page = render_template("preferences/index.html", form=form, feed=_feed(kept), mail_is_set=bool(settings().mail))
    return page, 422 if form.errors else 200


def _wants_mail(form: PreferenceForm, kept: Preference) -> bool:
    """Where the office asks for mail the box is closed, and the choice made before stays."""
    return kept.mail if visitor().organisation.mail_for_all else bool(form.mail.data)


def _filled(kept: Preference) -> PreferenceForm:
    hours = ("" if hour is None else str(hour) for hour in (kept.quiet_from, kept.quiet_until))
    start, end = hours
    return PreferenceForm(
        formdata=None,
        data={
            "email": kept.email,
            "mail": kept.mail,
            "at_once": kept.at_once,
            "quiet_from": start,
            "quiet_until": end,
        },
    )


def _feed(kept: Preference) -> str | None:
    if kept.calendar_key is None:
        return None
    path = url_for("feeds.calendar", key=kept.calendar_key)
    return (settings().base_url or request.url_root.rstrip("/")) + path


@pages.post("/calendar")
@needs(Action.OWN_ACCOUNT)
def calendar() -> ResponseReturnValue:
    """Open the feed, renew its address, or close it."""
    closing = request.form.get("act") == "close"
    with transaction():
        if closing:
            preferences.close_calendar(act())
        else:
            preferences.new_calendar_key(act())
    flash(
        "日历订阅已关闭，原地址不再有效。" if closing else "日历订阅地址已生成，原有地址（如有）不再有效。", "success"
    )
    return redirect(url_for("preferences.index", _anchor="calendar"))
