"""One place turns a refusal, or a fault, into a page."""

import logging
import secrets
from collections.abc import Sequence

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tracker.ledger.db import db
from tracker.rules.refusals import Refusal

log = logging.getLogger(__name__)

_SENTENCES = {
    400: "请求内容有误，未作任何改动。请返回上一页重试。",
    404: "没有找到您要的页面或记录，可能已被移走，或不在您的管理范围内。",
    405: "该地址不能这样访问，请从页面上的按钮进入。",
    413: "提交的内容过大，未作任何改动。",
    429: "操作过于频繁，请稍后再试。",
}
_PASSWORDS = ("password", "old", "new", "again")
_TITLES = {403: "没有权限", 404: "没有找到", 409: "未能办理", 413: "内容过大", 422: "请核对后再提交", 503: "暂不能办理"}


def assemble(app: Flask) -> None:
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(HTTPException, answered)
    app.register_error_handler(Exception, failed)


def refused(refusal: Refusal) -> ResponseReturnValue:
    return page(refusal.status, refusal.sentence, typed_texts())


def forged(_error: CSRFError) -> ResponseReturnValue:
    return page(400, "页面已过期或登录已失效，未作任何改动。请重新登录后再提交。", typed_texts())


def typed_texts() -> list[str]:
    """What was written in words, for whom the way back leads to the sign-in; choices and numbers are soon set again."""
    fields = request.form.items(multi=True)
    return [text for name, text in fields if name not in _PASSWORDS and not text.isascii()]


def answered(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    sentence = _SENTENCES.get(error.code, "未能办理，未作任何改动。请返回上一页重试。")
    if error.code == 413:
        sentence += f"一次提交不能超过 {app_limit_mb()} MB。"
    return page(error.code, sentence)


def failed(error: Exception) -> ResponseReturnValue:
    """The last resort: the user gets a number, the log gets the trace."""
    number = secrets.token_hex(4)
    log.error("fault %s at %s %s", number, request.method, request.path, exc_info=error)
    db.session.rollback()
    return page(500, f"系统出现意外，本次操作未保存。请把编号 {number} 告诉系统管理员。")


def page(status: int, sentence: str, typed: Sequence[str] = ()) -> ResponseReturnValue:
    title = _TITLES.get(status, "未能办理")
    return render_template("errors/error.html", status=status, title=title, sentence=sentence, typed=typed), status


def app_limit_mb() -> int:
    return int(current_app.config["MAX_CONTENT_LENGTH"]) // (1024 * 1024)
