"""Keeping the shopper's answers on the way to an order."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
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
    if not hold(session, cart_id):
        raise NoSuchCart
    checkout = session.scalar(
        select(Checkout).where(Checkout.cart_id == cart_id).execution_options(populate_existing=True)
    )
    if checkout is None:
        session.add(Checkout(cart_id=cart_id, **answers))
        session.flush()
        return
    changed = {name: value for name, value in answers.items() if getattr(checkout, name) != value}
    if not changed:
        # The same answers again are no new agreement: the token stays, and a repeated submit finds the first order.
        return
    if "shipping_address" in changed and _country(checkout.shipping_address) != _country(changed["shipping_address"]):
        changed.setdefault("delivery_method", None)
    for name, value in changed.items():
        setattr(checkout, name, value)
    checkout.token = uuid4()
    checkout.updated_at = utcnow()
    session.flush()


def _country(address: dict[str, Any] | None) -> Any:
    return (address or {}).get("country")
