"""Signing in without touching the session of anyone who is not signed in."""

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager


class LazySessions(SecureCookieSessionInterface):
    """Flask's signed cookie session, which costs nothing while there is no cookie."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open the session in the cookie, or an empty one."""
        if "HTTP_COOKIE" not in request.environ or self.get_cookie_name(app) not in request.cookies:
            return SecureCookieSession()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep the session in its cookie; one that nobody looked at is as it was."""
        if session.accessed or session.modified:
            super().save_session(app, session, response)


class QuietLoginManager(LoginManager):
    """Flask-Login that looks at the session only when a view asks who is signed in.

    The stock one reads the session after every request, which makes every page vary by cookie; it does so for its
    own remember-me cookie, which the shop does not use: the session cookie itself lasts.
    """

    def init_app(self, app: Flask, add_context_processor: bool = False) -> None:
        """Attach to an app; templates are given what they need by the views."""
        super().init_app(app, add_context_processor=add_context_processor)

    def _update_remember_cookie(self, response: Response) -> Response:
        return response
