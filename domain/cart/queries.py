"""What pages show of a cart; prices and stock are the catalogue's of this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BindParameter, Row, bindparam, func, select
from sqlalchemy.orm import Session

from domain.cart.models import Cart, CartLine, Checkout
from domain.catalog.queries import BUYABLE_NAMES, Buyable, PictureView, buyable_sql, to_buyable
from domain.shared.formats import format_money
from domain.shared.money import Money
from domain.shared.quick import Prepared, one, rows

Step = Literal["details", "delivery", "review"]


@dataclass(frozen=True, kw_only=True)
class CartLineView:
    """One line at today's price; `notice` says what changed since, `problem` whether that stops the checkout."""

    variant_id: UUID
    sku: str
    product_slug: str
    title: str
    options_label: str
    picture: PictureView | None
    picture_json: dict[str, Any] | None
    quantity: int
    unit_price: Money
    compare_at: Money | None
    total: Money
    available: int
    sell_when_out: bool
    on_sale: bool
    tax_class: str
    weight_grams: int
    category_path: str
    brand_slug: str
    product_id: UUID
    notice: str | None
    problem: bool


@dataclass(frozen=True, kw_only=True)
class CartView:
    """A cart as a page shows it; `count` is the number of units, `id` is None for a shopper without a cart."""

    id: UUID | None
    lines: tuple[CartLineView, ...]
    count: int
    subtotal: Money
    has_problem: bool


@dataclass(frozen=True, kw_only=True)
class CheckoutView:
    """The answers so far, and the first step that misses one; `token` goes into the form that places the order."""

    token: UUID | None = None
    email: str | None = None
    phone: str | None = None
    shipping_address: dict[str, Any] | None = None
    billing_address: dict[str, Any] | None = None
    delivery_method: str | None = None
    gateway: str | None = None

    @property
    def step(self) -> Step:
        """The first step whose answers are missing."""
        if not self.email or not self.shipping_address:
            return "details"
        return "review" if self.delivery_method else "delivery"


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What is in a cart, each line with the price that the shopper last saw; `cart_id` is None if there is no cart.

    `items` are its goods as they were when the cart was read; those that are gone are left out.
    """

    cart_id: UUID | None = None
    code: str | None = None
    lines: tuple[tuple[UUID, int, int], ...] = ()
    items: Mapping[UUID, Buyable] = field(default_factory=dict)
    checkout: CheckoutView = field(default_factory=CheckoutView)


# Statements are built once: building one anew takes longer than to run it.
_CART_ID: BindParameter[UUID] = bindparam("cart_id")
_ANSWERS = (
    Checkout.token,
    Checkout.email,
    Checkout.phone,
    Checkout.shipping_address,
    Checkout.billing_address,
    Checkout.delivery_method,
    Checkout.gateway,
)
_CHECKOUT = select(*_ANSWERS).where(Checkout.cart_id == _CART_ID)
_COUNT = Prepared("SELECT coalesce(sum(quantity), 0) AS units FROM cart.lines WHERE cart_id = :cart_id", "units")
# The goods of a line come after it, in one piece; of a variant that is gone there is nothing.
_CONTENTS = Prepared(
    f"""
    SELECT cart.code, answers.token, answers.email, answers.phone, answers.shipping_address, answers.billing_address,
        answers.delivery_method, answers.gateway, line.variant_id, line.quantity, line.seen_price, goods.*
    FROM cart.carts cart
    LEFT JOIN cart.checkouts answers ON answers.cart_id = cart.id
    LEFT JOIN cart.lines line ON line.cart_id = cart.id
    LEFT JOIN LATERAL ({buyable_sql("v.id = line.variant_id")}) goods ON true
    WHERE cart.id = :cart_id
    ORDER BY line.id
    """,  # noqa: S608
    "code token email phone shipping_address billing_address delivery_method gateway variant_id quantity seen_price "
    + BUYABLE_NAMES,
)
_LINE = slice(8, 11)
_GOODS = slice(11, 27)


def view_cart(session: Session, cart_id: UUID | None, *, currency: str, locale: str = "en_GB") -> CartView:
    """The cart as a page shows it; one statement at any size."""
    return price(contents(session, cart_id), currency=currency, locale=locale)


def checkout(session: Session, cart_id: UUID | None) -> CheckoutView:
    """The answers so far; a cart without any gives an empty view at the first step."""
    if cart_id is None:
        return CheckoutView()
    return _checkout_view(session.execute(_CHECKOUT, {"cart_id": cart_id}).one_or_none())


def count(session: Session, cart_id: UUID | None) -> int:
    """How many units are in a cart; 0 for one that is gone."""
    return int(one(session, _COUNT, {"cart_id": cart_id}).units) if cart_id else 0


def contents(session: Session, cart_id: UUID | None) -> Contents:
    """What is in a cart and in its checkout, with the goods as they are now; one statement."""
    if cart_id is None:
        return Contents()
    found = rows(session, _CONTENTS, {"cart_id": cart_id})
    if not found:
        return Contents()
    return Contents(
        cart_id=cart_id,
        code=found[0].code,
        lines=tuple(row[_LINE] for row in found if row.variant_id is not None),
        items={row.variant_id: to_buyable(row[_GOODS]) for row in found if row.id is not None},
        checkout=_checkout_view(found[0]),
    )


def price(found: Contents, *, currency: str, locale: str = "en_GB", held: Mapping[UUID, int] | None = None) -> CartView:
    """The cart at the prices and with the stock that were read with it.

    `held` is what an unpaid order of this very cart has reserved: to its shopper those units are not gone.
    """
    items = dict(found.items)
    for variant_id, quantity in (held or {}).items():
        if variant_id in items:
            items[variant_id] = replace(items[variant_id], available=items[variant_id].available + quantity)
    lines = tuple(
        _line_view(items[variant_id], quantity, seen_price, currency=currency, locale=locale)
        for variant_id, quantity, seen_price in found.lines
        if variant_id in items
    )
    return CartView(
        id=found.cart_id,
        lines=lines,
        count=sum(line.quantity for line in lines),
        subtotal=Money(sum(line.total.amount for line in lines), currency),
        has_problem=any(line.problem for line in lines),
    )


def _line_view(item: Buyable, quantity: int, seen_price: int, *, currency: str, locale: str) -> CartLineView:
    problem = _problem(item, quantity)
    return CartLineView(
        variant_id=item.variant_id,
        sku=item.sku,
        product_slug=item.product_slug,
        title=item.title,
        options_label=item.options_label,
        picture=PictureView.from_json(item.picture),
        picture_json=item.picture,
        quantity=quantity,
        unit_price=Money(item.price, currency),
        compare_at=Money(item.compare_at, currency) if item.compare_at else None,
        total=Money(item.price * quantity, currency),
        available=item.available,
        sell_when_out=item.sell_when_out,
        on_sale=item.on_sale,
        tax_class=item.tax_class,
        weight_grams=item.weight_grams,
        category_path=item.category_path,
        brand_slug=item.brand_slug,
        product_id=item.product_id,
        notice=problem or _price_notice(Money(seen_price, currency), Money(item.price, currency), locale),
        problem=problem is not None,
    )


def _problem(item: Buyable, quantity: int) -> str | None:
    if not item.on_sale:
        return "We no longer sell this. Please take it out of your cart to go on."
    if item.sell_when_out or quantity <= item.available:
        return None
    if item.available <= 0:
        return "Sold out in the meantime. Please take it out of your cart to go on."
    return f"Only {item.available} left. Please choose {item.available} or fewer to go on."


def _price_notice(seen: Money, now: Money, locale: str) -> str | None:
    if seen == now:
        return None
    return f"The price has changed from {_words(seen, locale)} to {_words(now, locale)}."


def _words(money: Money, locale: str) -> str:
    return format_money(money.amount, money.currency, locale)


def recent_carts(session: Session, *, limit: int) -> Sequence[UUID]:
    """Return the carts that hold something, the last changed first."""
    filled = select(CartLine.cart_id).where(CartLine.cart_id == Cart.id).exists()
    return session.scalars(select(Cart.id).where(filled).order_by(Cart.updated_at.desc()).limit(limit)).all()


def carts_opened(session: Session, *, since: datetime, until: datetime) -> int:
    """Count the carts opened between two moments, `until` left out."""
    # A cart changed last before it was opened does not exist: so the index of changes finds them.
    statement = select(func.count()).where(Cart.updated_at >= since, Cart.created_at >= since, Cart.created_at < until)
    return session.scalar(statement) or 0


def carts_alive(
    session: Session, *, after: UUID | None, limit: int
) -> Sequence[tuple[UUID, datetime, datetime | None]]:
    """Return carts that are still kept by their ids, the ones behind `after`: when opened and when last checked out.

    The second moment is the last change of the answers, None for a cart without any.
    """
    statement = select(Cart.id, Cart.created_at, Checkout.updated_at).outerjoin(Checkout, Checkout.cart_id == Cart.id)
    statement = statement.where(Cart.id > after) if after else statement
    return session.execute(statement.order_by(Cart.id).limit(limit)).all()


def _checkout_view(row: Row[Any] | None) -> CheckoutView:
    if row is None or row.token is None:
        return CheckoutView()
    return CheckoutView(
        token=row.token,
        email=row.email,
        phone=row.phone,
        shipping_address=row.shipping_address,
        billing_address=row.billing_address,
        delivery_method=row.delivery_method,
        gateway=row.gateway,
    )
