"""What a shopper's carts become when they sign in."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from domain.cart.commands import absorb, add_line, own_cart
from domain.cart.limits import MAX_PER_LINE
from domain.cart.queries import checkout, view_cart
from domain.orders.commands import Merged, merge_carts
from domain.shared.db import Sessions, transaction
from tests.domain.orders.racers import at_once, in_transaction
from tests.factories.cart import make_cart, make_checkout
from tests.factories.catalog import make_product
from tests.factories.orders import agree, pay, place
from tests.factories.users import make_shopper


def in_cart(session: Session, cart_id: UUID | None) -> dict[str, int]:
    return {line.sku: line.quantity for line in view_cart(session, cart_id, currency="EUR").lines}


def of_account(session: Session, *skus: str, quantity: int = 1) -> tuple[UUID, UUID]:
    """Make a shopper with a cart from another browser."""
    shopper = make_shopper(session)
    cart_id = make_cart(session, sku=skus[0], quantity=quantity)
    for sku in skus[1:]:
        add_line(session, cart_id=cart_id, sku=sku, quantity=quantity)
    assert own_cart(session, cart_id=cart_id, shopper_id=shopper.id)
    return shopper.id, cart_id


def test_the_cart_of_a_guest_becomes_the_shoppers(session: Session) -> None:
    make_product(session, sku="MUG")
    guest, shopper = make_cart(session, sku="MUG"), make_shopper(session)

    assert merge_carts(session, cart_id=guest, shopper_id=shopper.id) == Merged(guest)
    assert merge_carts(session, cart_id=None, shopper_id=shopper.id) == Merged(guest), "another browser gets the same"


def test_units_of_two_carts_add_up_and_it_is_said(session: Session) -> None:
    make_product(session, sku="MUG", title="Harbour mug")
    make_product(session, sku="BOWL", title="Salt bowl")
    shopper, account = of_account(session, "MUG", quantity=2)
    guest = make_cart(session, sku="MUG", quantity=3)
    add_line(session, cart_id=guest, sku="BOWL", quantity=1)

    merged = merge_carts(session, cart_id=guest, shopper_id=shopper)

    assert merged == Merged(account, ("Harbour mug: 2 and 3 from two carts make 5.",))
    assert in_cart(session, account) == {"MUG": 5, "BOWL": 1}
    assert in_cart(session, guest) == {}
    assert merge_carts(session, cart_id=guest, shopper_id=shopper) == Merged(account), "a second time changes nothing"
    assert in_cart(session, account) == {"MUG": 5, "BOWL": 1}


@pytest.mark.parametrize(("on_hand", "unlimited", "becomes"), [(4, False, 4), (1, False, 2), (200, False, MAX_PER_LINE),
                                                              (0, True, MAX_PER_LINE)])  # fmt: skip
def test_no_more_than_can_be_had_and_never_less_than_there_was(
    session: Session, on_hand: int, unlimited: bool, becomes: int
) -> None:
    mug = make_product(session, sku="MUG", title="Harbour mug", on_hand=200, sell_when_out=unlimited)
    shopper, account = of_account(session, "MUG", quantity=2)
    guest = make_cart(session, sku="MUG", quantity=98)
    from domain.catalog.commands import correct

    correct(session, variant_id=mug.variant_id, on_hand=on_hand, reason="counted", actor="test")

    merged = merge_carts(session, cart_id=guest, shopper_id=shopper)

    assert in_cart(session, account) == {"MUG": becomes}
    assert merged.changes == (f"Harbour mug: you had 100 in two carts, and {becomes} is as many as you can have.",)


def test_what_cannot_be_had_is_left_out_with_a_word(session: Session) -> None:
    from domain.catalog.commands import archive, correct

    gone = make_product(session, sku="OLD", title="Old jug")
    out = make_product(session, sku="OUT", title="Tall vase", on_hand=1)
    make_product(session, sku="MUG")
    shopper, account = of_account(session, "MUG")
    guest = make_cart(session, sku="OLD")
    add_line(session, cart_id=guest, sku="OUT", quantity=1)
    archive(session, product_id=gone.id)
    correct(session, variant_id=out.variant_id, on_hand=0, reason="broken", actor="test")

    merged = merge_carts(session, cart_id=guest, shopper_id=shopper)

    assert in_cart(session, account) == {"MUG": 1}
    assert merged.changes == (
        "Old jug is no longer sold and was left out.",
        "Tall vase is sold out and was left out.",
    )


def test_the_answers_given_in_this_browser_count(session: Session) -> None:
    make_product(session, sku="MUG")
    shopper, account = of_account(session, "MUG")
    guest = make_checkout(session, sku="MUG", email="now@example.com")

    assert merge_carts(session, cart_id=guest, shopper_id=shopper).cart_id == account
    assert checkout(session, account).email == "now@example.com"


def test_the_cart_of_somebody_else_is_left_alone(session: Session) -> None:
    make_product(session, sku="MUG")
    _, hers = of_account(session, "MUG")
    other = make_shopper(session, email="other@example.com")

    assert merge_carts(session, cart_id=hers, shopper_id=other.id) == Merged(None)
    assert in_cart(session, hers) == {"MUG": 1}


def test_a_cart_with_an_unpaid_order_takes_the_others_in(session: Session) -> None:
    make_product(session, sku="MUG")
    make_product(session, sku="BOWL")
    shopper, account = of_account(session, "BOWL")
    guest = make_checkout(session, sku="MUG", quantity=2)
    order = place(session, agree(session, guest))

    assert merge_carts(session, cart_id=guest, shopper_id=shopper).cart_id == guest
    assert in_cart(session, guest) == {"MUG": 2, "BOWL": 1}
    pay(session, order.order_id)
    session.expire_all()
    assert in_cart(session, guest) == {"BOWL": 1}, "what was bought is out, what came in stays"
    assert in_cart(session, account) == {}


def test_two_sign_ins_at_once_double_nothing(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", on_hand=50)
        shopper, account = of_account(tx, "MUG", quantity=2)
        guests = [make_cart(tx, sku="MUG", quantity=3) for _ in range(4)]

    def sign_in(tx: Session, guest: UUID) -> Merged:
        return merge_carts(tx, cart_id=guest, shopper_id=shopper)

    merged = at_once(*[in_transaction(sessions, sign_in, guest) for guest in guests for _ in range(2)])

    assert {one.cart_id for one in merged} == {account}
    with transaction(sessions) as tx:
        assert in_cart(tx, account) == {"MUG": 2 + 4 * 3}


def test_two_carts_that_take_each_other_in_lose_nothing(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", on_hand=50)
        one, other = make_cart(tx, sku="MUG", quantity=2), make_cart(tx, sku="MUG", quantity=3)

    def take(tx: Session, into: UUID, out_of: UUID) -> list[str]:
        return absorb(tx, cart_id=into, other=out_of, newer=False)

    at_once(in_transaction(sessions, take, one, other), in_transaction(sessions, take, other, one))

    with transaction(sessions) as tx:
        assert sum(in_cart(tx, one).values()) + sum(in_cart(tx, other).values()) == 5
