"""Putting things in a cart and taking them out."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.cart.commands.hold import hold_with_lines
from domain.cart.commands.settle import renew_token
from domain.cart.errors import CannotBuy, InvalidQuantity, NoSuchItem, TooMany
from domain.cart.events import CartOpened
from domain.cart.limits import MAX_PER_LINE
from domain.cart.models import Cart
from domain.catalog.queries import Buyable, buyable_by_sku, buyables
from domain.shared.db import lock_one, utcnow
from domain.shared.outbox import record
from domain.shared.quick import Prepared, rows

# A new cart and its first line, which most carts are, in one statement.
_OPEN = Prepared(
    """
    WITH opened AS (
        INSERT INTO cart.carts (id, shopper_id, created_at, updated_at) VALUES (:cart_id, :shopper_id, :now, :now)
    )
    INSERT INTO cart.lines (id, cart_id, variant_id, quantity, seen_price)
    VALUES (:line_id, :cart_id, :variant_id, :quantity, :price)
    """
)


def add_line(
    session: Session, *, cart_id: UUID | None, sku: str, quantity: int, shopper_id: UUID | None = None
) -> UUID:
    """Put items in the cart and return its id; a cart that is missing or gone is made anew.

    Raises NoSuchItem, InvalidQuantity, TooMany or CannotBuy, and then nothing has changed.
    """
    _check_range(quantity, least=1)
    item = buyable_by_sku(session, sku)
    if item is None or not item.on_sale:
        raise NoSuchItem
    cart = hold_with_lines(session, cart_id) if cart_id else None
    if cart is None:
        _check_stock(item, quantity)
        now, new = utcnow(), uuid4()
        line = {"line_id": uuid7(), "variant_id": item.variant_id, "quantity": quantity, "price": item.price}
        rows(session, _OPEN, line | {"cart_id": new, "shopper_id": shopper_id, "now": now})
        record(session, CartOpened(cart_id=new, at=now))
        return new
    _check_stock(item, quantity + _quantity_of(cart, item.variant_id))
    cart.add(variant_id=item.variant_id, quantity=quantity, price=item.price)
    if shopper_id and cart.shopper_id is None:
        cart.shopper_id = shopper_id
    session.flush()
    renew_token(session, cart_id=cart.id)
    return cart.id


def change_line(session: Session, *, cart_id: UUID, variant_id: UUID, quantity: int) -> int:
    """Set how many of a variant are wanted and return how many there were; 0 takes the line out.

    A line that is gone stays gone. Raises InvalidQuantity, TooMany or CannotBuy, and then nothing has changed.
    """
    _check_range(quantity, least=0)
    cart = hold_with_lines(session, cart_id)
    if cart is None:
        return 0
    old = _quantity_of(cart, variant_id)
    if old == 0 or old == quantity:
        return old
    if quantity > old:
        item = buyables(session, [variant_id]).get(variant_id)
        if item is None or not item.on_sale:
            raise NoSuchItem
        _check_stock(item, quantity)
    cart.change(variant_id=variant_id, quantity=quantity)
    session.flush()
    renew_token(session, cart_id=cart_id)
    return old


def clear(session: Session, *, cart_id: UUID) -> None:
    """Take everything out of a cart."""
    cart = hold_with_lines(session, cart_id)
    if cart is not None and cart.lines:
        cart.lines.clear()
        session.flush()
        renew_token(session, cart_id=cart_id)


def keep_code(session: Session, *, cart_id: UUID, code: str | None) -> bool:
    """Put a code in the cart in place of the one before, or take it out; False where nothing changes."""
    cart = lock_one(session, Cart, cart_id)
    if cart is None or cart.code == code:
        return False
    cart.code = code
    cart.updated_at = utcnow()
    session.flush()
    renew_token(session, cart_id=cart_id)
    return True


def _check_range(quantity: int, *, least: int) -> None:
    if quantity < least:
        raise InvalidQuantity
    if quantity > MAX_PER_LINE:
        raise TooMany(MAX_PER_LINE)


def _check_stock(item: Buyable, wanted: int) -> None:
    """Say early what could not be ordered anyway; the promise itself is only made when the order is placed."""
    if item.sell_when_out or wanted <= item.available:
        return
    if item.available <= 0:
        raise CannotBuy(f"{item.title} is sold out.")
    raise CannotBuy(f"Only {item.available} of {item.title} left. Please choose {item.available} or fewer.")


def _quantity_of(cart: Cart, variant_id: UUID) -> int:
    return next((line.quantity for line in cart.lines if line.variant_id == variant_id), 0)
