"""Holding the shop's books against what the shoppers saw, what the gateway took and what mails arrived."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rq.registry import FailedJobRegistry
from sqlalchemy import Connection, Row, text

from cli.audit import audit
from cli.chaos.outside import Charge, Outside
from cli.chaos.shoppers import Visit
from cli.chaos.stage import Place
from domain.shared.queues import QUEUES
from workers.queues import queue

GOES_AHEAD = ("paid", "packed", "shipped", "delivered")
_ORDERS = text("SELECT id::text, number, state, email, total FROM orders.orders ORDER BY created_at")
_PAYMENTS = text(
    "SELECT id::text, order_id::text, state, captured, refunded, reference, created_at FROM payments.payments"
)
_REFUNDS = text("SELECT id::text, amount, state FROM payments.refunds")
_MESSAGES = text(
    "SELECT id::text, template, subject_key, order_id::text, recipient, state, attempts FROM notifications.messages"
    " WHERE channel = 'email' AND (state <> 'queued' OR coalesce(not_before, created_at) < now() + interval '1 hour')"
)
_EVENTS = text("SELECT name, payload FROM shared.outbox WHERE name LIKE 'orders.%'")
_LETTERS = {
    "orders.order_placed": ("order_placed", "order_id"),
    "orders.order_paid": ("payment_received", "order_id"),
    "orders.payment_failed": ("payment_failed", "payment_id"),
    "orders.order_shipped": ("order_shipped", "shipment_id"),
    "orders.order_cancelled": ("order_cancelled", "order_id"),
    "orders.order_refunded": ("order_refunded", "refund_id"),
    "orders.return_approved": ("return_approved", "return_id"),
    "orders.return_refused": ("return_refused", "return_id"),
    "orders.return_received": ("return_received", "return_id"),
}
"""Which letter there must be for which event, exactly once for each value of the field named."""


@dataclass(frozen=True)
class Verdict:
    """What was found: what is wrong, how many orders are in which state, and how many mails came more than once."""

    wrong: list[str]
    states: dict[str, int]
    charges: int
    mails: int
    sent_again: int


def judge(place: Place, outside: Outside, visits: Sequence[Visit]) -> Verdict:
    """Hold everything against everything."""
    with place.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        wrong = [f"{promise}: {where}: {what}" for promise, rows in audit(connection, grace=0).items()
                 for where, what in rows]  # fmt: skip
        orders = connection.execute(_ORDERS).all()
        payments = connection.execute(_PAYMENTS).all()
        charges = outside.charges()
        wrong += orders_against_visits(orders, visits)
        wrong += charges_against_books(orders, payments, charges)
        wrong += _refunds(connection, outside)
        letters, sent_again = _letters(connection, outside)
        wrong += letters
    for name in QUEUES:
        failed = FailedJobRegistry(queue=queue(place.redis, name)).get_job_ids(cleanup=False)
        wrong += [f"a job has failed for good: {id_} in {name}" for id_ in failed]
    # PostgreSQL ends one of two that wait for each other, and it is tried again: no harm, yet locks are out of order.
    crosswise = (place.settings.var / "log" / "postgres.log").read_text(errors="replace").count("deadlock detected")
    wrong += [f"transactions have locked each other out {crosswise} times: see postgres.log"] if crosswise else []
    states: dict[str, int] = defaultdict(int)
    for order in orders:
        states[order.state] += 1
    taken = sum(charge.captured > 0 for charge in charges)
    return Verdict(wrong, dict(states), taken, sum(outside.copies.values()), sent_again)


def books(place: Place) -> list[str]:
    """Return what is wrong in the books at this moment, whatever is under way."""
    with place.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        found = audit(connection, grace=24 * 3600)
    return [f"{promise}: {where}: {what}" for promise, rows in found.items() for where, what in rows]


def orders_against_visits(orders: Sequence[Row[Any]], visits: Sequence[Visit]) -> list[str]:
    """Every order that a shopper saw is there and decided; one visit never gives two."""
    wrong = []
    by_number = {order.number: order for order in orders}
    live: dict[str, list[str]] = defaultdict(list)
    for order in orders:
        if order.state not in ("cancelled", "refunded"):
            live[order.email].append(f"{order.number} ({order.state})")
        if order.state == "placed":
            wrong.append(f"order {order.number} is neither paid nor cancelled, and its time is over")
    for visit in visits:
        wrong += [f"order {number} of {visit.email} is lost" for number in visit.numbers - by_number.keys()]
        if len(live[visit.email]) > 1:
            wrong.append(f"{visit.email} ({visit.plan}) has {' and '.join(live[visit.email])}")
    return wrong


def charges_against_books(
    orders: Sequence[Row[Any]], payments: Sequence[Row[Any]], charges: Sequence[Charge]
) -> list[str]:
    """Both sides tell the same of every payment, and an order that goes ahead is charged for once."""
    wrong = []
    ours = {payment.id: payment for payment in payments}
    kept: dict[str, list[Charge]] = defaultdict(list)
    for charge in charges:
        payment = ours.get(charge.key)
        if payment is None:
            wrong.append(f"the gateway has {charge.id}, of which the shop knows nothing")
            continue
        if charge.captured > charge.refunded:
            kept[payment.order_id].append(charge)
        told = (payment.captured, payment.refunded)
        if told != (charge.captured, charge.refunded):
            wrong.append(f"{charge.id}: the gateway took {charge.captured} and gave back {charge.refunded}, "
                         f"the books say {told[0]} and {told[1]}")  # fmt: skip
        if charge.status != "pending" and payment.state != charge.status:
            wrong.append(f"{charge.id} is {charge.status} at the gateway and {payment.state} in the books")
    known = {charge.key for charge in charges}
    wrong += [
        f"payment {payment.id} is {payment.state}, and the gateway knows nothing of it"
        for payment in payments
        if payment.id not in known and payment.state in ("pending", "authorised", "captured")
    ]
    for order in orders:
        held = kept[order.id]
        if order.state in GOES_AHEAD and (len(held) != 1 or held[0].captured != order.total):
            wrong.append(f"order {order.number} is {order.state}, and {len(held)} charges are kept for it")
        if order.state not in GOES_AHEAD and held:
            wrong.append(f"order {order.number} is {order.state}, and {len(held)} charges are kept for it")
    return wrong


def _refunds(connection: Connection, outside: Outside) -> list[str]:
    given = outside.refunds()
    wrong = []
    for refund in connection.execute(_REFUNDS):
        if refund.state == "succeeded" and given.get(refund.id) != refund.amount:
            wrong.append(f"refund {refund.id} of {refund.amount} was given back as {given.get(refund.id)}")
        if refund.state != "succeeded" and refund.id in given:
            wrong.append(f"refund {refund.id} was given back and is {refund.state} in the books")
        given.pop(refund.id, None)
    return wrong + [f"the gateway gave back {amount} by {key}, unknown to the shop" for key, amount in given.items()]


def _letters(connection: Connection, outside: Outside) -> tuple[list[str], int]:
    """Every event has its one letter, every letter written down arrived, and nothing else did.

    A letter that arrived again is one of which the sender died between the mail server's word and its own note; it
    has the same Message-ID, and there are never more copies than attempts.
    """
    messages = connection.execute(_MESSAGES).all()
    wrong = []
    written: dict[tuple[str, str], int] = defaultdict(int)
    for message in messages:
        written[message.template, message.subject_key] += 1
        copies = outside.copies[message.id]
        if message.state == "sent" and not 1 <= copies <= message.attempts:
            wrong.append(f"letter {message.template} to {message.recipient} was sent in {message.attempts} attempts "
                         f"and arrived {copies} times")  # fmt: skip
        elif message.state != "sent":
            wrong.append(f"letter {message.template} to {message.recipient} is {message.state}")
    for name, payload in connection.execute(_EVENTS):
        if name not in _LETTERS or payload.get("replaced_by"):
            continue
        template, about = _LETTERS[name]
        if written[template, str(payload[about])] != 1:
            wrong.append(f"{name} of order {payload['order_id']} has {written[template, payload[about]]} letters")
    ours = {message.id for message in messages}
    wrong += [f"a mail arrived that nobody wrote: {id_}" for id_ in {*outside.copies} - ours]
    wrong += [f"a mail arrived that is not of the shop: {id_}" for id_ in outside.strangers]
    again = sum(copies - 1 for id_, copies in outside.copies.items() if id_ in ours and copies > 1)
    return wrong, again
