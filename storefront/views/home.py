"""The home page."""

from flask import Blueprint, render_template, request

from domain.catalog import queries
from storefront.navigation import collections, shop_window
from web.cache import public
from web.db import session
from web.pages import keep_page
from web.settings import shop_settings

bp = Blueprint("home", __name__)

MOST_COLLECTIONS = 6


@bp.get("/")
@public()
def show() -> str:
    """Show the shop window."""
    if not request.args:
        keep_page()
    page = queries.home(session(), shop_settings().currency)
    window, shown = shop_window(), collections()[:MOST_COLLECTIONS]
    return render_template("storefront/home/index.html", page=page, announcements=window, collections=shown)
