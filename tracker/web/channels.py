"""Channels (通知渠道): the bots and webhooks that the daily digest goes to."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import Length

from tracker.ledger import channels
from tracker.ledger.db import transaction
from tracker.rules.channels import ChannelKind
from tracker.rules.permissions import Action
from tracker.rules.refusals import Invalid
from tracker.web.access import act, needs, visitor
from tracker.web.fields import Choice, Filled, trimmed
from tracker.web.forms import TokenlessForm

pages = Blueprint("channels", __name__, url_prefix="/channels")

_BOTS = [kind for kind in ChannelKind if kind is not ChannelKind.MAIL]


def _at_most(longest: int, what: str) -> Length:
    return Length(max=longest, message=f"{what}最多 {longest} 个字符。")


class ChannelForm(TokenlessForm):
    kind = Choice("类别", [(kind.value, kind.label) for kind in _BOTS])
    name = StringField("名称", [Filled("请填写名称。"), _at_most(channels.LONGEST_NAME, "名称")], filters=[trimmed])
    address = StringField("地址", [Filled("请填写地址。"), _at_most(500, "地址")], filters=[trimmed])
    secret = StringField("签名密钥", [_at_most(channels.LONGEST_SECRET, "签名密钥")], filters=[trimmed])


@pages.route("/", methods=["GET", "POST"])
@needs(Action.EDIT_SETTINGS)
def index() -> ResponseReturnValue:
    form = ChannelForm()
    if form.validate_on_submit():
        try:
            with transaction():
                channels.add_channel(
                    act(), ChannelKind(form.kind.data), form.name.data, form.address.data, form.secret.data
                )
        except Invalid as refusal:
            form.address.errors = [*form.address.errors, refusal.sentence]
        else:
            flash("通知渠道已添加。请发送一条测试消息，确认能够收到。", "success")
            return redirect(url_for("channels.index"))
    known = channels.channels_of(visitor().organisation_id)
    return render_template("channels/index.html", form=form, channels=known), 422 if form.errors else 200


@pages.post("/minimum")
@needs(Action.EDIT_SETTINGS)
def minimum() -> ResponseReturnValue:
    """The office's minimum, within which everybody chooses for themselves."""
    with transaction():
        channels.set_minimum(act(), mail_for_all="mail_for_all" in request.form)
    flash("邮件提醒的要求已保存。", "success")
    return redirect(url_for("channels.index"))


@pages.post("/<int:channel_id>")
@needs(Action.EDIT_SETTINGS)
def change(channel_id: int) -> ResponseReturnValue:
    """Switch it on or off, or try it."""
    asked = request.form.get("act")
    with transaction():
        channel = channels.channel_of(visitor().organisation_id, channel_id)
        if asked == "try":
            channels.try_out(act(), channel)
        else:
            channels.switch(act(), channel, active=asked == "enable")
    if asked == "try":
        flash("测试消息已交付发送，片刻后可在“消息发送”中查看结果。", "success")
    return redirect(url_for("channels.index"))
