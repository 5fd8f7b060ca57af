"""What goes with a product and with a cart: fragments for pages, asked for when seen, and pages of their own."""

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from domain.cart.queries import contents
from domain.catalog.queries import product_page
from domain.recommendations.queries import beside, with_cart
from storefront.session import current_cart_id
from web.cache import public
from web.db import session
from web.htmx import partials, wants_partial
from web.settings import shop_settings

bp = Blueprint("recommendations", __name__)


@bp.get("/p/<slug>/suggestions")
@public(partial=True, shared=300)
def of_product(slug: str) -> AnyResponse:
    """Show what goes with a product."""
    currency = shop_settings().currency
    product = product_page(session(), slug, currency)
    found = beside(session(), product.id, category_path=product.category[-1].path, currency=currency)
    if wants_partial():
        return partials("storefront/recommendations/_product.html", product=product, suggestions=found)
    page = render_template("storefront/recommendations/product.html", product=product, suggestions=found)
    return make_response(page)


@bp.get("/cart/suggestions")
def of_cart() -> AnyResponse:
    """Show what goes with everything in the cart."""
    items = contents(session(), current_cart_id()).items.values()
    found = with_cart(
        session(),
        {item.product_id for item in items},
        category_paths={item.category_path for item in items},
        currency=shop_settings().currency,
    )
    if wants_partial():
        return partials("storefront/recommendations/_cart.html", cards=found)
    return make_response(render_template("storefront/recommendations/cart.html", cards=found))
