"""Keeping the shopper's answers on the way to an order."""

from functools import cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, case, or_
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from domain.cart.commands.hold import hold
from domain.cart.errors import NoSuchCart
from domain.shared.db import Base, utcnow

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
    values = {"cart_id": cart_id, "token": uuid4(), "updated_at": utcnow()} | answers
    session.execute(_saving(tuple(answers)), values)


@cache
def _saving(names: tuple[str, ...]) -> Insert:
    """Build the statement that keeps answers of these names, once: there are three sets of them."""
    answers = Base.metadata.tables["cart.checkouts"]
    first = insert(answers).values({name: bindparam(name) for name in ("cart_id", "token", "updated_at", *names)})
    new = first.excluded
    values: dict[str, Any] = {name: new[name] for name in (*names, "token", "updated_at")}
    if "shipping_address" in names:
        same = answers.c.shipping_address["country"] == new.shipping_address["country"]
        values["delivery_method"] = case((same, answers.c.delivery_method), else_=None)
    changed = or_(*[answers.c[name].is_distinct_from(new[name]) for name in names])
    return first.on_conflict_do_update(index_elements=[answers.c.cart_id], set_=values, where=changed)
