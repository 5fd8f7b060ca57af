"""Orders and gateways: answers that are lost, late, doubled or never come."""

import pytest

from domain.cart.commands import add_line, save_address, save_delivery
from domain.orders.commands import (
    cancel,
    check_payment,
    receive_webhook,
    settle_payment,
    start_payment,
)
from domain.orders.events import OrderCancelled, PaymentAuthorised
from domain.orders.handlers import (
    finish_settling,
    prepare_authorised,
    prepare_cancelled,
    settle_at_gateway,
)
from domain.orders.queries import checkout_summary, delivery_countries, order_by_link, order_page
from domain.payments.errors import NoSuchPayment
from domain.payments.gateways.port import BadSignature, GatewayTimeout, GatewayUnavailable, Outcome
from domain.shared.db import transaction, utcnow
from tests.domain.orders.books import count, events
from tests.domain.orders.conftest import Shop
from tests.domain.orders.racers import at_once
from tests.factories.cart import ADDRESS, make_terms
from tests.factories.catalog import make_product
from tests.factories.orders import RETURN_URL, MemoryGateway, agree, make_order, message, pay, place


def test_the_shopper_is_sent_to_the_gateways_page_and_the_same_one_again(shop):
    address = shop.start()

    assert address == f"http://gateway.test/pay/mem_{shop.payment_id}" == shop.start()
    request = shop.gateway.created[0]
    assert (request.amount, request.currency, request.order_number) == (1490, "EUR", shop.order.number)
    assert (shop.payment.state, shop.payment.redirect_url, shop.payment.can_retry) == ("pending", address, False)


def test_a_lost_answer_is_unknown_and_never_guessed(shop):
    shop.gateway.after_create = GatewayTimeout()

    assert shop.start() == RETURN_URL
    assert (shop.payment.state, shop.payment.pending, shop.payment.can_retry) == ("unknown", True, False)

    shop.gateway.after_create = None
    shop.start()
    assert (len(shop.gateway.payments), shop.read(count, "payments.payments")) == (1, 1)
    assert shop.payment.state == "pending"


def test_paying_again_after_a_lost_answer_asks_first_and_finds_it_paid(shop):
    shop.gateway.after_create = GatewayTimeout()
    shop.start()
    shop.gateway.shopper(shop.payment_id, "captured")

    assert shop.start() == RETURN_URL
    assert (shop.state, len(shop.gateway.created)) == ("paid", 1), "nothing was opened a second time"
    assert shop.start() == RETURN_URL
    assert shop.read(count, "payments.payments") == 1


@pytest.mark.parametrize("arrived", [True, False])
def test_paying_again_after_a_lost_answer_uses_the_same_key(shop, arrived):
    if arrived:
        shop.gateway.after_create = GatewayTimeout()
    else:
        shop.gateway.fail_with = GatewayTimeout()
    shop.start()
    assert shop.payment.state == "unknown"
    shop.gateway.after_create = shop.gateway.fail_with = None

    pages = at_once(*[shop.start] * 6)

    assert set(pages) == {f"http://gateway.test/pay/mem_{shop.payment_id}"}
    assert {request.payment_id for request in shop.gateway.created} == {shop.payment_id}
    assert (len(shop.gateway.payments), shop.read(count, "payments.payments")) == (1, 1)


def test_paying_again_after_a_lost_answer_that_was_a_refusal_opens_a_new_attempt(shop):
    shop.gateway.after_create = GatewayTimeout()
    shop.start()
    first = shop.payment_id
    shop.gateway.shopper(first, "failed", failure_message="Declined.")
    shop.gateway.after_create = None

    page = shop.start()

    assert page == f"http://gateway.test/pay/mem_{shop.payment_id}"
    assert shop.payment_id != first
    assert shop.gateway.payments[f"mem_{first}"].state == "failed"


def test_what_a_lost_answer_hid_is_found_by_asking(shop):
    shop.gateway.after_create = GatewayTimeout()
    shop.start()
    shop.gateway.shopper(shop.payment_id, "captured")

    assert shop.reconcile() == 1
    assert (shop.state, shop.reconcile()) == ("paid", 0)
    assert shop.read(events) == ["order_placed", "order_paid"]


def test_a_gateway_that_is_down_charges_nothing_and_can_be_tried_again(shop):
    shop.gateway.fail_with = GatewayUnavailable()

    assert shop.start() == RETURN_URL
    assert (shop.payment.state, shop.payment.can_retry) == ("failed", True)

    shop.gateway.fail_with = None
    assert shop.start().startswith("http://gateway.test/pay/")


def test_an_unknown_attempt_stays_unknown_while_the_gateway_is_down(shop):
    shop.gateway.after_create = GatewayTimeout()
    shop.start()
    shop.gateway.fail_with = GatewayUnavailable()

    shop.start()
    assert shop.reconcile() == 0

    assert shop.payment.state == "unknown"


def test_a_request_that_never_arrived_is_given_up_after_a_while(shop):
    shop.gateway.fail_with = GatewayTimeout()
    shop.start()
    shop.gateway.fail_with = None

    assert shop.reconcile(minutes=2) == 0
    assert shop.payment.pending
    assert shop.reconcile(minutes=20) == 1
    assert shop.payment.can_retry


def test_coming_back_asks_the_gateway_and_trusts_no_address(shop):
    shop.start()
    back = {"order_id": shop.id, "now": utcnow()}

    assert not check_payment(shop.sessions, shop.gateways, **back)
    assert shop.state == "placed"
    shop.gateway.shopper(shop.payment_id, "captured")
    assert check_payment(shop.sessions, shop.gateways, **back)
    assert shop.state == "paid"
    assert not check_payment(shop.sessions, shop.gateways, **back)


def test_a_webhook_works_once_and_needs_its_signature(shop):
    shop.start()
    shop.gateway.shopper(shop.payment_id, "captured")
    news = message(shop.payment_id, event_id="evt_1")

    with pytest.raises(BadSignature):
        receive_webhook(shop.sessions, shop.gateways, **{**news, "headers": {}})
    with pytest.raises(NoSuchPayment):
        receive_webhook(shop.sessions, shop.gateways, **{**news, "gateway": "other"})
    assert shop.state == "placed"

    assert receive_webhook(shop.sessions, shop.gateways, **news)
    assert not receive_webhook(shop.sessions, shop.gateways, **news)
    assert (shop.state, shop.read(count, "payments.gateway_events")) == ("paid", 1)


def test_a_webhook_that_cannot_be_checked_is_not_kept_so_that_it_comes_again(shop):
    shop.start()
    shop.gateway.shopper(shop.payment_id, "captured")
    news = message(shop.payment_id, event_id="evt_1")
    shop.gateway.fail_with = GatewayTimeout()

    with pytest.raises(GatewayTimeout):
        receive_webhook(shop.sessions, shop.gateways, **news)
    shop.gateway.fail_with = None

    assert receive_webhook(shop.sessions, shop.gateways, **news)
    assert shop.state == "paid"


def test_an_authorised_payment_is_captured_by_its_handler(shop):
    shop.start()
    shop.gateway.shopper(shop.payment_id, "authorised")
    with transaction(shop.sessions) as tx:
        settle_payment(tx, payment_id=shop.payment_id, outcome=Outcome(state="authorised"))
    event = PaymentAuthorised(order_id=shop.id, payment_id=shop.payment_id)

    for _ in range(2):
        settling = shop.read(prepare_authorised, event)
        if settling:
            result = settle_at_gateway(settling, shop.gateways)
            shop.read(finish_settling, result)

    assert shop.state == "paid"
    assert shop.read(events) == ["order_placed", "payment_authorised", "order_paid"]


def test_an_authorised_payment_of_a_cancelled_order_is_let_go(shop):
    shop.start()
    shop.gateway.shopper(shop.payment_id, "authorised")
    shop.read(settle_payment, payment_id=shop.payment_id, outcome=Outcome(state="authorised"))
    shop.read(cancel, order_id=shop.id, actor="owner", reason="Asked")

    settling = shop.read(prepare_cancelled, OrderCancelled(order_id=shop.id, reason="Asked"))
    assert settling is not None
    shop.read(finish_settling, settle_at_gateway(settling, shop.gateways))

    assert shop.gateway.payments[f"mem_{shop.payment_id}"].state == "cancelled"
    assert (shop.state, shop.read(prepare_cancelled, OrderCancelled(order_id=shop.id, reason=""))) == (
        "cancelled", None,
    )  # fmt: skip


def test_the_reconciler_captures_and_stops_too(shop):
    shop.start()
    shop.gateway.shopper(shop.payment_id, "authorised")
    assert shop.reconcile() == 1
    assert shop.state == "paid"

    other = Shop.__new__(Shop)
    other.__dict__ = {**shop.__dict__}
    with transaction(shop.sessions) as tx:
        other.order = make_order(tx, sku="MUG")
    other.id = other.order.order_id
    other.start()
    other.read(cancel, order_id=other.id, actor="owner", reason="Asked")
    assert other.reconcile() == 1
    assert other.gateway.payments[f"mem_{other.payment_id}"].state == "cancelled"


def test_a_paid_order_leads_straight_back(shop):
    shop.read(pay, shop.id)

    assert shop.start() == RETURN_URL
    assert shop.gateway.created == []


def test_a_whole_purchase_stays_within_its_statements(sessions, statements):
    """What the domain asks of the database from the first item to the confirmation, for all requests together."""
    gateway = MemoryGateway()
    with transaction(sessions) as tx:
        make_terms(tx)
        make_product(tx, sku="MUG")

    def see(cart_id):
        with transaction(sessions) as tx:
            checkout_summary(tx, cart_id, currency="EUR", country="IE", now=utcnow())

    with statements() as seen:
        with transaction(sessions) as tx:
            cart_id = add_line(tx, cart_id=None, sku="MUG", quantity=1)
        see(cart_id)  # the cart
        see(cart_id)  # details, asked and answered
        with transaction(sessions) as tx:
            delivery_countries(tx)
        with transaction(sessions) as tx:
            save_address(tx, cart_id=cart_id, shipping_address=ADDRESS, email="a@example.com")
        see(cart_id)  # delivery, asked and answered
        see(cart_id)
        with transaction(sessions) as tx:
            save_delivery(tx, cart_id=cart_id, method="standard")
        with transaction(sessions) as tx:  # the review
            agreed = agree(tx, cart_id)
        with transaction(sessions) as tx:
            placed = place(tx, agreed)
        start_payment(sessions, {"memory": gateway}, order_id=placed.order_id, return_url=RETURN_URL)
        payment_id = gateway.created[0].payment_id
        gateway.shopper(payment_id, "captured")
        receive_webhook(sessions, {"memory": gateway}, **message(payment_id))
        with transaction(sessions) as tx:
            order_by_link(tx, placed.number, access_key=placed.access_key)
        check_payment(sessions, {"memory": gateway}, order_id=placed.order_id, now=utcnow())
        with transaction(sessions) as tx:
            order_page(tx, placed.number, access_key=placed.access_key)

    assert len(seen) <= 55
