"""What machines ask a shop for: robots, the sitemap and the icon."""

from xml.sax.saxutils import escape

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from domain.catalog.queries.sitemap import addresses
from web.cache import public
from web.db import session
from web.settings import shop_settings
from web.static import STATIC

bp = Blueprint("meta", __name__)

PRIVATE = ("/cart", "/checkout", "/orders", "/account", "/messages", "/sign-in", "/register", "/search")
DAY = 24 * 3600


@bp.get("/robots.txt")
@public(shared=DAY)
def robots() -> Response:
    """Keep robots off what is personal or endless."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE)]
    lines.append(f"Sitemap: {shop_settings().storefront_url}/sitemap.xml")
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@bp.get("/sitemap.xml")
@public(shared=3600)
def sitemap() -> Response:
    """List the addresses worth knowing."""
    base = shop_settings().storefront_url
    entries = [f"<url><loc>{escape(base)}/</loc></url>"]
    for path, changed in addresses(session()):
        when = f"<lastmod>{changed.date().isoformat()}</lastmod>" if changed else ""
        entries.append(f"<url><loc>{escape(base + path)}</loc>{when}</url>")
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "\n".join(entries)
        + "\n</urlset>\n"
    )
    return Response(body, content_type="application/xml; charset=utf-8")


@bp.get("/favicon.svg")
@public(shared=DAY, browser=DAY)
def favicon() -> Response:
    """Send the icon."""
    return Response((STATIC / "favicon.svg").read_bytes(), content_type="image/svg+xml")


@bp.get("/favicon.ico")
def old_favicon() -> AnyResponse:
    """Lead browsers that guess to the icon there is."""
    return redirect("/favicon.svg", 301)
