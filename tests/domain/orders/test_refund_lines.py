"""Money back by line and delivery: to the cent, never more than was paid, and what was not sent is free again."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.orders.commands import refund_lines, request_refund, settle_refund, ship
from domain.orders.commands.refund_lines import owed
from domain.orders.errors import CannotRefund, NothingToRefund
from domain.orders.queries import AdminOrder, admin_order
from domain.payments.errors import RefundTooHigh
from domain.payments.gateways.port import RefundOutcome
from tests.domain.orders.books import state, stock
from tests.factories.catalog import MadeProduct, make_product
from tests.factories.orders import make_order

REASON = {"reason": "Broken", "actor": "staff"}


@pytest.fixture
def mug(session: Session) -> MadeProduct:
    return make_product(session, sku="MUG", price=333, on_hand=10)


@pytest.fixture
def order(session: Session, mug: MadeProduct) -> AdminOrder:
    return admin_order(session, make_order(session, sku="MUG", quantity=3, paid=True).number)


def refunded(session: Session, order: AdminOrder) -> int:
    return int(
        session.scalar(text("SELECT refunded FROM payments.payments WHERE order_id = :id"), {"id": order.id}) or 0
    )


def settle(session: Session, refund_id, state: str = "succeeded") -> None:
    outcome = RefundOutcome(state=state, failure_message="No." if state == "failed" else None)
    settle_refund(session, refund_id=refund_id, outcome=outcome)


@given(
    price=st.integers(0, 10**9), splits=st.lists(st.integers(1, 20), min_size=1, max_size=8),
)  # fmt: skip
def test_any_split_of_a_line_sums_to_its_price(price: int, splits: list[int]) -> None:
    quantity, units, given_back = sum(splits), 0, 0
    for split in splits:
        units += split
        part = owed(price, quantity, units, given_back)
        assert part >= 0
        given_back += part
        assert given_back <= price

    assert given_back == price


def test_one_unit_of_three_is_a_third_and_is_not_sent_any_more(
    session: Session, order: AdminOrder, mug: MadeProduct
) -> None:
    refund_lines(session, order_id=order.id, quantities={order.lines[0].id: 1}, **REASON)

    assert refunded(session, order) == 333
    assert stock(session, mug.variant_id) == (10, 2)
    ship(session, order_id=order.id, actor="staff", carrier="An Post", tracking_number="1")
    assert stock(session, mug.variant_id) == (8, 0)
    assert admin_order(session, order.number).lines[0].left == 0
    assert state(session, order.id) == "shipped"


@pytest.mark.parametrize("seed", range(6))
def test_an_order_refunded_piece_by_piece_gives_back_exactly_what_was_paid(session: Session, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - no secret
    make_product(session, sku="ODD", price=draw.choice([101, 997, 3333]), on_hand=50)
    placed = make_order(session, sku="ODD", quantity=7, paid=True)
    order = admin_order(session, placed.number)
    line, left, delivery = order.lines[0], 7, order.delivery.amount
    while left or delivery:
        units = min(left, draw.randint(0, 3))
        share = min(delivery, draw.randint(0, 400))
        if not units and not share:
            continue
        refund_id = refund_lines(session, order_id=order.id, quantities={line.id: units}, delivery=share, **REASON)
        left, delivery = left - units, delivery - share
        settle(session, refund_id)

    assert refunded(session, order) == order.total.amount
    assert state(session, order.id) == "refunded"
    tax = session.scalar(text("SELECT sum(tax) FROM orders.refund_parts WHERE order_id = :id"), {"id": order.id})
    assert tax == order.tax.amount


def test_what_the_gateway_refused_can_be_asked_back_again(session: Session, order: AdminOrder) -> None:
    everything = {"quantities": {order.lines[0].id: 3}, "delivery": order.delivery.amount}
    settle(session, refund_lines(session, order_id=order.id, **everything, **REASON), "failed")
    assert refunded(session, order) == 0

    settle(session, refund_lines(session, order_id=order.id, **everything, **REASON))

    assert refunded(session, order) == order.total.amount
    assert state(session, order.id) == "refunded"


def test_no_unit_is_refunded_twice_and_nothing_beyond_what_was_paid(session: Session, order: AdminOrder) -> None:
    line = order.lines[0].id
    refund_lines(session, order_id=order.id, quantities={line: 2}, **REASON)

    with pytest.raises(CannotRefund, match="1 of 3 can still be refunded"):
        refund_lines(session, order_id=order.id, quantities={line: 2}, **REASON)
    with pytest.raises(CannotRefund, match="beyond what was paid"):
        refund_lines(session, order_id=order.id, quantities={}, delivery=order.delivery.amount + 1, **REASON)
    with pytest.raises(CannotRefund, match="at least one item"):
        refund_lines(session, order_id=order.id, quantities={}, **REASON)
    request_refund(session, order_id=order.id, amount=order.total.amount - 666, **REASON)
    with pytest.raises(NothingToRefund):
        refund_lines(session, order_id=order.id, quantities={line: 1}, **REASON)


def test_a_goodwill_amount_and_a_line_together_stay_within_what_was_paid(session: Session, order: AdminOrder) -> None:
    request_refund(session, order_id=order.id, amount=order.total.amount - 100, **REASON)

    with pytest.raises(RefundTooHigh):
        refund_lines(session, order_id=order.id, quantities={order.lines[0].id: 1}, **REASON)


def test_refunded_units_can_be_written_off(session: Session, order: AdminOrder, mug: MadeProduct) -> None:
    refund_lines(session, order_id=order.id, quantities={order.lines[0].id: 1}, restock=False, **REASON)

    assert stock(session, mug.variant_id) == (9, 2)


def test_refunding_the_rest_of_a_partly_sent_order_completes_it(
    session: Session, order: AdminOrder, mug: MadeProduct
) -> None:
    line = order.lines[0].id
    ship(session, order_id=order.id, actor="staff", carrier="An Post", tracking_number="1", quantities={line: 1})
    refund_lines(session, order_id=order.id, quantities={line: 2}, **REASON)

    assert state(session, order.id) == "shipped"
    assert stock(session, mug.variant_id) == (9, 0)


def test_an_order_that_was_not_paid_has_nothing_to_give_back(session: Session, mug: MadeProduct) -> None:
    order = admin_order(session, make_order(session, sku="MUG").number)

    with pytest.raises(NothingToRefund):
        refund_lines(session, order_id=order.id, quantities={order.lines[0].id: 1}, **REASON)
