"""Placing orders."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.cart import commands as cart
from domain.cart.queries import view_cart
from domain.catalog.commands import set_price
from domain.catalog.commands.stock import correct
from domain.orders.commands import open_payment
from domain.orders.errors import EmptyCart, IncompleteCheckout, OutOfStock, QuoteChanged
from domain.orders.queries import order_page
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.money import Money
from tests.domain.orders.books import count, events, kinds, state, stock
from tests.factories.cart import ADDRESS, make_cart, make_checkout, make_terms
from tests.factories.catalog import make_product
from tests.factories.orders import agree, make_order, pay, place


def test_an_order_is_a_snapshot_of_what_was_agreed(session):
    mug = make_product(session, sku="MUG", title="Stone mug", price=1450, on_hand=10)
    cart_id = make_checkout(session, sku="MUG", quantity=2)

    placed = place(session, agree(session, cart_id))
    set_price(session, variant_id=mug.variant_id, price=9900, compare_at=None)

    assert placed.created
    order = order_page(session, placed.number, access_key=placed.access_key)
    assert (order.state, order.subtotal, order.delivery, order.total) == (
        "placed", Money(2900, "EUR"), Money(490, "EUR"), Money(3390, "EUR"),
    )  # fmt: skip
    assert order.tax == Money(634, "EUR")
    assert [(line.sku, line.title, line.quantity, line.total) for line in order.lines] == [
        ("MUG", "Stone mug", 2, Money(2900, "EUR"))
    ]
    assert (order.email, order.shipping_address, order.billing_address) == ("aoife@example.com", ADDRESS, ADDRESS)
    assert stock(session, mug.variant_id) == (10, 2)
    assert events(session) == ["order_placed"]
    assert kinds(session, placed.order_id) == ["placed"]
    assert view_cart(session, cart_id, currency="EUR").count == 2


def test_the_same_submit_again_finds_the_first_order(session):
    mug = make_product(session, sku="MUG")
    agreed = agree(session, make_checkout(session, sku="MUG"))

    first, again = place(session, agreed), place(session, agreed)

    assert (again.created, again.order_id, again.number) == (False, first.order_id, first.number)
    assert (count(session, "orders.orders"), stock(session, mug.variant_id)) == (1, (10, 1))
    assert events(session) == ["order_placed"]


def test_the_same_submit_after_the_payment_finds_the_order_too(session):
    agreed = agree(session, make_checkout(session))
    first = place(session, agreed)
    pay(session, first.order_id)

    assert place(session, agreed).order_id == first.order_id
    assert count(session, "cart.carts") == 0


def test_a_token_opens_no_order_of_another_cart(session):
    theirs = agree(session, make_checkout(session))
    place(session, theirs)
    mine = agree(session, make_checkout(session))

    with pytest.raises(QuoteChanged):
        place(session, type(mine)(mine.cart_id, theirs.token, mine.total))


def test_an_empty_or_vanished_cart_is_refused(session):
    make_terms(session)
    cart_id = make_checkout(session)
    agreed = agree(session, cart_id)
    cart.clear(session, cart_id=cart_id)

    with pytest.raises(EmptyCart):
        place(session, agreed)
    with pytest.raises(EmptyCart):
        place(session, type(agreed)(uuid4(), agreed.token, agreed.total))


def test_a_missing_answer_leads_to_its_step(session):
    make_terms(session)
    cart_id = make_cart(session)

    def step() -> str:
        with pytest.raises(IncompleteCheckout) as missing:
            place(session, type("Agreed", (), {"cart_id": cart_id, "token": uuid4(), "total": 1})())
        return missing.value.step

    assert step() == "details"
    cart.save_address(session, cart_id=cart_id, shipping_address=ADDRESS, email="a@example.com")
    assert step() == "delivery"
    cart.save_delivery(session, cart_id=cart_id, method="no such method")
    assert step() == "delivery"


@pytest.mark.parametrize("change", ["price", "tampered", "cart", "stock"])
def test_what_changed_since_is_refused_and_changes_nothing(sessions: Sessions, change):
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", price=1450, on_hand=5)
        cart_id = make_checkout(tx, sku="MUG", quantity=2)
        agreed = agree(tx, cart_id)
    error: type[Exception] = QuoteChanged
    with transaction(sessions) as tx:
        if change == "price":
            set_price(tx, variant_id=mug.variant_id, price=1500, compare_at=None)
        elif change == "tampered":
            agreed = type(agreed)(cart_id, agreed.token, 1)
        elif change == "cart":
            cart.change_line(tx, cart_id=cart_id, variant_id=mug.variant_id, quantity=1)
        else:
            correct(tx, variant_id=mug.variant_id, on_hand=1, reason="counted", actor="test")
            error = OutOfStock

    with pytest.raises(error) as refusal, transaction(sessions) as tx:
        place(tx, agreed)

    if isinstance(refusal.value, OutOfStock):
        assert refusal.value.left == {"MUG": 1}
    with transaction(sessions) as tx:
        assert (count(tx, "orders.orders"), count(tx, "orders.timeline"), events(tx)) == (0, 0, [])
        assert stock(tx, mug.variant_id)[1] == 0


def test_a_changed_cart_replaces_the_order_nobody_paid(session):
    mug = make_product(session, sku="MUG", on_hand=2)
    cart_id = make_checkout(session, sku="MUG", quantity=1)
    first = place(session, agree(session, cart_id))
    open_payment(session, order_id=first.order_id)
    cart.change_line(session, cart_id=cart_id, variant_id=mug.variant_id, quantity=1)
    cart.save_address(session, cart_id=cart_id, shipping_address={**ADDRESS, "line1": "13 Mill Lane"})

    second = place(session, agree(session, cart_id))

    assert (state(session, first.order_id), state(session, second.order_id)) == ("cancelled", "placed")
    assert stock(session, mug.variant_id) == (2, 1)
    assert events(session) == ["order_placed", "order_cancelled", "order_placed"]


def test_the_last_unit_can_be_had_by_the_shopper_who_held_it(session):
    mug = make_product(session, sku="MUG", on_hand=1)
    cart_id = make_checkout(session, sku="MUG")
    first = place(session, agree(session, cart_id))
    cart.save_contact(session, cart_id=cart_id, email="other@example.com")

    second = place(session, agree(session, cart_id))

    assert (state(session, first.order_id), state(session, second.order_id)) == ("cancelled", "placed")
    assert stock(session, mug.variant_id) == (1, 1)


def test_an_order_that_costs_nothing_is_paid_at_once(session):
    make_terms(session, price=0)
    make_product(session, sku="GIFT", price=0)

    placed = make_order(session, sku="GIFT")

    assert state(session, placed.order_id) == "paid"
    assert events(session) == ["order_placed", "order_paid"]
    assert count(session, "cart.carts") == 0


def test_an_order_keeps_its_stock_for_half_an_hour(session):
    now = utcnow()
    placed = make_order(session, now=now)

    page = order_page(session, placed.number, access_key=placed.access_key)

    assert page.expires_at == now + timedelta(minutes=30)


def test_placing_costs_a_constant_number_of_statements(session, statements):
    seen = []
    for quantity in (1, 3):
        make_product(session, sku=f"SKU-{quantity}")
        agreed = agree(session, make_checkout(session, sku=f"SKU-{quantity}", quantity=quantity))
        session.info.clear()
        with statements() as found:
            place(session, agreed)
            session.flush()
        seen.append(len(found))

    assert seen[0] == seen[1] <= 12
