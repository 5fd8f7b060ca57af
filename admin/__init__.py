"""The admin: where staff look after orders, products, stock and background jobs. An app and an origin of its own."""

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from redis import Redis

from admin import access, api, audit
from admin.views import (
    alerts,
    batches,
    bulk,
    closing,
    collections,
    customers,
    dashboard,
    delivery,
    exports,
    imports,
    inventory,
    invitations,
    jobs,
    keys,
    letters,
    logo,
    me,
    news,
    notifications,
    order_notes,
    orders,
    payments,
    product_parts,
    product_pictures,
    products,
    promotions,
    removals,
    reports,
    returns,
    reviews,
    roles,
    second_factor,
    senders,
    sign_in,
    staff,
    start,
    stocktake,
    suppressions,
    synonyms,
    tax,
    tree,
    ways_to_pay,
)
from admin.views import (
    audit as audit_log,
)
from admin.views import (
    settings as shop,
)
from domain.payments.gateways import make_gateways
from domain.shared.db import Sessions
from domain.shared.settings import Settings
from web import rates
from web.app import ROOT, make_app
from web.pages import init_news

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
        news,
        batches,
        exports,
        orders,
        order_notes,
        customers,
        payments,
        returns,
        reviews,
        imports,
        products,
        product_parts,
        product_pictures,
        bulk,
        collections,
        removals,
        tree,
        stocktake,
        inventory,
        promotions,
        letters,
        suppressions,
        alerts,
        notifications,
        delivery,
        synonyms,
        tax,
        reports,
        shop,
        logo,
        ways_to_pay,
        senders,
        closing,
        start,
        jobs,
        staff,
        keys,
        roles,
        invitations,
        me,
        second_factor,
        audit_log,
    )
    for area in areas:
        app.register_blueprint(area.bp)
    api.init_api(app)
    rates.init_rates(app, settings, access.RATES | api.RATES)
    if redis is not None and settings.page_cache:
        init_news(app, redis)
    return app


def _own_error_page(app: Flask) -> None:
    """Show errors within the admin's frame instead of the storefront's."""
    templates = ROOT / "templates"
    app.jinja_loader = ChoiceLoader(
        [PrefixLoader({"errors": FileSystemLoader(templates / "admin" / "errors")}), FileSystemLoader(templates)]
    )
