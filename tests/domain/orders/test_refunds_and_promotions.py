"""Money back from orders with promotions: by the numbers of shops that got it wrong, and to exactly what was paid."""

import random
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.cart.commands import add_line
from domain.orders.commands import refund_lines, request_refund, settle_refund
from domain.orders.errors import CannotRefund, NothingToRefund
from domain.orders.queries import AdminOrder, admin_order
from domain.payments.gateways.port import RefundOutcome
from domain.promotions.kinds import AMOUNT, BUY_GET, FREE_DELIVERY
from tests.domain.orders.books import state
from tests.domain.promotions.carts import enter, used
from tests.factories.cart import make_checkout, make_terms
from tests.factories.catalog import make_product
from tests.factories.delivery import make_rate
from tests.factories.orders import agree, pay, place
from tests.factories.promotions import make_promotion

REASON = {"reason": "Broken", "actor": "staff"}


def ordered(session: Session, *lines: tuple[str, int], code: str | None = None) -> AdminOrder:
    """Order so many of each SKU, with a code if there is one, and pay."""
    cart_id = make_checkout(session, sku=lines[0][0], quantity=lines[0][1])
    for sku, quantity in lines[1:]:
        add_line(session, cart_id=cart_id, sku=sku, quantity=quantity)
    if code:
        enter(session, cart_id, code)
    placed = place(session, agree(session, cart_id))
    pay(session, placed.order_id)
    return admin_order(session, placed.number)


def line_of(order: AdminOrder, sku: str) -> UUID:
    return next(line.id for line in order.lines if line.sku == sku)


def give_back(session: Session, order: AdminOrder, sku: str = "", units: int = 0, *, delivery: int = 0) -> int:
    """Refund so many units of a line and so much of the delivery; returns the amount, which the gateway has paid."""
    quantities = {line_of(order, sku): units} if units else {}
    refund_id = refund_lines(session, order_id=order.id, quantities=quantities, delivery=delivery, **REASON)
    settle_refund(session, refund_id=refund_id, outcome=RefundOutcome(state="succeeded"))
    return int(session.scalar(text("SELECT amount FROM payments.refunds WHERE id = :id"), {"id": refund_id}) or 0)


def tax_of(session: Session) -> list[int]:
    return list(session.scalars(text("SELECT tax FROM orders.refund_parts ORDER BY id")))


def test_one_of_eight_at_ten_per_cent_off_gives_back_what_it_cost(session: Session) -> None:
    # 8 at 399.00 less 10 %: another shop took the discount of the seven that stayed off wrongly, at 244.39.
    make_product(session, sku="MUG", price=39900, on_hand=9)
    make_promotion(session, "TEN")
    order = ordered(session, ("MUG", 8), code="TEN")
    assert order.discount.amount == 31920

    assert give_back(session, order, "MUG", 1) == 35910
    assert order.lines[0].total.amount - 35910 == 7 * 39900 - 27930
    assert give_back(session, order, "MUG", 7) == 7 * 35910


def test_the_share_of_a_line_goes_back_with_it_and_is_not_passed_on_to_the_others(session: Session) -> None:
    # Ten euros off 36.00 and 24.00: six fall on the first. Another shop gave the others the discount once more.
    make_product(session, sku="MUG", price=1200, on_hand=9)
    make_product(session, sku="JUG", price=2400, on_hand=9)
    make_promotion(session, "TENNER", kind=AMOUNT, amount=1000)
    order = ordered(session, ("MUG", 3), ("JUG", 1), code="TENNER")

    assert give_back(session, order, "MUG", 3) == 3600 - 600
    assert give_back(session, order, "JUG", 1) == 2400 - 400
    assert give_back(session, order, delivery=490) == 490
    assert state(session, order.id) == "refunded"


def test_any_one_of_three_for_the_price_of_two_costs_two_thirds(session: Session) -> None:
    make_product(session, sku="MUG", price=1000, on_hand=9)
    make_promotion(session, kind=BUY_GET, buy=2, get=1)
    order = ordered(session, ("MUG", 3))
    assert order.discount.amount == 1000

    assert [give_back(session, order, "MUG", 1) for _ in range(3)] == [667, 666, 667]


def test_delivery_that_was_free_is_not_given_back(session: Session) -> None:
    make_product(session, sku="MUG", price=1000, on_hand=9)
    make_promotion(session, kind=FREE_DELIVERY)
    order = ordered(session, ("MUG", 1))

    with pytest.raises(CannotRefund):
        give_back(session, order, delivery=1)
    assert give_back(session, order, "MUG", 1) == 1000
    with pytest.raises(NothingToRefund):
        give_back(session, order, "MUG", 1)


def test_of_two_items_the_tax_of_the_one_goes_back_and_none_of_the_delivery(session: Session) -> None:
    make_terms(session, price=500)
    make_rate(session, "IE", 1000, "reduced")
    make_product(session, sku="TEN", price=5350, on_hand=9)
    make_product(session, sku="ELEVEN", price=12100, on_hand=9, tax_class="reduced")
    order = ordered(session, ("TEN", 1), ("ELEVEN", 1))

    assert give_back(session, order, "ELEVEN", 1) == 12100
    assert tax_of(session) == [1100]
    assert give_back(session, order, "TEN", 1) == 5350
    assert tax_of(session) == [1100, 1000]
    # The price of the delivery has its tax in it: all of 5.00 can go back, not what is left without tax.
    assert give_back(session, order, delivery=500) == 500
    assert sum(tax_of(session)) == order.tax.amount


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_promotions_piece_by_piece_gives_back_what_was_paid_and_no_more(
    session: Session, seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311 - no secret
    make_rate(session, "IE", 900, "reduced")
    for sku in ("A", "B", "C"):
        tax_class = draw.choice(["standard", "reduced"])
        make_product(session, sku=sku, price=draw.randint(1, 5000), on_hand=50, tax_class=tax_class)
    code = make_promotion(session, "CODE", basis_points=draw.randint(1, 9999), limit_total=1)
    make_promotion(session, kind=AMOUNT, amount=draw.randint(1, 300), priority=2)
    make_promotion(session, kind=BUY_GET, buy=2, get=1, priority=draw.choice([1, 3]))
    order = ordered(session, *((sku, draw.randint(1, 7)) for sku in ("A", "B", "C")), code="CODE")

    total, units = 0, [line.sku for line in order.lines for _ in range(line.quantity)]
    draw.shuffle(units)
    free = {line.sku for line in order.lines if line.total.amount < line.quantity}  # single units may cost nothing
    for sku in units:
        if sku not in free:
            total += give_back(session, order, sku, 1)
    for sku in sorted(free):
        line = next(line for line in order.lines if line.sku == sku)
        if line.total.amount:
            total += give_back(session, order, sku, line.quantity)
    total += give_back(session, order, delivery=order.delivery.amount) if order.delivery.amount else 0

    assert total == order.total.amount
    assert sum(tax_of(session)) == order.tax.amount
    assert state(session, order.id) == "refunded"
    assert used(session, code)[0] == sum(one.code == "CODE" for one in order.discounts), "what was paid stays used"
    with pytest.raises(NothingToRefund):
        request_refund(session, order_id=order.id, amount=1, **REASON)
