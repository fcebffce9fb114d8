"""The session's cookie: set by pages alone."""

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class PageSessions(SecureCookieSessionInterface):
    """Scripts, styles and pictures leave the cookie alone.

    One that arrives late, after signing out or in, would otherwise bring the old session back.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified or response.mimetype == "text/html":
            super().save_session(app, session, response)
