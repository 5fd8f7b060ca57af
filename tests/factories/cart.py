"""Carts for tests, with or without the shopper's answers."""

from uuid import UUID

from sqlalchemy.orm import Session

from domain.cart.commands import add_line, save_address, save_delivery
from domain.orders.models import DeliveryMethod
from tests.factories.catalog import make_product
from tests.factories.delivery import make_method, make_rate

ADDRESS = {
    "name": "Aoife Ní Bhriain",
    "company": "",
    "line1": "12 Mill Lane",
    "line2": "",
    "city": "Cork",
    "region": "",
    "postcode": "T12 AB34",
    "country": "IE",
}


def make_terms(session: Session, *, price: int = 490, free_above: int | None = None, vat: int = 2300) -> None:
    """Make the delivery method `standard` to Ireland and Germany, and Irish VAT, unless they exist."""
    if session.get(DeliveryMethod, "standard") is None:
        make_method(
            session, "standard", places=("IE", "DE"), name="Standard delivery", price=price, free_above=free_above
        )
        make_rate(session, "IE", vat)
        session.flush()


def make_cart(session: Session, *, sku: str | None = None, quantity: int = 1) -> UUID:
    """Make a cart with some of a SKU, or of a new product, in it."""
    return add_line(session, cart_id=None, sku=sku or make_product(session).sku, quantity=quantity)


def make_checkout(
    session: Session, *, sku: str | None = None, quantity: int = 1, email: str = "aoife@example.com"
) -> UUID:
    """Make a cart whose every answer is given, so that it can be ordered."""
    make_terms(session)
    cart_id = make_cart(session, sku=sku, quantity=quantity)
    save_address(session, cart_id=cart_id, shipping_address=ADDRESS, email=email)
    save_delivery(session, cart_id=cart_id, method="standard")
    return cart_id
