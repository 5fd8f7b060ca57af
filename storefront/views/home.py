"""The home page."""

from flask import Blueprint, render_template

from domain.catalog import queries
from storefront.navigation import shop_window
from web.cache import public
from web.db import session
from web.settings import shop_settings

bp = Blueprint("home", __name__)


@bp.get("/")
@public()
def show() -> str:
    """Show the shop window."""
    page = queries.home(session(), shop_settings().currency)
    return render_template("storefront/home/index.html", page=page, announcements=shop_window())
