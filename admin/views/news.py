"""What happens while a page is open: new orders and stock that runs low, said on the page within two seconds.

The page asks every second; nothing new is an empty answer. The lists are what counts: this is a knock on the door.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from admin.access import POLLED, STAFF, needs, staff
from domain.catalog.events import StockChanged
from domain.catalog.queries import low_among
from domain.orders.events import OrderPlaced
from domain.shared.db import utcnow
from domain.shared.events import Event
from domain.shared.formats import format_money
from domain.shared.outbox import recorded
from web.db import session
from web.htmx import partials
from web.settings import shop_settings

bp = Blueprint(POLLED.partition(".")[0], __name__, url_prefix="/news")

LATELY = timedelta(minutes=15)
"""For how long something is news."""
MOST = 5
"""How many of the latest are shown."""


@dataclass(frozen=True)
class Item:
    """One piece of news, and where to read on."""

    words: str
    name: str
    address: str
    at: datetime


@bp.get("")
@needs(STAFF)
def show() -> Response:
    """Say what is new since the page was opened, as far as the role may know it; nothing if that was said already."""
    since, seen = request.args.get("since", type=int) or 0, request.args.get("seen", "")
    opened = datetime.fromtimestamp(min(max(since, 0), 1 << 42) / 1000, UTC)
    kinds: list[type[Event]] = [OrderPlaced] if staff().can("orders:read") else []
    if staff().can("inventory:read"):
        kinds.append(StockChanged)
    found = recorded(session(), kinds, since=max(opened, utcnow() - LATELY), limit=MOST) if kinds else []
    # All of them, for an event that was written before the newest may be committed after it.
    mark = "-".join(id_.hex[-8:] for id_, _ in found)
    if mark in ("", seen):
        return Response(status=204)
    news = [item for id_, event in found for item in _items(id_, event)][:MOST]
    return partials("admin/news/_news.html", news=news, since=since, seen=mark)


def _items(id_: UUID, event: Event) -> list[Item]:
    at = datetime.fromtimestamp((id_.int >> 80) / 1000, UTC)
    if isinstance(event, OrderPlaced):
        total = format_money(event.total.amount, event.total.currency, shop_settings().locale)
        return [Item(f"New order, {total}:", event.number, url_for("orders.show", number=event.number), at)]
    assert isinstance(event, StockChanged)
    return [
        Item(
            f"{f'{level.available} left' if level.available else 'Sold out'}: {level.title}",
            level.sku,
            url_for("inventory.show", variant_id=level.variant_id),
            at,
        )
        for level in low_among(session(), event.product_ids)
    ]
