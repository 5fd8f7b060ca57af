"""The cart with its quote and the shopper's answers, as the cart page and every step of the checkout show it."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.orders.queries.summary import Summary, checkout_summary
from web.db import session
from web.settings import shop_settings


def summary_of(cart_id: UUID | None, reader: Session | None = None) -> Summary:
    """Return what a cart holds and costs at this moment; within a transaction, `reader` is that."""
    settings = shop_settings()
    return checkout_summary(
        reader or session(),
        cart_id,
        currency=settings.currency,
        country=settings.country,
        locale=settings.locale,
        tax_included=settings.prices_include_tax,
        now=shop_time(),
    )


def too_much(found: Summary) -> str:
    """Say why nothing that we offer carries this cart to where it should go."""
    grams = sum(line.weight_grams * line.quantity for line in found.cart.lines)
    weight = f"{max(grams, 100) / 1000:.1f}".removesuffix(".0")
    return f"We cannot send this cart there: it weighs {weight} kg. Take something out, or choose another address."


def shop_time() -> datetime:
    """Return the present moment as the clock on the shop's wall shows it: deliveries are promised by its days."""
    return datetime.now(ZoneInfo(shop_settings().timezone))
