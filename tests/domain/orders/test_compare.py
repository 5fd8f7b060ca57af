"""Settled payments against the gateways' own books: a difference is found, said, and where it can be, mended."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.orders.commands import request_refund
from domain.orders.commands.compare import compare_settled
from domain.orders.events import RefundRequested
from domain.orders.handlers import finish_refund, prepare_refund, refund_at_gateway
from domain.payments.gateways.port import GatewayTimeout
from domain.shared.db import transaction, utcnow
from tests.domain.orders.conftest import Shop


@pytest.fixture
def paid(shop: Shop) -> Shop:
    shop.start()
    shop.gateway.shopper(shop.payment_id, "captured")
    shop.reconcile()
    return shop


def compare(shop: Shop, **later: float) -> int:
    return compare_settled(shop.sessions, shop.gateways, now=utcnow() + timedelta(**later))


def difference(shop: Shop) -> str | None:
    with transaction(shop.sessions) as tx:
        return tx.scalar(text("SELECT difference FROM payments.payments"))


def at_gateway(shop: Shop, **changes: object) -> None:
    reference = f"mem_{shop.payment_id}"
    shop.gateway.payments[reference] = replace(shop.gateway.payments[reference], **changes)


def test_books_that_agree_are_compared_once_a_day(paid: Shop) -> None:
    assert compare(paid) == 0
    assert difference(paid) is None

    at_gateway(paid, captured=1)
    assert compare(paid, hours=12) == 0
    assert compare(paid, hours=25) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"captured": 1}, "Captured 1490 here and 1 at the gateway."), ({"refunded": 5}, "Refunded 0 here and 5"),
     ({"state": "failed"}, "failed at the gateway")],
)  # fmt: skip
def test_a_difference_is_said_and_forgotten_once_it_is_gone(paid: Shop, changes: dict, words: str) -> None:
    before = paid.gateway.payments[f"mem_{paid.payment_id}"]
    at_gateway(paid, **changes)
    assert compare(paid) == 1
    assert words in str(difference(paid))

    paid.gateway.payments[f"mem_{paid.payment_id}"] = before
    assert compare(paid, days=2) == 0
    assert difference(paid) is None


def test_money_for_a_payment_that_failed_here_is_dealt_with(shop: Shop) -> None:
    shop.start()
    shop.gateway.shopper(shop.payment_id, "failed")
    shop.reconcile()
    shop.gateway.shopper(shop.payment_id, "captured")

    assert compare(shop) == 0
    assert shop.state == "paid"


def test_a_refund_on_its_way_is_no_difference(paid: Shop) -> None:
    with transaction(paid.sessions) as tx:
        refund_id = request_refund(tx, order_id=paid.id, amount=100, reason="A gesture", actor="staff")
    assert compare(paid) == 0
    at_gateway(paid, refunded=100)
    assert compare(paid, days=2) == 0

    asked = paid.read(prepare_refund, RefundRequested(order_id=paid.id, refund_id=refund_id))
    paid.read(finish_refund, refund_at_gateway(asked, paid.gateways))
    assert compare(paid, days=4) == 0
    at_gateway(paid, refunded=0)
    assert compare(paid, days=6) == 1


def test_a_silent_gateway_is_asked_another_time(paid: Shop) -> None:
    paid.gateway.fail_with = GatewayTimeout()
    assert compare(paid) == 0
    at_gateway(paid, captured=1)
    paid.gateway.fail_with = None

    assert compare(paid) == 1
