"""Keeping the reports' figures up to date with what happens in the shop.

Each handler copies what it counts as it now is, so events that come late, twice or out of order leave the right
figures behind, and counting everything anew (`rebuild.py`) gives the same.
"""

from sqlalchemy.orm import Session

from domain.analytics.commands import copy_order, keep_account, keep_cart, keep_opinion
from domain.cart.events import CartMerged, CartOpened, CheckoutBegun
from domain.notifications.events import OpinionGiven
from domain.orders.events import OrderCancelled, OrderPaid, OrderPlaced, OrderRefunded, ReturnReceived
from domain.users.events import AddressVerified
from domain.users.queries import verified_at


def count_order(session: Session, event: OrderPlaced) -> None:
    """Count an order that was placed."""
    copy_order(session, event.order_id)


def count_payment(session: Session, event: OrderPaid) -> None:
    """Count an order as paid."""
    copy_order(session, event.order_id)


def count_cancellation(session: Session, event: OrderCancelled) -> None:
    """Count an order as cancelled."""
    copy_order(session, event.order_id)


def count_refund(session: Session, event: OrderRefunded) -> None:
    """Count what was given back."""
    copy_order(session, event.order_id)


def count_return(session: Session, event: ReturnReceived) -> None:
    """Count the units that came back."""
    copy_order(session, event.order_id)


def count_cart(session: Session, event: CartOpened) -> None:
    """Count a cart that was opened."""
    keep_cart(session, event.cart_id, opened_at=event.at)


def count_checkout(session: Session, event: CheckoutBegun) -> None:
    """Count a cart whose shopper has begun to check out."""
    keep_cart(session, event.cart_id, opened_at=event.at, checkout_at=event.at)


def count_merge(session: Session, event: CartMerged) -> None:
    """Count a cart no more that was taken into another one."""
    keep_cart(session, event.cart_id, opened_at=event.at, merged_at=event.at)


def count_account(session: Session, event: AddressVerified) -> None:
    """Count an account once, when its address is first verified."""
    when = verified_at(session, event.shopper_id)
    if when is not None:
        keep_account(session, event.shopper_id, verified_at=when)


def count_opinion(session: Session, event: OpinionGiven) -> None:
    """Count how content a shopper is; the last answer counts."""
    keep_opinion(session, order_id=event.order_id, score=event.score, answered_at=event.at)
