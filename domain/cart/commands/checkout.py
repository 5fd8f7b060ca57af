"""Keeping the shopper's answers on the way to an order."""

from functools import cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from domain.cart.errors import NoSuchCart
from domain.cart.events import CheckoutBegun
from domain.cart.models import Checkout
from domain.shared.db import utcnow
from domain.shared.outbox import record
from domain.shared.quick import Prepared, one

Address = dict[str, str]
_COLUMNS = Checkout.__table__.c


def save_contact(session: Session, *, cart_id: UUID, email: str, phone: str | None = None) -> None:
    """Keep how to reach the shopper; raises NoSuchCart."""
    _save(session, cart_id, email=email.strip().lower(), phone=(phone or "").strip() or None)


def save_address(
    session: Session,
    *,
    cart_id: UUID,
    shipping_address: Address,
    billing_address: Address | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> None:
    """Keep where to deliver and whom to bill (the same if None), and with `email` the contact too; raises NoSuchCart.

    A delivery method chosen for another country is forgotten, because it may not go there.
    """
    answers: dict[str, Any] = {"shipping_address": shipping_address, "billing_address": billing_address}
    if email is not None:
        answers |= {"email": email.strip().lower(), "phone": (phone or "").strip() or None}
    _save(session, cart_id, **answers)


def save_delivery(session: Session, *, cart_id: UUID, method: str, gateway: str | None = None) -> None:
    """Keep how to deliver and, if it is asked, how to pay; raises NoSuchCart."""
    _save(session, cart_id, delivery_method=method, **({"gateway": gateway} if gateway else {}))


def _save(session: Session, cart_id: UUID, **answers: Any) -> None:
    """Keep answers; the token changes with them, so that what is ordered is always what was last agreed to.

    The same answers again are no new agreement: the token stays, and a repeated submit finds the first order.
    """
    now = utcnow()
    values = {"cart_id": cart_id, "token": uuid4(), "now": now} | answers
    saved = one(session, _saving(tuple(answers)), values)
    if saved is None:
        raise NoSuchCart
    if saved.first:
        record(session, CheckoutBegun(cart_id=cart_id, at=now))


@cache
def _saving(names: tuple[str, ...]) -> Prepared:
    """Build the statement that locks the cart and keeps answers of these names: there are three sets of them."""
    same = "answers.shipping_address -> 'country' = excluded.shipping_address -> 'country'"
    kept = {name: f"excluded.{name}" for name in (*names, "token", "updated_at")}
    if "shipping_address" in names:
        kept["delivery_method"] = f"CASE WHEN {same} THEN answers.delivery_method END"
    return Prepared(
        f"""
        WITH cart AS (SELECT id FROM cart.carts WHERE id = :cart_id FOR UPDATE),
        saved AS (
            INSERT INTO cart.checkouts AS answers (cart_id, token, updated_at, {", ".join(names)})
            SELECT cart.id, :token, :now, {", ".join(f":{name}" for name in names)} FROM cart
            ON CONFLICT (cart_id) DO UPDATE SET {", ".join(f"{name} = {value}" for name, value in kept.items())}
            WHERE {" OR ".join(f"answers.{name} IS DISTINCT FROM excluded.{name}" for name in names)}
            RETURNING xmax = 0 AS first
        )
        SELECT id, (SELECT first FROM saved) AS first FROM cart
        """,  # noqa: S608 - the names are the columns'
        "id first",
        *[bindparam(name, type_=_COLUMNS[name].type) for name in names],
    )
