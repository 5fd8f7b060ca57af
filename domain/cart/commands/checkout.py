"""Keeping the shopper's answers on the way to an order."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import case, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.cart.commands.hold import hold
from domain.cart.errors import NoSuchCart
from domain.cart.models import Checkout
from domain.shared.db import utcnow

Address = dict[str, str]


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
    if not hold(session, cart_id):
        raise NoSuchCart
    first = insert(Checkout).values(cart_id=cart_id, token=uuid4(), updated_at=utcnow(), **answers)
    new = first.excluded
    values: dict[str, Any] = {name: new[name] for name in (*answers, "token", "updated_at")}
    if "shipping_address" in answers:
        same = Checkout.shipping_address["country"] == new.shipping_address["country"]
        values["delivery_method"] = case((same, Checkout.delivery_method), else_=None)
    changed = or_(*[getattr(Checkout, name).is_distinct_from(new[name]) for name in answers])
    statement = first.on_conflict_do_update(index_elements=[Checkout.cart_id], set_=values, where=changed)
    session.execute(statement.execution_options(synchronize_session=False))
