"""What a change of promotions, delivery or tax would do: it is made, real carts are quoted again, and it is taken back.

The change is made by the command that saves it, and the carts are quoted by the very code that the checkout uses: so
what is shown is what shoppers would pay.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from domain.cart.commands import add_line, keep_code
from domain.cart.queries import recent_carts
from domain.catalog.queries import skus_in_stock
from domain.orders.queries.summary import Summary, checkout_summary
from domain.orders.quote import Quote
from domain.shared.money import Money, divide_half_up

CARTS = 20
"""How many carts a change is tried on."""
EXAMPLE_LINES = 2


@dataclass(frozen=True, kw_only=True)
class TriedCart:
    """One cart before and after a change; `goods` are its titles, `refusal` says why its code would not apply."""

    goods: tuple[str, ...]
    units: int
    before: Quote
    after: Quote
    refusal: str | None

    @property
    def differs(self) -> bool:
        """Whether anything that its shopper pays would be another."""
        now, then = self.before, self.after
        return (now.total, now.discount, now.delivery, now.tax) != (then.total, then.discount, then.delivery, then.tax)

    def gets(self, promotion_id: UUID) -> bool:
        """Whether a promotion would be taken off it."""
        return any(one.promotion_id == promotion_id for one in self.after.discounts)


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What a change would do to carts; an `example` was filled for it, as no cart holds anything."""

    carts: tuple[TriedCart, ...]
    example: bool

    @property
    def changed(self) -> tuple[TriedCart, ...]:
        """The carts that would cost something else."""
        return tuple(cart for cart in self.carts if cart.differs)

    def getting(self, promotion_id: UUID) -> tuple[TriedCart, ...]:
        """The carts that a promotion would be taken off."""
        return tuple(cart for cart in self.carts if cart.gets(promotion_id))


def average_change(carts: Sequence[TriedCart], currency: str) -> Money:
    """Return what some carts would cost more (or less, below zero) on average, rounded to the minor unit."""
    change = sum(cart.after.total.amount - cart.before.total.amount for cart in carts)
    sign = 1 if change >= 0 else -1
    return Money(sign * divide_half_up(abs(change), len(carts)) if carts else 0, currency)


@dataclass(frozen=True, kw_only=True)
class Where:
    """The shop as carts without an address are quoted in it, at a moment by its own clock."""

    currency: str
    country: str
    locale: str
    tax_included: bool
    now: datetime


T = TypeVar("T")


def rehearse(
    session: Session, change: Callable[[Session], T], *, where: Where, code: str | None = None
) -> tuple[T, Rehearsal]:
    """Make a change, see what it does to the last carts, and take it back; `code` is put into each of them.

    What the command refuses is raised. Rows that it locks are held until it is taken back, a fraction of a second.
    """
    savepoint = session.begin_nested()
    try:
        ids = list(recent_carts(session, limit=CARTS))
        example = not ids
        if example:
            ids = _example(session)
        before = [_summary(session, cart_id, where) for cart_id in ids]
        # Carts before promotions and in one order, as checkouts lock them, so that nobody waits crosswise.
        for cart_id in sorted(ids) if code else ():
            keep_code(session, cart_id=cart_id, code=code)
        made = change(session)
        session.flush()
        after = [_summary(session, cart_id, where) for cart_id in ids]
    finally:
        savepoint.rollback()
    pairs = zip(before, after, strict=True)
    return made, Rehearsal(carts=tuple(_tried(now, then) for now, then in pairs if now.cart.lines), example=example)


def _tried(now: Summary, then: Summary) -> TriedCart:
    return TriedCart(
        goods=tuple(line.title for line in now.cart.lines),
        units=now.cart.count,
        before=now.quote,
        after=then.quote,
        refusal=then.code_problem,
    )


def _summary(session: Session, cart_id: UUID, where: Where) -> Summary:
    return checkout_summary(
        session,
        cart_id,
        currency=where.currency,
        country=where.country,
        locale=where.locale,
        tax_included=where.tax_included,
        now=where.now,
    )


def _example(session: Session) -> list[UUID]:
    cart_id = None
    for sku in skus_in_stock(session, limit=EXAMPLE_LINES):
        cart_id = add_line(session, cart_id=cart_id, sku=sku, quantity=1)
    return [cart_id] if cart_id else []
