"""What a browser looked at lately: it remembers that itself, and asks for the tiles."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from domain.catalog.queries import cards_of_slugs
from web.db import session
from web.htmx import partials, wants_partial
from web.settings import shop_settings

bp = Blueprint("recent", __name__)

MOST = 8


@bp.get("/recently-viewed")
def show() -> AnyResponse:
    """Show the products that the address names, in its order; which they are is kept nowhere but in the browser."""
    slugs = request.args.get("slugs", "").split(",")[:MOST]
    cards = cards_of_slugs(session(), slugs, shop_settings().currency)
    if wants_partial():
        return partials("storefront/catalog/_recent.html", recent=cards, product=None)
    return make_response(render_template("storefront/catalog/recent.html", recent=cards, product=None))
