"""The session's cookie: set by pages alone, and signed anew once a minute."""

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from tracker import clock

_SIGNED = "signed"  # seconds since 1970
_FRESH = 60  # seconds; a session may end so much earlier than its idle time says


class PageSessions(SecureCookieSessionInterface):
    """Scripts, styles and pictures leave the cookie alone.

    One that arrives late, after signing out or in, would otherwise bring the old session back.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not session.modified and response.mimetype != "text/html":
            return
        now = int(clock.now().timestamp())
        if session.permanent and not 0 <= now - session.get(_SIGNED, 0) < _FRESH:
            session[_SIGNED] = now
        super().save_session(app, session, response)
