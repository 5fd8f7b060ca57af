"""What search engines are told of: the sitemap and its pages, and the feed for shopping searches."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, stream_with_context

from domain.catalog.queries.feed import NOTHING, feed_batch
from domain.catalog.queries.sitemap import Address, category_addresses, product_addresses, sitemap_pages
from storefront.feed import BEGINNING, END, write_item
from web.cache import public
from web.db import session, sessions
from web.settings import shop_settings

bp = Blueprint("sitemaps", __name__)

HOUR = 3600
XML = "application/xml; charset=utf-8"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@bp.get("/sitemap.xml")
@public(shared=HOUR)
def index() -> Response:
    """Name the pages of the sitemap."""
    base = shop_settings().storefront_url
    pages = sitemap_pages(session())
    newest = max(pages, default=None)
    places = [Address("/sitemaps/categories.xml", newest)]
    places += [Address(f"/sitemaps/products-{number}.xml", changed) for number, changed in enumerate(pages, start=1)]
    return _answer("sitemapindex", "sitemap", places, base)


@bp.get("/sitemaps/categories.xml")
@public(shared=HOUR)
def categories() -> Response:
    """List the home page, categories, brands and collections."""
    return _answer(
        "urlset", "url", [Address("/", None), *category_addresses(session())], shop_settings().storefront_url
    )


@bp.get("/sitemaps/products-<int:page>.xml")
@public(shared=HOUR)
def products(page: int) -> Response:
    """List one page of the products."""
    found = product_addresses(session(), page) if 1 <= page <= 100_000 else []
    if not found:
        abort(404)
    return _answer("urlset", "url", found, shop_settings().storefront_url)


@bp.get("/feeds/google.xml")
def google() -> Response:
    """Tell shopping searches of every variant on sale; written as it is read, so that its size does not matter."""
    shop = shop_settings()
    response = Response(stream_with_context(_feed(shop.name, shop.storefront_url, shop.currency)), content_type=XML)
    response.headers["Cache-Control"] = "public, max-age=0, s-maxage=300, stale-while-revalidate=600"
    return response


def _feed(name: str, base: str, currency: str) -> Iterator[str]:
    # Each batch borrows a connection for as long as it is read: whoever reads the feed slowly holds none.
    factory, after = sessions(), NOTHING
    yield BEGINNING.format(name=escape(name), base=escape(base))
    while True:
        with factory() as reader:
            items, last = feed_batch(reader, after=after, currency=currency)
        if last is None:
            break
        yield "".join(write_item(item, base) for item in items)
        after = last
    yield END


def _answer(root: str, entry: str, addresses: Iterable[Address], base: str) -> Response:
    lines = [f'{DECLARATION}<{root} xmlns="{NAMESPACE}">']
    lines += [f"<{entry}><loc>{escape(base + one.path)}</loc>{_changed(one.changed_at)}</{entry}>" for one in addresses]
    lines.append(f"</{root}>\n")
    return Response("\n".join(lines), content_type=XML)


def _changed(moment: datetime | None) -> str:
    return f"<lastmod>{moment.isoformat(timespec='seconds')}</lastmod>" if moment else ""
