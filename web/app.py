"""The making of an app: everything the storefront and the admin have in common, in one place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from htmx_flask import Htmx
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from domain.catalog.media import make_storage
from domain.shared.db import Sessions
from domain.shared.settings import Settings
from web import cache, csrf, db, drain, errors, filters, headers, health, limits, logging, replica, static, telemetry
from web.auth import LazySessions
from web.settings import init_settings
from web.templates import Templates

ROOT = Path(__file__).resolve().parents[1]


class App(Flask):
    """Flask as both apps use it."""

    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Take every view and hook as it is: none is a coroutine, and asking each one each time costs."""
        return func


def make_app(
    import_name: str,
    *,
    settings: Settings,
    sessions: Sessions | None = None,
    form_actions: tuple[str, ...] = (),
    session_cookie: str = "session",
    public_url: str | None = None,
) -> Flask:
    """Make a Flask app with the shop's templates, database, security, limits, caching, errors and logs.

    `form_actions` names the other origins a form may lead to; `session_cookie` is the name of the sign-in cookie;
    `public_url` is where the app is reached, if that is not the storefront's address.
    """
    public_url = public_url or settings.storefront_url
    secure = public_url.startswith("https://")
    app = App(import_name, template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SESSION_COOKIE_NAME=f"__Host-{session_cookie}" if secure else session_cookie,
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=30 * 24 * 3600,
        SESSION_REFRESH_EACH_REQUEST=False,
        PREFERRED_URL_SCHEME="https" if secure else "http",
        SHOP=settings,
    )
    app.session_interface = LazySessions()
    app.jinja_options = {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "undefined": StrictUndefined,
        "auto_reload": False,
    }
    app.url_map.strict_slashes = False
    Htmx(app)
    # The order matters: what is registered last answers first on the way out, and the log line must see it all.
    logging.init_logging(app)
    drain.init_drain(app)
    app.extensions["storage"] = storage = make_storage(settings)
    headers.init_headers(app, secure=secure, form_actions=form_actions, pictures=storage.origin)
    cache.init_cache(app)
    limits.init_limits(app, settings, public_url=public_url)
    csrf.init_csrf(app)
    db.init_db(app, settings, sessions)
    replica.init_replica(app, settings)
    errors.register(app)
    words = filters.register(app, settings)
    init_settings(app, settings, words)
    static.init_static(app, settings)
    health.register(app, settings)
    telemetry.init_telemetry(app, settings)
    if settings.trusted_hops:
        # So many proxies each wrote an address behind the others. The scheme is the nearest one's word, as a load
        # balancer replaces it; the host is the request's own, for a CDN passes on any X-Forwarded-Host it gets.
        hops = settings.trusted_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=1, x_host=0)  # type: ignore[method-assign]
    return app
