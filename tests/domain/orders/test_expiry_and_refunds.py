"""Orders nobody pays, and money on its way back."""

import pytest

from domain.orders.commands import (
    request_refund,
)
from domain.orders.errors import CannotPay
from domain.orders.events import RefundRequested
from domain.orders.handlers import (
    finish_refund,
    prepare_refund,
    refund_at_gateway,
)
from domain.payments.gateways.port import GatewayTimeout
from tests.domain.orders.books import events, kinds, row, stock
from tests.factories.orders import pay


def test_an_order_nobody_paid_expires_once_and_frees_its_stock(shop):
    shop.start()

    assert shop.expire(minutes=10) == 0
    assert shop.expire(minutes=31) == 1
    assert shop.expire(minutes=32) == 0

    assert (shop.state, shop.read(stock, shop.mug.variant_id)) == ("cancelled", (5, 0))
    assert shop.gateway.payments[f"mem_{shop.payment_id}"].state == "cancelled"
    assert shop.read(kinds, shop.id) == ["placed", "payment_cancelled", "cancelled"]
    with pytest.raises(CannotPay):
        shop.start()


def test_an_order_that_was_paid_unnoticed_is_paid_and_does_not_expire(shop):
    shop.start()
    shop.gateway.shopper(shop.payment_id, "captured")

    assert shop.expire(minutes=31) == 0

    assert shop.state == "paid"


def test_an_expired_order_waits_an_hour_for_a_silent_gateway(shop):
    shop.start()
    shop.gateway.fail_with = GatewayTimeout()

    assert shop.expire(minutes=31) == 0
    assert shop.state == "placed"
    assert shop.expire(minutes=91) == 1

    shop.gateway.fail_with = None
    shop.gateway.shopper(shop.payment_id, "captured")
    shop.reconcile(minutes=95)
    assert (shop.state, shop.read(stock, shop.mug.variant_id)) == ("paid", (5, 1))


def test_a_refund_is_carried_out_once_however_often_it_is_tried(shop):
    shop.start()
    shop.gateway.shopper(shop.payment_id, "captured")
    shop.reconcile()
    refund_id = shop.read(request_refund, order_id=shop.id, reason="Broken", actor="owner")
    event = RefundRequested(order_id=shop.id, refund_id=refund_id)

    first, second = shop.read(prepare_refund, event), shop.read(prepare_refund, event)
    results = [refund_at_gateway(refund, shop.gateways) for refund in (first, second)]
    for result in results:
        shop.read(finish_refund, result)

    assert shop.gateway.refunds == {str(refund_id): 1490}
    assert (shop.state, shop.read(prepare_refund, event)) == ("refunded", None)
    assert shop.read(events)[-2:] == ["refund_requested", "order_refunded"]


def test_a_refund_the_gateway_does_not_answer_is_tried_again(shop):
    shop.read(pay, shop.id)
    refund_id = shop.read(request_refund, order_id=shop.id, reason="Broken", actor="owner")
    refund = shop.read(prepare_refund, RefundRequested(order_id=shop.id, refund_id=refund_id))
    shop.gateway.fail_with = GatewayTimeout()

    with pytest.raises(GatewayTimeout):
        refund_at_gateway(refund, shop.gateways)

    assert shop.read(row, "SELECT state FROM payments.refunds") == ("requested",)
