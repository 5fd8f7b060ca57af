"""The making of the storefront."""

import re
from urllib.parse import urlsplit

from flask import Flask
from redis import Redis

from domain.payments.gateways import make_gateways
from domain.payments.gateways.port import Gateways
from domain.shared.db import Sessions
from domain.shared.settings import Settings
from storefront import navigation, opening, session, structured
from storefront.access import KEYED, RATES
from storefront.api import init_api
from storefront.views import (
    account,
    address_book,
    aftercare,
    brands,
    cart,
    catalog,
    checkout,
    codes,
    collections,
    home,
    legal,
    messages,
    meta,
    orders,
    privacy,
    profile,
    recent,
    recommendations,
    registration,
    reviews,
    second_step,
    seen,
    sign_ins,
    sitemaps,
    webhooks,
    wishlist,
)
from storefront.views import opening as way_in
from web import rates
from web.app import make_app
from web.pages import init_news, init_pages

AREAS = (
    home, catalog, brands, collections, cart, codes, checkout, orders, aftercare, account, registration, sign_ins,
    profile, address_book, second_step, privacy, messages, reviews, recommendations, recent, wishlist,
    webhooks, seen, legal, meta, sitemaps, way_in,
)  # fmt: skip
"""The rooms of the storefront, each a blueprint."""

PAGES = re.compile(r"/(?:p/[a-z0-9-]+|brands/[a-z0-9-]+|c/[a-z0-9-]+(?:/[a-z0-9-]+)*)?")
"""The paths of the pages that are kept: home, lists of a category or a brand, and products."""

PATIENCE = 1
"""How many seconds Redis may take to answer before a page goes on without it."""


def create_app(
    settings: Settings | None = None, sessions: Sessions | None = None, gateways: Gateways | None = None
) -> Flask:
    """Make the storefront; what is not given is made from the environment."""
    settings = settings or Settings()
    gateways = make_gateways(settings) if gateways is None else gateways
    app = make_app("storefront", settings=settings, sessions=sessions, form_actions=gateway_origins(settings, gateways))
    app.extensions["gateways"] = gateways
    app.extensions["redis"] = (
        Redis.from_url(settings.redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        if settings.redis_url
        else None
    )
    session.init_shoppers(app)
    navigation.init_navigation(app)
    structured.init_structured(app)
    opening.init_opening(app)
    for area in AREAS:
        app.register_blueprint(area.bp)
    init_api(app)
    rates.init_rates(app, settings, RATES, KEYED)
    redis = app.extensions["redis"]
    if redis is not None and settings.page_cache:
        init_news(app, redis)
        traced = settings.telemetry != "off"
        init_pages(app, redis, is_page=lambda path: PAGES.fullmatch(path) is not None, traced=traced)
    return app


def gateway_origins(settings: Settings, gateways: Gateways) -> tuple[str, ...]:
    """Return the origins of the gateways' own pages, to which the form that places an order leads."""
    url = urlsplit(settings.sandbox_url)
    pages = {"demo": f"{url.scheme}://{url.netloc}", "stripe": "https://checkout.stripe.com"}
    return tuple(pages[name] for name in gateways if name in pages)
