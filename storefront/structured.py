"""What pages say to machines: schema.org data of products, of the way to them, and of the shop.

It is made of what the page has read already. In the page it stands in a data block, which browsers do not run. What was
written of a product or a category that has not changed is kept.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Flask
from flask.json import dumps
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from domain.catalog.queries import ListingPage, ProductPage, VariantView
from domain.shared.formats import plain_amount
from domain.shared.money import Money
from web.pages import TRACKING
from web.settings import shop_settings

Data = dict[str, Any]

IN_STOCK, SOLD_OUT, BACK_ORDER = (
    f"https://schema.org/{state}" for state in ("InStock", "OutOfStock", "BackOrder")
)  # fmt: skip
MOST_PICTURES = 8
"""How many pictures of a product are named; no search shows more."""


def init_structured(app: Flask) -> None:
    """Let templates say to machines what they show."""
    app.jinja_env.globals.update(
        about_product=about_product, about_way=about_way, about_shop=about_shop, canonical_of=canonical_of
    )


def about_product(page: ProductPage) -> Markup:
    """Describe a product and the way down to it."""
    return _about_product(page, shop_settings().storefront_url)


@lru_cache(maxsize=512)
def _about_product(page: ProductPage, base: str) -> Markup:
    address = f"{base}/p/{page.slug}"
    offers = [_offer(variant, address) for variant in page.variants]
    data: Data = {
        "@type": "Product",
        "@id": f"{address}#product",
        "name": page.title,
        "description": page.seo_description or page.summary or page.description[:500],
        "url": address,
        "image": [base + picture.fallback for picture in page.pictures[:MOST_PICTURES]],
    }
    if page.brand_name:
        data["brand"] = {"@type": "Brand", "name": page.brand_name}
    if page.category:
        data["category"] = " > ".join(link.name for link in page.category)
    if page.rating:
        average = Decimal(page.rating.average).scaleb(-2)
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": f"{average:f}",
            "reviewCount": page.rating.reviews,
            "bestRating": "5",
        }
    if len(offers) == 1:
        data["sku"] = page.variants[0].sku
        data["offers"] = offers[0]
    elif offers:
        data["offers"] = _together(page.variants, offers)
    way = [*((f"/c/{link.path}", link.name) for link in page.category), (f"/p/{page.slug}", page.title)]
    return _graph(data, _breadcrumbs(way, base))


def about_way(*steps: tuple[str, str]) -> Markup:
    """Describe the way down to a list, from the top: the path and the name of each step."""
    return _about_way(steps, shop_settings().storefront_url)


@lru_cache(maxsize=256)
def _about_way(way: tuple[tuple[str, str], ...], base: str) -> Markup:
    return _graph(_breadcrumbs(way, base))


def about_shop() -> Markup:
    """Describe the shop and how it is searched."""
    shop = shop_settings()
    base = shop.storefront_url
    return _graph(
        {"@type": "Organization", "@id": f"{base}/#shop", "name": shop.name, "url": f"{base}/",
         "logo": base + (shop.logo.light.fallback if shop.logo else "/favicon.svg")},
        {"@type": "WebSite", "@id": f"{base}/#site", "name": shop.name, "url": f"{base}/",
         "publisher": {"@id": f"{base}/#shop"},
         "potentialAction": {
             "@type": "SearchAction",
             "target": {"@type": "EntryPoint", "urlTemplate": f"{base}/search?q={{search_term_string}}"},
             "query-input": "required name=search_term_string"}},
    )  # fmt: skip


def canonical_of(page: ListingPage, query: Mapping[str, str], path: str) -> str:
    """Return the address that the list at a path goes by, whatever was asked of it.

    A list that is narrowed or sorted shows nothing that the plain one does not, and goes by the plain one's address.
    Each page of the plain one goes by its own: else what stands on the later ones would never be found.
    """
    plain = not any(name != "page" and value and not name.startswith(TRACKING) for name, value in query.items())
    turned = f"?page={page.page}" if plain and page.page > 1 else ""
    return f"{shop_settings().storefront_url}{quote(path)}{turned}"


def availability(variant: VariantView) -> str:
    """Return how schema.org calls the state of a variant."""
    if not variant.buyable:
        return SOLD_OUT
    return IN_STOCK if variant.available > 0 else BACK_ORDER


def price_text(price: Money) -> str:
    """Write a price as machines read it."""
    return plain_amount(price.amount, price.currency)


def _offer(variant: VariantView, address: str) -> Data:
    return {
        "@type": "Offer",
        "sku": variant.sku,
        "url": f"{address}?sku={quote(variant.sku)}",
        "price": price_text(variant.price),
        "priceCurrency": variant.price.currency,
        "availability": availability(variant),
        "itemCondition": "https://schema.org/NewCondition",
    }


def _together(variants: Iterable[VariantView], offers: list[Data]) -> Data:
    """Sum the offers of variants up; what is sold out counts only where everything is."""
    shown = [variant for variant in variants if variant.buyable] or list(variants)
    prices = [variant.price for variant in shown]
    low, high = min(prices), max(prices)
    return {
        "@type": "AggregateOffer",
        "lowPrice": price_text(low),
        "highPrice": price_text(high),
        "priceCurrency": low.currency,
        "offerCount": len(offers),
        "availability": IN_STOCK if any(variant.buyable for variant in shown) else SOLD_OUT,
        "offers": offers,
    }


def _breadcrumbs(way: Iterable[tuple[str, str]], base: str) -> Data:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": base + path}
            for place, (path, name) in enumerate([("/", "Home"), *way], start=1)
        ],
    }


def _graph(*things: Data) -> Markup:
    """Write it as JSON in which nothing ends the block that it stands in."""
    return htmlsafe_json_dumps({"@context": "https://schema.org", "@graph": list(things)}, dumps)
