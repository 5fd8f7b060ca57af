"""Promotions on real orders: what an order uses up, what it gives back, and what the shopper is asked again."""

from datetime import timedelta

import pytest

from domain.cart.commands import add_line, change_line, save_contact
from domain.orders.commands import cancel, open_payment, remove_code, settle_payment
from domain.orders.errors import QuoteChanged
from domain.orders.queries import admin_order, order_page
from domain.orders.queries.letter import order_letter
from domain.payments.gateways.port import Outcome
from domain.promotions.commands import end_promotion
from domain.promotions.errors import CodeRefused
from domain.promotions.kinds import FREE_DELIVERY
from domain.shared.db import utcnow
from tests.domain.orders.books import row
from tests.domain.promotions.carts import enter, summary, used
from tests.factories.cart import make_checkout
from tests.factories.catalog import make_category, make_product
from tests.factories.orders import agree, make_order, pay, place
from tests.factories.promotions import make_promotion


def test_an_order_keeps_what_was_taken_off_by_name_and_line(session):
    make_product(session, sku="MUG", price=1000)
    make_product(session, sku="JUG", price=2000)
    ten = make_promotion(session, "ten", name="Ten per cent", limit_total=5)
    post = make_promotion(session, kind=FREE_DELIVERY, name="November post", priority=3)
    cart_id = make_checkout(session, sku="MUG")
    add_line(session, cart_id=cart_id, sku="JUG", quantity=1)
    enter(session, cart_id, " Ten ")

    placed = place(session, agree(session, cart_id))

    page = order_page(session, placed.number, access_key=placed.access_key)
    assert (page.discount.amount, page.delivery.amount, page.total.amount) == (300, 0, 2700)
    shown = [(one.label, one.code, one.amount.amount, one.free_delivery) for one in page.discounts]
    assert shown == [("November post", None, 0, True), ("Ten per cent", "TEN", 300, False)]
    assert admin_order(session, placed.number).discounts == page.discounts
    letter = order_letter(session, placed.order_id)
    assert [one["label"] for one in letter.discounts] == ["November post", "Ten per cent"]
    assert [line.discount.amount for line in page.lines] == [100, 200]
    [kept] = row(session, "SELECT discounts FROM orders.orders WHERE id = :id", id=placed.order_id)
    assert [one["shares"] for one in kept] == [[0, 0], [100, 200]]
    assert (used(session, ten), used(session, post)) == ((1, 1, 1), (0, 1, 1))


def test_a_code_works_below_its_category_and_waits_for_what_is_missing(session):
    kitchen = make_category(session, "kitchen")
    make_product(session, sku="MUG", price=1200)
    make_product(session, sku="VASE", price=9000, category="living/vases")
    make_promotion(session, "KITCHEN", category_ids=(kitchen,), min_subtotal=2000)
    cart_id = make_checkout(session, sku="MUG")
    add_line(session, cart_id=cart_id, sku="VASE", quantity=1)

    waiting = enter(session, cart_id, "kitchen")
    add_line(session, cart_id=cart_id, sku="MUG", quantity=1)
    found = summary(session, cart_id)

    assert (waiting.code, waiting.quote.discount.amount) == ("KITCHEN", 0)
    assert waiting.code_problem == "KITCHEN needs €20.00 of Kitchen in your cart: €8.00 more to go."
    assert (found.code_problem, found.quote.discount.amount) == (None, 240)


def test_a_refused_code_is_said_and_given_up_by_the_callers_rollback(session):
    cart_id = make_checkout(session)
    make_promotion(session, "OLD", ends_at=utcnow() - timedelta(days=1))

    for code, message in (("nosuch", "We do not know"), ("old", "OLD ended on"), ("  ", "Enter a code")):
        with pytest.raises(CodeRefused, match=message), session.begin_nested():
            enter(session, cart_id, code)
    assert summary(session, cart_id).code is None


def test_another_code_takes_the_place_of_the_first_and_can_be_taken_out(session):
    cart_id = make_checkout(session)
    make_promotion(session, "ONE", name="One")
    make_promotion(session, "TWO", name="Two")
    enter(session, cart_id, "one")
    first = summary(session, cart_id).checkout.token

    assert [one.label for one in enter(session, cart_id, "two").quote.discounts] == ["Two"]
    assert summary(session, cart_id).checkout.token != first
    remove_code(session, cart_id=cart_id)
    assert (summary(session, cart_id).code, summary(session, cart_id).quote.discount.amount) == (None, 0)


def test_a_code_that_ends_between_review_and_pay_is_asked_again_and_nothing_is_used(session):
    ten = make_promotion(session, "TEN", limit_total=5)
    cart_id = make_checkout(session)
    enter(session, cart_id, "ten")
    agreed = agree(session, cart_id)
    end_promotion(session, promotion_id=ten)

    with pytest.raises(QuoteChanged, match="TEN is no longer valid"), session.begin_nested():
        place(session, agreed)

    assert used(session, ten) == (0, 0, 0)
    assert row(session, "SELECT count(*) FROM orders.orders") == (0,)


def test_a_promotion_that_begins_after_the_review_is_asked_too(session):
    cart_id = make_checkout(session)
    agreed = agree(session, cart_id)
    make_promotion(session)

    with pytest.raises(QuoteChanged):
        place(session, agreed)


def test_a_customer_is_known_by_address_even_as_a_guest(session):
    once = make_promotion(session, "ONCE", limit_per_customer=1)
    make_product(session, sku="MUG")
    first = make_checkout(session, sku="MUG", email="ada@example.com")
    enter(session, first, "once")
    pay(session, place(session, agree(session, first)).order_id)

    again = make_checkout(session, sku="MUG", email="Ada+2@Example.com")
    with pytest.raises(CodeRefused, match="You have used ONCE already"):
        enter(session, again, "once")
    other = make_checkout(session, sku="MUG", email="bea@example.com")
    assert enter(session, other, "once").quote.discount.amount == 100
    assert used(session, once) == (0, 1, 1)


def test_a_code_entered_before_the_address_is_looked_at_again_with_it(session):
    make_promotion(session, "ONCE", limit_per_customer=1)
    make_product(session, sku="MUG")
    first = make_checkout(session, sku="MUG", email="ada@example.com")
    enter(session, first, "once")
    place(session, agree(session, first))
    again = make_checkout(session, sku="MUG", email="guest@example.com")
    enter(session, again, "once")

    save_contact(session, cart_id=again, email="ada@example.com")

    found = summary(session, again)
    assert (found.quote.discount.amount, found.code) == (0, "ONCE")
    assert found.code_problem == "You have used ONCE already. It is good for once per customer."


def test_a_first_order_is_the_first_that_stands(session):
    make_promotion(session, "HELLO", first_order=True)
    make_product(session, sku="MUG")
    given_up = make_order(session, sku="MUG", email="ada@example.com")
    cancel(session, order_id=given_up.order_id, actor="owner", reason="Asked")
    cart_id = make_checkout(session, sku="MUG", email="ada@example.com")
    assert enter(session, cart_id, "hello").quote.discount.amount == 100
    place(session, agree(session, cart_id))

    later = make_checkout(session, sku="MUG", email="ada@example.com")
    with pytest.raises(CodeRefused, match="HELLO is for a first order only"):
        enter(session, later, "hello")


def test_an_unpaid_order_that_is_cancelled_gives_back_what_it_used(session):
    ten = make_promotion(session, "TEN", limit_total=1, limit_per_customer=1)
    cart_id = make_checkout(session)
    enter(session, cart_id, "ten")
    placed = place(session, agree(session, cart_id))
    assert used(session, ten) == (1, 1, 1)

    for _ in range(2):
        cancel(session, order_id=placed.order_id, actor="owner", reason="Asked")

    assert used(session, ten) == (0, 0, 0)
    assert summary(session, cart_id).quote.discount.amount == 100


def test_a_paid_order_that_is_cancelled_keeps_its_use(session):
    ten = make_promotion(session, "TEN", limit_total=1)
    cart_id = make_checkout(session)
    enter(session, cart_id, "ten")
    placed = place(session, agree(session, cart_id))
    pay(session, placed.order_id)

    cancel(session, order_id=placed.order_id, actor="owner", reason="Asked")

    assert used(session, ten) == (1, 1, 1)


def test_a_shopper_who_comes_back_to_change_the_cart_keeps_their_own_last_use(session):
    ten = make_promotion(session, "TEN", limit_total=1, limit_per_customer=1)
    mug = make_product(session, sku="MUG")
    cart_id = make_checkout(session, sku="MUG")
    enter(session, cart_id, "ten")
    place(session, agree(session, cart_id))

    change_line(session, cart_id=cart_id, variant_id=mug.variant_id, quantity=2)
    found = summary(session, cart_id)
    assert (found.code_problem, found.quote.discount.amount) == (None, 200)
    place(session, agree(session, cart_id))

    assert used(session, ten) == (1, 1, 1)
    remove_code(session, cart_id=cart_id)
    place(session, agree(session, cart_id))
    assert used(session, ten) == (0, 0, 0)


def test_an_order_paid_after_it_was_given_up_uses_its_promotion_again(session):
    ten = make_promotion(session, "TEN", limit_total=1)
    cart_id = make_checkout(session)
    enter(session, cart_id, "ten")
    placed = place(session, agree(session, cart_id))
    late = _pay_late(session, placed)

    assert (late, used(session, ten)) == (("paid", 1390), (1, 1, 1))


def test_an_order_paid_too_late_for_its_promotion_gets_its_money_back(session):
    ten = make_promotion(session, "TEN", limit_total=1)
    make_product(session, sku="MUG")
    ready = [make_checkout(session, sku="MUG", email=f"{name}@example.com") for name in ("ada", "bea")]
    for cart_id in ready:
        enter(session, cart_id, "ten")
    first = place(session, agree(session, ready[0]))

    def meanwhile() -> None:
        place(session, agree(session, ready[1]))

    assert _pay_late(session, first, meanwhile) == ("cancelled", 0)
    assert used(session, ten) == (1, 1, 1)
    assert row(session, "SELECT reserved FROM catalog.stock") == (1,)


def _pay_late(session, placed, meanwhile=lambda: None) -> tuple[str, int]:
    """Let an order be given up, and its payment arrive after that; returns its state and what is kept."""
    payment = open_payment(session, order_id=placed.order_id).payment
    cancel(session, order_id=placed.order_id, actor="system", reason="It was not paid in time.")
    meanwhile()
    outcome = Outcome(state="captured", captured=payment.amount.amount, reference="mem")
    settle_payment(session, payment_id=payment.id, outcome=outcome)
    session.flush()
    return row(
        session,
        "SELECT o.state, p.captured - p.refunded FROM orders.orders o JOIN payments.payments p ON p.order_id = o.id "
        "WHERE o.id = :id",
        id=placed.order_id,
    )


def test_a_hundred_per_cent_code_leaves_nothing_to_pay(session):
    make_promotion(session, "GIFT", basis_points=10_000)
    make_promotion(session, kind=FREE_DELIVERY, name="Post")
    make_product(session, sku="MUG", price=1333)
    cart_id = make_checkout(session, sku="MUG", quantity=3)
    enter(session, cart_id, "gift")

    placed = place(session, agree(session, cart_id))

    assert row(session, "SELECT state, total, tax FROM orders.orders WHERE id = :id", id=placed.order_id) == (
        "paid", 0, 0,
    )  # fmt: skip
