"""What machines ask a shop for: robots and the icon."""

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from web.cache import public
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


@bp.get("/favicon.svg")
@public(shared=DAY, browser=DAY)
def favicon() -> Response:
    """Send the icon."""
    return Response((STATIC / "favicon.svg").read_bytes(), content_type="image/svg+xml")


@bp.get("/favicon.ico")
def old_favicon() -> AnyResponse:
    """Lead browsers that guess to the icon there is."""
    return redirect("/favicon.svg", 301)
