"""Who may do what: every route names its permission, and a route that names none is refused."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, Response, abort, current_app, g, make_response, redirect, request, url_for
from flask import session as cookie
from flask_login import UserMixin, current_user, login_user

from admin import areas
from domain.shared.settings import Settings
from domain.users import queries
from domain.users.errors import NoSuchStaff
from domain.users.queries import StaffView
from web.auth import LazySessions, QuietLoginManager
from web.db import session
from web.errors import is_api
from web.htmx import wants_partial
from web.rates import SIGN_IN
from web.settings import shop_settings

SEEN = "seen"
"""The name in the cookie under which it says when its owner was last here, in seconds."""

View = TypeVar("View", bound=Callable[..., Any])

EVERYBODY = "everybody"
"""Marks the few routes that work without a sign-in."""
STAFF = "staff"
"""Marks the routes that any member of staff may use."""

POLLED = "news.show"
"""What open pages ask for by themselves: it keeps nobody signed in, and leads nobody away from what they write."""

FLOOR = frozenset({"static", "media", "healthz", "readyz"})
"""Routes of the shared floor that hold nothing private."""


RATES = dict.fromkeys(
    ("sign_in.enter", "sign_in.prove", "second_factor.reveal", "second_factor.confirm", "invitations.show",
     "invitations.accept", "me.change_password", "me.renew_codes"),
    SIGN_IN,
)  # fmt: skip
"""The routes at which a secret can be guessed."""


class SignedIn(UserMixin):
    """A member of staff as Flask-Login keeps them; `held` is the id of the sign-in and its token."""

    def __init__(self, held: str, staff: StaffView | None = None) -> None:
        self.held, self.staff = held, staff

    def get_id(self) -> str:
        """Return what the signed cookie holds."""
        return self.held


class AdminSessions(LazySessions):
    """Cookies signed apart from the storefront's, so that one never passes for the other."""

    salt = "admin-session"


def needs(permission: str) -> Callable[[View], View]:
    """Say which permission a view takes, or EVERYBODY, or STAFF."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(app: Flask, endpoint: str) -> str | None:
    """Return the permission that a route takes; None for one that names none, which nobody may use."""
    if endpoint in FLOOR:
        return EVERYBODY
    return getattr(app.view_functions.get(endpoint), "permission", None)


def staff() -> StaffView:
    """Return who is signed in; only for views that take a sign-in."""
    found: StaffView = g.staff
    return found


def actor() -> str:
    """Return the name under which what this request does is written down."""
    return staff().name


def init_access(app: Flask, settings: Settings) -> None:
    """Give an app its sign-in and check every request against its route's permission."""
    app.session_interface = AdminSessions()
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=settings.staff_session_hours)
    manager = QuietLoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load)
    app.before_request(_guard)
    app.context_processor(_known_to_templates)


def _load(cookie_id: str) -> SignedIn | None:
    session_id, _, token = cookie_id.partition(":")
    settings = shop_settings()
    if time.time() - cookie.get(SEEN, 0) > settings.staff_idle_minutes * 60:
        return None
    try:
        longest = timedelta(hours=settings.staff_session_hours)
        found = queries.staff_by_session(session(), UUID(session_id), token=token, longest=longest)
    except (ValueError, NoSuchStaff):
        return None
    return SignedIn(cookie_id, found)


def admit(held: str) -> None:
    """Give the browser a cookie for a sign-in that was just begun; nothing of what it held before is left."""
    cookie.clear()
    cookie.permanent = True
    cookie[SEEN] = int(time.time())
    login_user(SignedIn(held))


def _note_presence() -> None:
    """Keep in the cookie that somebody is at work, once a minute: reading a page writes nothing to the database."""
    now = int(time.time())
    if now - cookie.get(SEEN, 0) >= 60:
        cookie[SEEN] = now


def _guard() -> Response | None:
    if is_api() and (request.endpoint is None or request.blueprint == "api"):
        return None  # programs have a guard of their own, which asks for a key
    g.staff = None
    needed = permission_of(current_app, request.endpoint) if request.endpoint else STAFF
    if needed == EVERYBODY:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    g.staff = current_user.staff
    if request.endpoint != POLLED:
        _note_presence()
    # An address without a route goes on from here to the router's own 404 or 405.
    if needed is None:
        abort(403, description="This page has no permission of its own yet, so nobody may use it.")
    if needed != STAFF and not g.staff.can(needed):
        abort(403, description="Your role does not include this. Ask an owner of the shop if you need it.")
    return None


def _to_sign_in() -> Response:
    if request.endpoint == POLLED:
        return Response(status=204)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    address = url_for("sign_in.show", next=back if back != "/" else None)
    if wants_partial():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = url_for("sign_in.show")
        return response
    return make_response(redirect(address, 303))


def _known_to_templates() -> dict[str, Any]:
    present: StaffView | None = g.get("staff")
    return {
        "staff": present,
        "groups": areas.open_to(present) if present else [],
        "opened_at": int(time.time() * 1000),
    }
