"""Paying orders: what a gateway's news does, however often, however late."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.cart.commands import change_line
from domain.catalog.commands.stock import correct
from domain.orders.commands import cancel, open_payment, request_refund, settle_payment, settle_refund
from domain.orders.errors import CannotPay, CannotRefund, NothingToRefund
from domain.orders.queries import order_page
from domain.payments import queries as payments
from domain.payments.errors import NoSuchPayment, RefundTooHigh
from domain.payments.gateways.port import Outcome, RefundOutcome
from domain.shared.db import utcnow
from tests.domain.orders.books import count, events, kinds, row, state, stock
from tests.factories.cart import make_checkout
from tests.factories.catalog import make_product
from tests.factories.orders import agree, make_order, place

TOTAL = 1490


def captured(amount: int = TOTAL, **values) -> Outcome:
    return Outcome(state="captured", captured=amount, reference=f"mem_{uuid4()}", **values)


def attempt(session, order_id):
    return open_payment(session, order_id=order_id).payment.id


def refunds(session):
    found = session.connection().exec_driver_sql("SELECT amount, state, reason FROM payments.refunds ORDER BY id")
    return [tuple(one) for one in found]


def test_a_captured_payment_pays_the_order_once_and_empties_the_cart(session):
    mug = make_product(session, sku="MUG")
    placed = make_order(session, sku="MUG")
    payment_id = attempt(session, placed.order_id)

    assert settle_payment(session, payment_id=payment_id, outcome=captured())
    assert not settle_payment(session, payment_id=payment_id, outcome=captured())

    assert state(session, placed.order_id) == "paid"
    assert events(session) == ["order_placed", "order_paid"]
    assert kinds(session, placed.order_id) == ["placed", "paid"]
    assert (count(session, "cart.carts"), count(session, "payments.payments")) == (0, 1)
    assert stock(session, mug.variant_id) == (10, 1)


@pytest.mark.parametrize("late", ["pending", "authorised", "failed"])
def test_news_that_comes_late_takes_nothing_back(session, late):
    mug = make_product(session, sku="MUG")
    placed = make_order(session, sku="MUG")
    payment_id = attempt(session, placed.order_id)
    settle_payment(session, payment_id=payment_id, outcome=captured())
    paid = "SELECT state, captured, refunded, reference FROM payments.payments"
    before = row(session, paid), events(session), stock(session, mug.variant_id)

    assert not settle_payment(session, payment_id=payment_id, outcome=Outcome(state=late, reference="mem_late"))

    assert (row(session, paid), events(session), stock(session, mug.variant_id)) == before
    assert (before[0][:3], state(session, placed.order_id)) == (("captured", TOTAL, 0), "paid")


def test_a_refused_payment_leaves_the_order_to_be_paid_again(session):
    placed = make_order(session)
    first = attempt(session, placed.order_id)

    refused = Outcome(state="failed", failure_code="card_declined", failure_message="Your bank declined the card.")
    settle_payment(session, payment_id=first, outcome=refused)

    page = order_page(session, placed.number, access_key=placed.access_key)
    assert (page.state, page.payment.can_retry, page.payment.failure_message) == (
        "placed", True, "Your bank declined the card.",
    )  # fmt: skip
    assert events(session) == ["order_placed", "payment_failed"]
    assert attempt(session, placed.order_id) != first
    assert count(session, "cart.carts") == 1


def test_there_is_one_open_attempt_at_a_time(session):
    placed = make_order(session)

    assert attempt(session, placed.order_id) == attempt(session, placed.order_id)
    page = order_page(session, placed.number, access_key=placed.access_key)
    assert (page.payment.pending, page.payment.can_retry) == (True, False)


def test_news_that_come_late_or_shuffled_change_nothing(session):
    placed = make_order(session)
    payment_id = attempt(session, placed.order_id)
    settle_payment(session, payment_id=payment_id, outcome=captured())

    for word in ("pending", "failed", "cancelled", "unknown", "authorised", "missing"):
        assert not settle_payment(session, payment_id=payment_id, outcome=Outcome(state=word))

    assert (state(session, placed.order_id), events(session)) == ("paid", ["order_placed", "order_paid"])


def test_money_after_a_refusal_counts(session):
    placed = make_order(session)
    payment_id = attempt(session, placed.order_id)
    settle_payment(session, payment_id=payment_id, outcome=Outcome(state="failed"))

    settle_payment(session, payment_id=payment_id, outcome=captured())

    assert state(session, placed.order_id) == "paid"


def test_a_second_charge_for_the_same_order_goes_back_by_itself(session):
    placed = make_order(session)
    first = attempt(session, placed.order_id)
    settle_payment(session, payment_id=first, outcome=Outcome(state="failed"))
    second = attempt(session, placed.order_id)
    settle_payment(session, payment_id=second, outcome=captured())

    settle_payment(session, payment_id=first, outcome=captured())

    assert state(session, placed.order_id) == "paid"
    assert refunds(session) == [(TOTAL, "requested", "The order was paid already.")]
    assert events(session)[-2:] == ["refund_requested", "payment_returned"]


@pytest.mark.parametrize("amount", [TOTAL - 1, TOTAL + 1])
def test_a_wrong_amount_never_pays_the_order_and_goes_back(session, amount):
    placed = make_order(session)
    payment_id = attempt(session, placed.order_id)

    settle_payment(session, payment_id=payment_id, outcome=captured(amount))

    assert state(session, placed.order_id) == "placed"
    assert refunds(session) == [(amount, "requested", "The amount that arrived is not the order's total.")]


def test_a_payment_after_the_cancellation_takes_the_stock_again(session):
    mug = make_product(session, sku="MUG", on_hand=1)
    placed = make_order(session, sku="MUG")
    payment_id = attempt(session, placed.order_id)
    cancel(session, order_id=placed.order_id, actor="system", reason="It was not paid in time.")
    assert stock(session, mug.variant_id) == (1, 0)

    settle_payment(session, payment_id=payment_id, outcome=captured())

    assert (state(session, placed.order_id), stock(session, mug.variant_id)) == ("paid", (1, 1))
    assert refunds(session) == []


def test_a_payment_after_the_cancellation_goes_back_where_the_stock_is_gone(session):
    mug = make_product(session, sku="MUG", on_hand=1)
    placed = make_order(session, sku="MUG")
    payment_id = attempt(session, placed.order_id)
    cancel(session, order_id=placed.order_id, actor="system", reason="It was not paid in time.")
    correct(session, variant_id=mug.variant_id, on_hand=0, reason="counted", actor="test")

    settle_payment(session, payment_id=payment_id, outcome=captured())
    settle_payment(session, payment_id=payment_id, outcome=captured())

    assert (state(session, placed.order_id), stock(session, mug.variant_id)) == ("cancelled", (0, 0))
    assert [(amount, how) for amount, how, _ in refunds(session)] == [(TOTAL, "requested")]
    assert kinds(session, placed.order_id)[-2:] == ["payment_returned", "refund_requested"]


@pytest.mark.parametrize("who", ["shopper", "owner@example.com"])
def test_a_payment_for_an_order_that_somebody_cancelled_goes_back(session, who):
    mug = make_product(session, sku="MUG")
    placed = make_order(session, sku="MUG")
    payment_id = attempt(session, placed.order_id)
    cancel(session, order_id=placed.order_id, actor=who, reason="Changed my mind.")

    settle_payment(session, payment_id=payment_id, outcome=captured())
    settle_payment(session, payment_id=payment_id, outcome=captured())

    assert (state(session, placed.order_id), stock(session, mug.variant_id)) == ("cancelled", (10, 0))
    assert refunds(session) == [(TOTAL, "requested", "The order was cancelled before the payment arrived.")]


def test_a_second_charge_does_not_revive_an_order_that_was_paid_and_cancelled(session):
    mug = make_product(session, sku="MUG")
    placed = make_order(session, sku="MUG")
    first = attempt(session, placed.order_id)
    settle_payment(session, payment_id=first, outcome=Outcome(state="failed"))
    second = attempt(session, placed.order_id)
    settle_payment(session, payment_id=second, outcome=captured())
    cancel(session, order_id=placed.order_id, actor="system", reason="Broken in the store.")

    settle_payment(session, payment_id=first, outcome=captured())

    assert (state(session, placed.order_id), stock(session, mug.variant_id)) == ("cancelled", (10, 0))
    assert [amount for amount, _, _ in refunds(session)] == [TOTAL, TOTAL]


def test_a_payment_for_a_replaced_order_goes_back(session):
    mug = make_product(session, sku="MUG")
    cart_id = make_checkout(session, sku="MUG")
    first = place(session, agree(session, cart_id))
    payment_id = attempt(session, first.order_id)
    change_line(session, cart_id=cart_id, variant_id=mug.variant_id, quantity=2)
    second = place(session, agree(session, cart_id))

    settle_payment(session, payment_id=payment_id, outcome=captured())

    assert (state(session, first.order_id), state(session, second.order_id)) == ("cancelled", "placed")
    assert refunds(session) == [(TOTAL, "requested", "Another order has replaced this one.")]
    assert stock(session, mug.variant_id) == (10, 2)


def test_of_two_late_payments_for_one_cart_one_is_kept(session):
    mug = make_product(session, sku="MUG")
    cart_id = make_checkout(session, sku="MUG")
    first = place(session, agree(session, cart_id))
    first_payment = attempt(session, first.order_id)
    change_line(session, cart_id=cart_id, variant_id=mug.variant_id, quantity=2)
    second = place(session, agree(session, cart_id))
    second_payment = attempt(session, second.order_id)
    cancel(session, order_id=second.order_id, actor="system", reason="It was not paid in time.")

    settle_payment(session, payment_id=first_payment, outcome=captured())
    settle_payment(session, payment_id=second_payment, outcome=captured(2490))

    assert (state(session, first.order_id), state(session, second.order_id)) == ("paid", "cancelled")
    assert refunds(session) == [(2490, "requested", "Another order has replaced this one.")]
    assert stock(session, mug.variant_id) == (10, 1)


def test_only_an_order_that_stands_can_be_paid(session):
    placed = make_order(session)
    with pytest.raises(CannotPay):
        open_payment(session, order_id=placed.order_id, now=utcnow() + timedelta(hours=1))
    cancel(session, order_id=placed.order_id, actor="shopper", reason="")
    with pytest.raises(CannotPay):
        open_payment(session, order_id=placed.order_id)
    with pytest.raises(NoSuchPayment):
        settle_payment(session, payment_id=uuid4(), outcome=captured())

    paid = make_order(session, paid=True)
    assert open_payment(session, order_id=paid.order_id).payment is None


def test_an_attempt_prolongs_the_order_but_not_for_ever(session):
    now = utcnow()
    placed = make_order(session, now=now)

    def expires():
        return row(session, "SELECT expires_at FROM orders.orders")[0]

    open_payment(session, order_id=placed.order_id, now=now + timedelta(minutes=29))
    session.flush()
    assert expires() == now + timedelta(minutes=44)
    for minutes in (43, 57, 71, 85, 99, 113):
        open_payment(session, order_id=placed.order_id, now=now + timedelta(minutes=minutes))
        session.flush()
    assert expires() == now + timedelta(minutes=120)


def test_a_refund_is_asked_for_carried_out_and_settled_once(session):
    mug = make_product(session, sku="MUG")
    placed = make_order(session, sku="MUG", paid=True)

    refund_id = request_refund(session, order_id=placed.order_id, reason="Broken", actor="owner@shop.test")
    settle_refund(session, refund_id=refund_id, outcome=RefundOutcome(state="succeeded", reference="r1"))
    settle_refund(session, refund_id=refund_id, outcome=RefundOutcome(state="succeeded", reference="r1"))

    assert (state(session, placed.order_id), stock(session, mug.variant_id)) == ("refunded", (10, 0))
    assert events(session) == ["order_placed", "order_paid", "refund_requested", "order_refunded"]
    with pytest.raises(NothingToRefund):
        request_refund(session, order_id=placed.order_id, reason="Again", actor="owner@shop.test")


def test_parts_are_refunded_and_never_more_than_was_paid(session):
    placed = make_order(session, paid=True)
    ask = {"order_id": placed.order_id, "reason": "Scratch", "actor": "owner@shop.test"}

    first = request_refund(session, amount=1000, **ask)
    with pytest.raises(RefundTooHigh) as refusal:
        request_refund(session, amount=491, **ask)
    for amount in (0, -5):
        with pytest.raises(CannotRefund):
            request_refund(session, amount=amount, **ask)
    settle_refund(session, refund_id=first, outcome=RefundOutcome(state="succeeded"))

    assert refusal.value.left == 490
    assert state(session, placed.order_id) == "paid"
    last = request_refund(session, amount=490, **ask)
    settle_refund(session, refund_id=last, outcome=RefundOutcome(state="succeeded"))
    assert state(session, placed.order_id) == "refunded"


def test_a_refused_refund_can_be_asked_for_again(session):
    placed = make_order(session, paid=True)
    refund_id = request_refund(session, order_id=placed.order_id, reason="Broken", actor="owner@shop.test")

    settle_refund(session, refund_id=refund_id, outcome=RefundOutcome(state="failed", failure_message="No."))

    assert (state(session, placed.order_id), events(session)[-1]) == ("paid", "refund_failed")
    assert payments.refund(session, refund_id).failure_message == "No."
    assert request_refund(session, order_id=placed.order_id, reason="Again", actor="owner@shop.test") != refund_id


def test_an_unpaid_order_has_nothing_to_refund(session):
    placed = make_order(session)

    with pytest.raises(NothingToRefund):
        request_refund(session, order_id=placed.order_id, reason="?", actor="owner@shop.test")
