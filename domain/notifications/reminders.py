"""Letters that no event brings: a cart that was left, and a payment that is still open."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.notifications.commands import queue_message
from domain.notifications.models import EMAIL
from domain.orders.queries.letter import order_letter

LEFT_FOR, LEFT_AT_MOST = timedelta(hours=4), timedelta(days=3)
"""How long a cart must have been left alone for a reminder, and after how long it is too late for one."""
PENDING_FOR, PENDING_AT_MOST = timedelta(minutes=10), timedelta(days=1)
"""The same for a payment that was begun."""

# Only who said yes to it, and never for a cart whose order was placed.
_LEFT = text(
    """
    SELECT c.id, k.email,
           (SELECT json_agg(json_build_object('title', p.title, 'quantity', l.quantity) ORDER BY l.id)
            FROM cart.lines l JOIN catalog.variants v ON v.id = l.variant_id
            JOIN catalog.products p ON p.id = v.product_id WHERE l.cart_id = c.id) AS lines
    FROM cart.carts c
    JOIN cart.checkouts k ON k.cart_id = c.id
    JOIN notifications.preferences w ON w.email = lower(k.email) AND w.topic = 'reminders' AND w.wanted
    WHERE greatest(c.updated_at, k.updated_at) BETWEEN :oldest AND :newest
      AND EXISTS (SELECT FROM cart.lines l WHERE l.cart_id = c.id)
      AND NOT EXISTS (SELECT FROM orders.orders o WHERE o.checkout_token = k.token)
      AND NOT EXISTS (SELECT FROM notifications.messages m
                      WHERE m.template = 'cart_reminder' AND m.subject_key = c.id::text)
    LIMIT 200
    """
)
# Bank transfers take days, and the letter about the order says all about them.
_PENDING = text(
    """
    SELECT p.id, p.order_id FROM payments.payments p JOIN orders.orders o ON o.id = p.order_id
    WHERE p.state = 'pending' AND p.gateway <> 'bank' AND o.state = 'placed'
      AND p.created_at BETWEEN :oldest AND :newest
      AND NOT EXISTS (SELECT FROM notifications.messages m
                      WHERE m.template = 'payment_pending' AND m.subject_key = p.id::text)
    LIMIT 200
    """
)


def remind_of_carts(session: Session, *, now: datetime) -> int:
    """Write once about each cart that was left, to those who said yes to that; return how many are new."""
    rows = session.execute(_LEFT, {"oldest": now - LEFT_AT_MOST, "newest": now - LEFT_FOR}).all()
    written = [
        queue_message(
            session, template="cart_reminder", channel=EMAIL, recipient=row.email, subject_key=str(row.id),
            context={"lines": row.lines},
        )
        for row in rows
    ]  # fmt: skip
    return sum(message_id is not None for message_id in written)


def remind_of_payments(session: Session, *, now: datetime) -> int:
    """Write once about each payment that was begun and is still open; return how many are new."""
    rows = session.execute(_PENDING, {"oldest": now - PENDING_AT_MOST, "newest": now - PENDING_FOR}).all()
    written = 0
    for row in rows:
        order = order_letter(session, row.order_id)
        if order is not None:
            written += 1
            queue_message(
                session, template="payment_pending", channel=EMAIL, recipient=order.email, subject_key=str(row.id),
                order_id=row.order_id, context={"order": order.as_context()},
            )  # fmt: skip
    return written
