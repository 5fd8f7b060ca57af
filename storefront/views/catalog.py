"""Lists of products, and the product itself."""

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.catalog import queries
from domain.catalog.errors import NoSuchProduct
from domain.catalog.queries import ListingRequest, ProductPage, VariantView
from domain.notifications.waiting import wait_for
from storefront.forms.cart import BuyForm
from storefront.forms.waiting import WaitForm
from storefront.navigation import home_delivery
from web.cache import public
from web.db import session, transaction
from web.htmx import partials, wants_partial
from web.settings import shop_settings

bp = Blueprint("catalog", __name__)

BLANK = BuyForm()
"""The form before anybody has filled it in; the page only reads it."""
NOBODY = WaitForm()
"""The same for whoever would like to be told when something is back."""
OWN_ARGUMENTS = frozenset({"q", "page", "sort", "in_stock", "view"})
TRACKING = ("utm_", "gclid", "fbclid", "msclkid", "mc_")
"""What advertisements add to an address; everything else that a list is asked for is a facet."""


@bp.get("/c/<path:path>")
@public(partial=True)
def category(path: str) -> AnyResponse:
    """Show the products of a category."""
    return _list(category_path=path)


@bp.get("/search")
@public(partial=True)
def search() -> AnyResponse:
    """Show what answers a query; without one, everything there is."""
    return _list(category_path=None)


@bp.get("/p/<slug>")
@public(partial=True)
def product(slug: str) -> AnyResponse:
    """Show a product with the variant that the address chooses; an old address leads to the present one."""
    try:
        page = queries.product_page(session(), slug, shop_settings().currency)
    except NoSuchProduct:
        present = queries.old_slug(session(), slug)
        if present is None:
            raise
        query = request.query_string.decode("ascii", "ignore")
        return redirect(url_for(".product", slug=present) + (f"?{query}" if query else ""), 301)
    selected, choices = choose(page, request.args)
    return answer_product(page, selected=selected, choices=choices, form=BLANK)


@bp.post("/p/<slug>/waits")
def wait(slug: str) -> AnyResponse:
    """Note who wants to hear when a sold-out variant is back."""
    form = WaitForm(request.form)
    if form.validate():
        with transaction() as tx:
            wait_for(tx, sku=form.sku.data, email=form.email.data)
    page = queries.product_page(session(), slug, shop_settings().currency)
    selected, choices = choose(page, {"sku": form.sku.data or ""})
    if wants_partial():
        status = 422 if form.errors else 200
        waiting = "storefront/catalog/_waiting.html"
        return partials(waiting, status=status, product=page, selected=selected, wait=form, noted=not form.errors)
    if form.errors:
        return answer_product(page, selected=selected, choices=choices, form=BLANK, wait=form, status=422)
    return redirect(url_for(".product", slug=slug, sku=form.sku.data, noted=1, _anchor="waiting"), 303)


def answer_product(
    page: ProductPage,
    *,
    selected: VariantView | None,
    choices: dict[str, str],
    form: BuyForm,
    wait: WaitForm = NOBODY,
    status: int = 200,
) -> Response:
    """Answer with a product: the part in which it is bought for htmx, else the whole page."""
    shown = selected or next(iter(page.variants), None)
    context = {
        "product": page,
        "selected": selected,
        "choices": choices,
        "form": form,
        "wait": wait,
        "noted": request.method == "GET" and "noted" in request.args,
        "delivery": home_delivery(shown.price, grams=shown.weight_grams) if shown else (),
    }
    if wants_partial():
        return partials("storefront/catalog/_buy.html", status=status, **context)
    return make_response(render_template("storefront/catalog/product.html", **context), status)


def choose(page: ProductPage, wanted: Mapping[str, str]) -> tuple[VariantView | None, dict[str, str]]:
    """Find the variant that an address chooses by SKU or option values; the best one if it leaves something open."""
    named = next((variant for variant in page.variants if variant.sku == wanted.get("sku")), None)
    if named:
        return named, _choices(page, named)
    names = [option.name for option in page.options]
    known = [{value.value for value in option.values} for option in page.options]
    asked = {i: wanted[name] for i, name in enumerate(names) if wanted.get(name) in known[i]}
    fitting = [v for v in page.variants if all(v.option_values[i] == value for i, value in asked.items())]
    found = next((variant for variant in fitting if variant.buyable), fitting[0] if fitting else None)
    if found is None:
        return None, {names[i]: value for i, value in asked.items()}
    return found, _choices(page, found)


def _choices(page: ProductPage, variant: VariantView) -> dict[str, str]:
    return {option.name: value for option, value in zip(page.options, variant.option_values, strict=False)}


def _list(category_path: str | None) -> Response:
    args = request.args
    asked = ListingRequest(
        category_path=category_path,
        q=args.get("q", "").strip()[:200] or None,
        page=whole_number(args.get("page"), 1),
        sort=args.get("sort", "featured"),
        facets={name: tuple(args.getlist(name)) for name in args if _is_facet(name)},
        in_stock_only=args.get("in_stock") == "1",
    )
    page = queries.listing(session(), asked, shop_settings().currency)
    if wants_partial():
        count = f"{page.total} product{'' if page.total == 1 else 's'}"
        return partials("storefront/catalog/_results.html", announce=count, listing=page, query=args)
    return make_response(render_template("storefront/catalog/listing.html", listing=page, query=args))


def _is_facet(name: str) -> bool:
    return name not in OWN_ARGUMENTS and not name.startswith(TRACKING)


def whole_number(text: str | None, default: int) -> int:
    """Read a number out of an address; anything else than a few digits is the default."""
    return int(text) if text and len(text) <= 6 and text.isascii() and text.isdigit() else default
