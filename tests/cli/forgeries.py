"""Ways in which books can be wrong; each is written past every command, and says how the audit must name it."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import text

from domain.orders.commands import cancel, open_payment
from tests.cli.forged_shop import Shop
from tests.factories.orders import make_order
from workers.subscriptions import SUBSCRIBERS

LONG_AGO = "now() - interval '1 hour'"


Forgery = Callable[[Shop], str]
FORGERIES: list[tuple[str, Forgery]] = []
"""The promise that is broken, and what breaks it and returns the words by which it is named."""


def forges(promise: str) -> Callable[[Forgery], Forgery]:
    """Enter a forgery in the table."""

    def enter(forgery: Forgery) -> Forgery:
        FORGERIES.append((promise, forgery))
        return forgery

    return enter


@forges("stock on hand equals its ledger")
def stock_on_hand(shop: Shop) -> str:
    shop.sql("UPDATE catalog.stock SET on_hand = on_hand + 1")
    return "MUG: on hand 49, ledger says 48"


@forges("reserved stock equals its ledger")
def reserved_without_movement(shop: Shop) -> str:
    shop.sql(
        "UPDATE catalog.stock_movements SET reserved = reserved + 1"
        " WHERE id = (SELECT min(id) FROM catalog.stock_movements)"
    )
    return "MUG: reserved 4, ledger says 5"


@forges("reserved stock equals what open orders wait for")
def reserved_for_nobody(shop: Shop) -> str:
    shop.sql(
        "UPDATE catalog.stock SET reserved = reserved + 3",
        "INSERT INTO catalog.stock_movements (variant_id, kind, on_hand, reserved, actor, reason, at)"
        " SELECT variant_id, 'reserved', 0, 3, '', '', now() FROM catalog.stock",
    )
    return "MUG: reserved 7, open orders wait for 4"


@forges("each order holds what it waits for")
def reserved_for_another(shop: Shop) -> str:
    shop.sql(
        "INSERT INTO catalog.stock_movements (variant_id, kind, on_hand, reserved, order_id, actor, reason, at)"
        " SELECT s.variant_id, 'released', 0, -1, o.id, '', '', now() FROM catalog.stock s, orders.orders o"
        " WHERE o.number = :number",
        "INSERT INTO catalog.stock_movements (variant_id, kind, on_hand, reserved, actor, reason, at)"
        " SELECT variant_id, 'reserved', 0, 1, '', '', now() FROM catalog.stock",
        number=shop.paid,
    )
    return f"{shop.paid}: MUG: holds 1, waits for 2"


@forges("nothing is promised that is not there")
def negative_stock(shop: Shop) -> str:
    shop.without("catalog.stock", "ck_stock_no_oversell")
    shop.sql(
        "UPDATE catalog.stock SET on_hand = -1",
        "UPDATE catalog.stock_movements SET on_hand = on_hand - 49"
        " WHERE id = (SELECT min(id) FROM catalog.stock_movements)",
    )
    return "MUG: on hand -1, reserved 4"


@forges("every order has lines")
def order_without_lines(shop: Shop) -> str:
    shop.sql(
        "DELETE FROM orders.lines l USING orders.orders o WHERE o.id = l.order_id AND o.number = :number",
        number=shop.refunded,
    )
    return f"{shop.refunded}: it has no line"


@forges("order totals equal their lines")
def order_total_without_lines(shop: Shop) -> str:
    shop.order(shop.placed, "subtotal = subtotal + 5, total = total + 5")
    return f"{shop.placed}: subtotal 2005, discount 0, tax 374; lines say 2000, 0, 374"


@forges("the tax of an order is the sum of its rates")
def tax_shifted_between_rates(shop: Shop) -> str:
    shop.order(shop.placed, "taxes = jsonb_set(taxes, '{0,delivery}', '91'), delivery_tax = 91, tax = tax - 1")
    shop.sql(
        "UPDATE orders.lines l SET tax = 375 FROM orders.orders o WHERE o.id = l.order_id AND o.number = :number",
        number=shop.placed,
    )
    shop.order(shop.placed, "taxes = jsonb_set(taxes, '{0,net}', '2030'), tax = tax + 1")
    return f"{shop.placed}: VAT of 2300 points: 466 on 2030, lines bear 375 and delivery 91"


@forges("the tax of an order is the sum of its rates")
def tax_not_told_by_rate(shop: Shop) -> str:
    shop.order(shop.placed, "taxes = '[]'")
    return f"{shop.placed}: tax 466, on delivery 92; by rate 0 and 0"


@forges("every total is the sum of its parts")
def order_total_off(shop: Shop) -> str:
    shop.without("orders.orders", "ck_orders_total")
    shop.order(shop.placed, "total = total - 1")
    return f"{shop.placed}: total 2489 of subtotal 2000, discount 0, delivery 490, tax 466"


@forges("every total is the sum of its parts")
def line_total_off(shop: Shop) -> str:
    shop.without("orders.lines", "ck_lines_total")
    shop.sql(
        "UPDATE orders.lines l SET total = l.total + 7 FROM orders.orders o WHERE o.id = l.order_id AND o.number = :n",
        n=shop.placed,
    )
    return f"{shop.placed}: MUG: total 2007 of 2 times 1000, discount 0"


@forges("a cart is ordered once")
def cart_ordered_twice(shop: Shop) -> str:
    shop.sql(
        "UPDATE orders.orders SET cart_id = (SELECT cart_id FROM orders.orders WHERE number = :placed)"
        " WHERE number = :paid",
        placed=shop.placed,
        paid=shop.paid,
    )
    return f"{shop.placed}: {shop.paid} stands too, placed from the same cart before this one was paid"


@forges("a cart is ordered once")
def token_used_twice(shop: Shop) -> str:
    shop.without("orders.orders", "uq_orders_checkout_token")
    shop.sql(
        "UPDATE orders.orders SET cart_id = o.cart_id, checkout_token = o.checkout_token FROM ("
        " SELECT cart_id, checkout_token FROM orders.orders WHERE number = :paid) o WHERE number = :shipped",
        paid=shop.paid,
        shipped=shop.shipped,
    )
    return f"{shop.paid}: {shop.shipped} stands too, placed from the same cart before this one was paid"


@forges("no more is shipped than was ordered")
def shipped_beyond(shop: Shop) -> str:
    shop.without("orders.lines", "ck_lines_shipped", "ck_lines_withdrawn")
    shop.sql("UPDATE orders.lines SET shipped = 3 WHERE shipped = 2", "UPDATE orders.shipment_lines SET quantity = 3")
    return f"{shop.shipped}: MUG: ordered 2, shipped 3, returned 0"


@forges("shipped units equal their parcels")
def shipped_without_parcel(shop: Shop) -> str:
    shop.sql("UPDATE orders.shipment_lines SET quantity = 1")
    return f"{shop.shipped}: MUG: shipped 2, parcels hold 1"


@forges("every payment belongs to an order")
def payment_of_nothing(shop: Shop) -> str:
    open_payment(shop.session, order_id=order_id(shop, shop.placed))
    shop.session.flush()
    shop.payment(shop.placed, "order_id = gen_random_uuid()")
    return "2490 EUR for an order that does not exist"


@forges("only a captured payment holds money")
def money_in_a_failed_payment(shop: Shop) -> str:
    shop.payment(shop.paid, "state = 'failed'")
    return "failed, captured 2490"


@forges("an order that goes ahead is paid in full")
def paid_without_payment(shop: Shop) -> str:
    shop.order(shop.placed, "state = 'paid', paid_at = now()")
    return f"{shop.placed}: paid, total 2490, captured 0"


@forges("an order that goes ahead is paid in full")
def paid_in_part(shop: Shop) -> str:
    shop.payment(shop.shipped, "captured = 2489")
    return f"{shop.shipped}: shipped, total 2490, captured 2489"


@forges("no payment keeps more than its order's total")
def captured_beyond(shop: Shop) -> str:
    shop.payment(shop.paid, "captured = captured + 1")
    return f"{shop.paid}: total 2490, captured 2491, given back 0"


@forges("no order is paid twice")
def paid_twice(shop: Shop) -> str:
    shop.sql(
        "INSERT INTO payments.payments (id, created_at, order_id, gateway, amount, currency, state, captured, refunded)"
        " SELECT gen_random_uuid(), now(), id, 'memory', total, currency, 'captured', total, 0"
        " FROM orders.orders WHERE number = :number",
        number=shop.paid,
    )
    return f"{shop.paid}: total 2490, kept 4980 of 2 payments"


@forges("no money is kept for an order that is not going ahead")
def kept_for_nothing(shop: Shop) -> str:
    order = make_order(shop.session, sku="MUG", paid=True)
    cancel(shop.session, order_id=order.order_id, actor="Ada", reason="")
    shop.session.flush()
    shop.payment(order.number, "refunded = 0")
    shop.sql("DELETE FROM payments.refunds WHERE state = 'requested'")
    return f"{order.number}: cancelled, 1490 minor units neither refunded nor on their way back"


@forges("no more is refunded than was captured")
def refunded_beyond(shop: Shop) -> str:
    shop.without("payments.payments", "ck_payments_refunded")
    shop.payment(shop.refunded, "refunded = refunded + 10")
    shop.sql("UPDATE payments.refunds SET amount = amount + 10")
    return f"{shop.refunded}: captured 2490, refunded 2500"


@forges("refunds equal what their payments say")
def refund_unknown(shop: Shop) -> str:
    shop.sql("UPDATE payments.refunds SET amount = amount - 10")
    return "refunded 2490, refunds sum to 2480"


@forges("the gateways' books agree with ours")
def gateway_disagrees(shop: Shop) -> str:
    shop.payment(shop.refunded, "difference = 'Captured 2490 here and 1 at the gateway.'")
    return f"{shop.refunded}: Captured 2490 here and 1 at the gateway."


@forges("every event was handed on")
def event_undelivered(shop: Shop) -> str:
    shop.sql(f"UPDATE shared.outbox SET created_at = {LONG_AGO} WHERE name = 'orders.order_shipped'")  # noqa: S608
    return "waits for a relay since"


@forges("every event reached every handler")
def event_unhandled(shop: Shop) -> str:
    shop.sql(
        f"UPDATE shared.outbox SET created_at = {LONG_AGO}, relayed_at = now() WHERE name = 'orders.order_shipped'"  # noqa: S608
    )
    return "not yet handled by notifications.notify"


@forges("no event counts as done that a handler never had")
def event_done_too_soon(shop: Shop) -> str:
    shop.sql(
        "INSERT INTO shared.claims (message_id, handler, claimed_at)"
        " SELECT o.id, h.handler, now() - interval '1 day' FROM shared.outbox o"
        " JOIN unnest(CAST(:names AS text[]), CAST(:handlers AS text[])) AS h(name, handler) ON h.name = o.name",
        "UPDATE shared.outbox SET relayed_at = now(), done_at = now()",
        "DELETE FROM shared.claims WHERE handler = 'analytics.count_payment' AND message_id = ("
        " SELECT max(id::text)::uuid FROM shared.outbox WHERE name = 'orders.order_paid')",
        names=[name for name, handlers in SUBSCRIBERS.items() for _ in handlers],
        handlers=[handler for handlers in SUBSCRIBERS.values() for handler in handlers],
    )
    return "done without analytics.count_payment"


@forges("no message goes out twice")
def message_twice(shop: Shop) -> str:
    shop.without("notifications.messages", "uq_messages_template_subject_key_recipient")
    shop.sql(
        "INSERT INTO notifications.messages SELECT (jsonb_populate_record(m, jsonb_build_object('id',"
        " gen_random_uuid()))).* FROM notifications.messages m"
    )
    return "2 times order_placed to one recipient"


@forges("every message was sent or says why not")
def message_stuck(shop: Shop) -> str:
    shop.sql(f"UPDATE notifications.messages SET created_at = {LONG_AGO}, attempts = 2")  # noqa: S608
    return "order_placed still queued after 2 tries"


@forges("every message was sent or says why not")
def message_failed_in_silence(shop: Shop) -> str:
    shop.sql("UPDATE notifications.messages SET state = 'failed'")
    return "order_placed failed, and no reason is noted"


@forges("every message was sent or says why not")
def message_sent_at_no_time(shop: Shop) -> str:
    shop.sql("UPDATE notifications.messages SET state = 'sent'")
    return "order_placed sent, and nobody knows when"


def order_id(shop: Shop, number: str) -> UUID:
    """Return the id of an order."""
    found: UUID = shop.session.scalars(text("SELECT id FROM orders.orders WHERE number = :n"), {"n": number}).one()
    return found
