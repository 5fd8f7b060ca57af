"""The admin: where staff look after orders, products, stock and background jobs. An app and an origin of its own."""

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from redis import Redis

from admin import access, audit
from admin.views import (
    audit as audit_log,
)
from admin.views import (
    dashboard,
    delivery,
    inventory,
    invitations,
    jobs,
    me,
    orders,
    payments,
    products,
    promotions,
    returns,
    roles,
    second_factor,
    sign_in,
    staff,
    tax,
)
from domain.payments.gateways import make_gateways
from domain.shared.db import Sessions
from domain.shared.settings import Settings
from web import rates
from web.app import ROOT, make_app

PATIENCE = 1
"""How many seconds Redis may take to answer before a page goes on without it."""


def create_app(settings: Settings | None = None, sessions: Sessions | None = None, redis: Redis | None = None) -> Flask:
    """Make the admin; what is not given comes from the environment."""
    settings = settings or Settings()
    if redis is None and settings.redis_url:
        redis = Redis.from_url(settings.redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    app = make_app(
        "admin", settings=settings, sessions=sessions, session_cookie="admin_session", public_url=settings.admin_url
    )
    app.extensions["redis"] = redis
    app.extensions["gateways"] = make_gateways(settings)
    _own_error_page(app)
    access.init_access(app, settings)
    audit.init_audit(app)
    areas = (
        sign_in,
        dashboard,
        orders,
        payments,
        returns,
        products,
        inventory,
        promotions,
        delivery,
        tax,
        jobs,
        staff,
        roles,
        invitations,
        me,
        second_factor,
        audit_log,
    )
    for area in areas:
        app.register_blueprint(area.bp)
    rates.init_rates(app, settings, access.RATES)
    return app


def _own_error_page(app: Flask) -> None:
    """Show errors within the admin's frame instead of the storefront's."""
    templates = ROOT / "templates"
    app.jinja_loader = ChoiceLoader(
        [PrefixLoader({"errors": FileSystemLoader(templates / "admin" / "errors")}), FileSystemLoader(templates)]
    )
