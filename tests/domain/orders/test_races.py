"""Many at once, on real commits: what only real concurrency shows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from domain.cart.commands import add_line, change_line
from domain.cart.queries import count as units
from domain.orders.commands import (
    cancel,
    check_payment,
    expire_unpaid,
    open_payment,
    receive_webhook,
    reconcile,
    request_refund,
    ship,
    start_payment,
)
from domain.orders.errors import NothingToRefund, OutOfStock, WrongState
from domain.payments.errors import RefundTooHigh
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.errors import DomainError
from tests.domain.orders.books import count, events, row, state, stock
from tests.domain.orders.racers import at_once, carts_ready, in_transaction
from tests.factories.cart import make_cart, make_checkout, make_terms
from tests.factories.catalog import make_product
from tests.factories.orders import RETURN_URL, MemoryGateway, agree, make_order, message, place
from tests.processes import eventually, waiting_for_locks


def test_the_same_submit_eight_times_at_once_is_one_order(sessions: Sessions):
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG")
    [agreed] = carts_ready(sessions, ["MUG"])

    placed = at_once(*[in_transaction(sessions, place, agreed)] * 8)

    assert len({one.order_id for one in placed}) == 1
    assert sorted(one.created for one in placed) == [False] * 7 + [True]
    with transaction(sessions) as tx:
        assert (count(tx, "orders.orders"), stock(tx, mug.variant_id)) == (1, (10, 1))
        assert events(tx) == ["order_placed"]


def test_baskets_in_any_order_never_lock_each_other_out(sessions: Sessions):
    with transaction(sessions) as tx:
        made = [make_product(tx, sku=f"SKU-{i}", on_hand=15) for i in range(4)]
        make_terms(tx)
        ready = []
        for i in range(24):
            order = [made[(i + step * (1 if i % 2 else -1)) % 4].sku for step in range(4)]
            cart_id = make_checkout(tx, sku=order[0])
            for sku in order[1:]:
                add_line(tx, cart_id=cart_id, sku=sku, quantity=1)
            ready.append(agree(tx, cart_id))

    results = at_once(*[in_transaction(sessions, place, agreed) for agreed in ready])

    assert sum(not isinstance(one, OutOfStock) for one in results) == 15
    with transaction(sessions) as tx:
        assert {stock(tx, product.variant_id) for product in made} == {(15, 15)}


def test_adding_to_one_cart_from_many_tabs_loses_nothing(sessions: Sessions):
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", on_hand=50)
        make_product(tx, sku="JUG", on_hand=50)
        cart_id = make_cart(tx, sku="MUG")

    adds = [in_transaction(sessions, add_line, cart_id=cart_id, sku=sku, quantity=1) for sku in ("MUG", "JUG") * 8]
    at_once(*adds)

    with transaction(sessions) as tx:
        assert (units(tx, cart_id), count(tx, "cart.lines")) == (17, 2)


def test_a_cart_that_changes_while_it_is_ordered_gives_what_was_agreed_or_nothing(sessions: Sessions):
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", on_hand=50)
    for _ in range(5):
        [agreed] = carts_ready(sessions, ["MUG"])

        placed, _ = at_once(
            in_transaction(sessions, place, agreed),
            in_transaction(sessions, change_line, cart_id=agreed.cart_id, variant_id=mug.variant_id, quantity=9),
        )

        if not isinstance(placed, DomainError):
            with transaction(sessions) as tx:
                found = row(tx, "SELECT quantity, total FROM orders.lines WHERE order_id = :id", id=placed.order_id)
            assert found == (1, 1000)


def test_webhook_and_return_at_once_pay_once(sessions: Sessions):
    gateway = MemoryGateway()
    gateways = {"memory": gateway}
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG")
    [agreed] = carts_ready(sessions, ["MUG"])
    placed = in_transaction(sessions, place, agreed)()
    start_payment(sessions, gateways, order_id=placed.order_id, return_url=RETURN_URL)
    payment_id = gateway.created[0].payment_id
    gateway.shopper(payment_id, "captured")

    at_once(
        *[lambda: receive_webhook(sessions, gateways, **message(payment_id, event_id="evt_1"))] * 3,
        lambda: receive_webhook(sessions, gateways, **message(payment_id)),
        *[lambda: check_payment(sessions, gateways, order_id=placed.order_id, now=utcnow())] * 4,
    )

    with transaction(sessions) as tx:
        assert state(tx, placed.order_id) == "paid"
        assert events(tx) == ["order_placed", "order_paid"]
        assert (count(tx, "payments.gateway_events"), count(tx, "cart.carts")) == (2, 0)


def test_starting_to_pay_from_many_tabs_opens_one_payment(sessions: Sessions):
    gateway = MemoryGateway()
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG")
        placed = make_order(tx, sku="MUG")

    def start() -> str:
        return start_payment(sessions, {"memory": gateway}, order_id=placed.order_id, return_url=RETURN_URL)

    assert len(set(at_once(*[start] * 6))) == 1
    assert len(gateway.payments) == 1
    with transaction(sessions) as tx:
        assert count(tx, "payments.payments") == 1


@pytest.mark.parametrize("round_", range(3))
def test_a_payment_and_the_expiry_at_once_end_well(sessions: Sessions, round_):
    gateway = MemoryGateway()
    gateways = {"memory": gateway}
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", on_hand=1)
        placed = make_order(tx, sku="MUG")
    start_payment(sessions, gateways, order_id=placed.order_id, return_url=RETURN_URL)
    payment_id = gateway.created[0].payment_id
    with transaction(sessions) as tx:
        row(tx, "UPDATE orders.orders SET expires_at = now() - interval '1 minute' RETURNING 1")

    def buy() -> None:
        if gateway.payments[f"mem_{payment_id}"].state == "pending":
            gateway.shopper(payment_id, "captured")
        receive_webhook(sessions, gateways, **message(payment_id))

    at_once(buy, lambda: expire_unpaid(sessions, gateways, now=utcnow()))

    with transaction(sessions) as tx:
        paid = gateway.payments[f"mem_{payment_id}"].state == "captured"
        assert state(tx, placed.order_id) == ("paid" if paid else "cancelled")
        assert stock(tx, mug.variant_id) == (1, 1 if paid else 0)
        assert events(tx).count("order_paid") == (1 if paid else 0)


def test_a_payment_and_a_new_order_of_the_same_cart_at_once_keep_one_charge(sessions: Sessions):
    for round_ in range(4):
        gateway = MemoryGateway()
        gateways = {"memory": gateway}
        with transaction(sessions) as tx:
            mug = make_product(tx, sku=f"MUG-{round_}", on_hand=5)
        [agreed] = carts_ready(sessions, [f"MUG-{round_}"])
        first = in_transaction(sessions, place, agreed)()
        start_payment(sessions, gateways, order_id=first.order_id, return_url=RETURN_URL)
        payment_id = gateway.created[0].payment_id
        with transaction(sessions) as tx:
            change_line(tx, cart_id=agreed.cart_id, variant_id=mug.variant_id, quantity=2)
            again = agree(tx, agreed.cart_id)
        gateway.shopper(payment_id, "captured")

        second, _ = at_once(
            in_transaction(sessions, place, again),
            lambda payment_id=payment_id, gateways=gateways: receive_webhook(sessions, gateways, **message(payment_id)),
        )

        with transaction(sessions) as tx:
            kept = row(tx, "SELECT captured - refunded FROM payments.payments WHERE id = :id", id=payment_id)[0]
            if isinstance(second, DomainError):
                assert (state(tx, first.order_id), kept) == ("paid", 1490)
            else:
                assert (state(tx, first.order_id), state(tx, second.order_id), kept) == ("cancelled", "placed", 0)


def test_refunds_at_once_never_exceed_what_was_paid(sessions: Sessions):
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG")
        placed = make_order(tx, sku="MUG", paid=True)

    asked = at_once(
        *[
            in_transaction(
                sessions, request_refund, order_id=placed.order_id, amount=500, reason="Scratch", actor="owner"
            )
        ]
        * 6
    )

    refused = [one for one in asked if isinstance(one, RefundTooHigh | NothingToRefund)]
    assert len(refused) == 4
    with transaction(sessions) as tx:
        assert row(tx, "SELECT sum(amount)::int, count(*) FROM payments.refunds") == (1000, 2)


def test_full_refund_twice_at_once_is_one(sessions: Sessions):
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG")
        placed = make_order(tx, sku="MUG", paid=True)

    ask = in_transaction(sessions, request_refund, order_id=placed.order_id, reason="Broken", actor="owner")
    results = at_once(ask, ask)

    assert [type(one) for one in results].count(NothingToRefund) == 1


def test_cancelling_and_shipping_at_once_do_one_of_them(sessions: Sessions):
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG")
        placed = make_order(tx, sku="MUG", paid=True)

    results = at_once(
        in_transaction(sessions, cancel, order_id=placed.order_id, actor="owner", reason="Asked"),
        in_transaction(
            sessions, ship, order_id=placed.order_id, actor="owner", carrier="An Post", tracking_number="T1"
        ),
    )

    assert [isinstance(one, WrongState) for one in results].count(True) == 1
    with transaction(sessions) as tx:
        ended = state(tx, placed.order_id)
        assert (ended, stock(tx, mug.variant_id)) in [("cancelled", (10, 0)), ("shipped", (9, 0))]


def test_many_ways_to_open_a_payment_keep_one_open(sessions: Sessions):
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG")
        placed = make_order(tx, sku="MUG")

    attempts = at_once(*[in_transaction(sessions, open_payment, order_id=placed.order_id)] * 6)

    assert len({attempt.payment.id for attempt in attempts}) == 1


def test_the_reconciler_locks_the_cart_before_the_payment_as_everybody_does(sessions: Sessions):
    gateway = MemoryGateway()
    gateways = {"memory": gateway}
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG")
        placed = make_order(tx, sku="MUG")
    start_payment(sessions, gateways, order_id=placed.order_id, return_url=RETURN_URL)
    payment_id = gateway.created[0].payment_id
    gateway.shopper(payment_id, "captured")
    later = utcnow() + timedelta(minutes=2)

    with ThreadPoolExecutor(1) as pool:
        with transaction(sessions) as tx:
            row(tx, "SELECT id FROM cart.carts FOR UPDATE")
            reconciled = pool.submit(reconcile, sessions, gateways, now=later)
            eventually(lambda: waiting_for_locks(sessions) == 1)
            # Whoever holds the cart goes on to the payment, and must not find the reconciler there.
            row(tx, "SELECT set_config('lock_timeout', '2s', true)")
            row(tx, "SELECT id FROM payments.payments FOR UPDATE")
        assert reconciled.result(20) == 1
    with transaction(sessions) as tx:
        assert state(tx, placed.order_id) == "paid"
