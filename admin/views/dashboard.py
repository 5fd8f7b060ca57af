"""The first page: what came in today and what waits for somebody."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template

from admin.access import needs, staff
from admin.health import health
from admin.queues import failed_count
from admin.start import progress
from domain.catalog import queries as catalog
from domain.orders import queries as orders
from domain.orders.states import PACKED, PAID
from domain.shared.settings import Settings
from web.db import session
from web.settings import shop_preferences

bp = Blueprint("dashboard", __name__)

NEXT = 8
"""How many of the orders to ship are shown."""


@bp.get("/")
@needs("dashboard:read")
def show():
    """Show the day's figures and the work at hand, each as far as the role may see it."""
    me, settings = staff(), _settings()
    present = shop_preferences()
    may_see_orders = me.can("orders:read")
    return render_template(
        "admin/dashboard/show.html",
        today=orders.today(session(), since=_midnight(settings), currency=settings.currency),
        counts=orders.order_counts(session()),
        to_pack=orders.order_list(session(), orders.OrderFilter(state=PAID), limit=NEXT).rows if may_see_orders else (),
        packed=orders.order_list(session(), orders.OrderFilter(state=PACKED), limit=NEXT).rows
        if may_see_orders
        else (),
        low=catalog.low_stock(session()) if me.can("inventory:read") else None,
        closed=present.closed_message if present.closed else None,
        first_steps=progress() if not (present.open or present.closed) and me.can("settings:write") else None,
        jobs=failed_count() if me.can("jobs:read") else None,
        health=health() if me.can("jobs:read") else None,
    )


def _midnight(settings: Settings) -> datetime:
    """Return when the shop's own day began."""
    zone = ZoneInfo(settings.timezone)
    return datetime.combine(datetime.now(zone).date(), time.min, tzinfo=zone)


def _settings() -> Settings:
    found: Settings = current_app.config["SHOP"]
    return found
