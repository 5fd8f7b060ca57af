"""Lists of products, and the product itself."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.catalog import queries
from domain.catalog.errors import NoSuchCategory, NoSuchProduct
from domain.catalog.queries import ProductPage, VariantView
from domain.notifications.waiting import wait_for
from domain.reviews.queries import SORTS, ReviewPage, published_reviews
from storefront.forms.cart import BuyForm
from storefront.forms.waiting import WaitForm
from storefront.lists import answer_list
from storefront.navigation import home_delivery
from web.cache import public
from web.db import session, transaction
from web.htmx import partials, wants_partial
from web.pages import keep_page, query_as_sent
from web.settings import shop_settings

bp = Blueprint("catalog", __name__)

BLANK = BuyForm()
"""The form before anybody has filled it in; the page only reads it."""
NOBODY = WaitForm()
"""The same for whoever would like to be told when something is back."""
NO_REVIEWS = ReviewPage((), next(iter(SORTS)), None, 1, more=False)
"""What there is to show of a product that nobody has written about, which takes no look."""
LIST = "storefront/catalog/listing.html"


@bp.get("/c/<path:path>")
@public(partial=True)
def category(path: str) -> AnyResponse:
    """Show the products of a category; an old address leads to the present one."""
    try:
        return answer_list(LIST, category_path=path, keep=True)
    except NoSuchCategory:
        present = queries.old_path(session(), path)
        if present is None:
            raise
        return _redirect(url_for(".category", path=present))


@bp.get("/search")
@public(partial=True)
def search() -> AnyResponse:
    """Show what answers a query; without one, everything there is."""
    return answer_list(LIST)


@bp.get("/search/suggestions")
@public(partial=True, browser=60)
def suggestions() -> AnyResponse:
    """Show what a query may become while it is typed; without htmx, what answers it."""
    q = request.args.get("q", "")[: queries.LONGEST]
    if not wants_partial():
        return redirect(url_for(".search", q=q), 302)
    found = queries.suggest(session(), q, shop_settings().currency)
    return partials("storefront/catalog/_suggestions.html", found=found)


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
        return _redirect(url_for(".product", slug=present))
    selected, choices = choose(page, request.args)
    if _is_variant(selected, choices):
        keep_page()
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
    context: dict[str, Any] = {
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
    reviews = published_reviews(session(), page.id) if page.rating else NO_REVIEWS
    context |= {"reviews": reviews, "sorts": SORTS}
    return Response(render_template("storefront/catalog/product.html", **context), status)


def choose(page: ProductPage, wanted: Mapping[str, str]) -> tuple[VariantView | None, dict[str, str]]:
    """Find the variant that an address chooses by SKU or option values; the best one if it leaves something open."""
    named = next((variant for variant in page.variants if variant.sku == wanted.get("sku")), None)
    if named:
        return named, _choices(page, named)
    names = [option.name for option in page.options]
    asked = {
        i: wanted[option.name]
        for i, option in enumerate(page.options)
        if option.name in wanted and any(value.value == wanted[option.name] for value in option.values)
    }
    fitting = [v for v in page.variants if all(v.option_values[i] == value for i, value in asked.items())]
    found = next((variant for variant in fitting if variant.buyable), fitting[0] if fitting else None)
    if found is None:
        return None, {names[i]: value for i, value in asked.items()}
    return found, _choices(page, found)


def _is_variant(selected: VariantView | None, choices: dict[str, str]) -> bool:
    """Say whether the address asks for nothing but what is shown."""
    shown = choices | ({"sku": selected.sku} if selected else {})
    pairs = list(request.args.items(multi=True))
    return len({name for name, _ in pairs}) == len(pairs) and all(shown.get(name) == value for name, value in pairs)


def _choices(page: ProductPage, variant: VariantView) -> dict[str, str]:
    return {option.name: value for option, value in zip(page.options, variant.option_values, strict=False)}


def _redirect(address: str) -> AnyResponse:
    query = query_as_sent()
    return redirect(address + (f"?{query}" if query else ""), 301)
