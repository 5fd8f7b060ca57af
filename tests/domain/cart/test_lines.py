"""Putting things in a cart and taking them out."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from domain.cart import commands, queries
from domain.cart.errors import CannotBuy, InvalidQuantity, NoSuchItem, TooMany
from domain.catalog.commands import set_price, unpublish
from domain.catalog.commands.stock import correct
from domain.shared.money import Money
from tests.factories.cart import ADDRESS, make_cart
from tests.factories.catalog import make_product


def view(session, cart_id):
    return queries.view_cart(session, cart_id, currency="EUR")


def test_a_first_item_makes_the_cart(session):
    mug = make_product(session, sku="MUG", title="Stone mug", price=1450)

    cart_id = commands.add_line(session, cart_id=None, sku="MUG", quantity=2)

    cart = view(session, cart_id)
    assert (cart.count, cart.subtotal, cart.has_problem) == (2, Money(2900, "EUR"), False)
    line = cart.lines[0]
    assert (line.variant_id, line.title, line.unit_price, line.notice) == (
        mug.variant_id, "Stone mug", Money(1450, "EUR"), None,
    )  # fmt: skip


def test_the_same_item_again_makes_one_line(session):
    make_product(session, sku="MUG")
    cart_id = make_cart(session, sku="MUG", quantity=2)

    assert commands.add_line(session, cart_id=cart_id, sku="MUG", quantity=3) == cart_id

    assert [line.quantity for line in view(session, cart_id).lines] == [5]


def test_a_cart_that_is_gone_is_made_anew(session):
    make_product(session, sku="MUG")
    gone = uuid4()

    cart_id = commands.add_line(session, cart_id=gone, sku="MUG", quantity=1)

    assert cart_id != gone
    assert view(session, cart_id).count == 1
    assert view(session, gone).lines == ()


@pytest.mark.parametrize(
    ("quantity", "error"), [(-1, InvalidQuantity), (0, InvalidQuantity), (100, TooMany), (10**9, TooMany)]
)
def test_a_quantity_out_of_range_is_refused_and_changes_nothing(session, quantity, error):
    make_product(session, sku="MUG", on_hand=10**6)
    cart_id = make_cart(session, sku="MUG", quantity=2)

    with pytest.raises(error):
        commands.add_line(session, cart_id=cart_id, sku="MUG", quantity=quantity)

    assert view(session, cart_id).count == 2


@pytest.mark.parametrize(("quantity", "error"), [(-1, InvalidQuantity), (100, TooMany), (10**9, TooMany)])
def test_a_change_out_of_range_is_refused_and_changes_nothing(session, quantity, error):
    mug = make_product(session, sku="MUG", on_hand=10**6)
    cart_id = make_cart(session, sku="MUG", quantity=2)

    with pytest.raises(error):
        commands.change_line(session, cart_id=cart_id, variant_id=mug.variant_id, quantity=quantity)

    assert view(session, cart_id).count == 2


def test_an_item_that_is_unknown_or_not_on_sale_is_refused(session):
    draft = make_product(session, sku="DRAFT", published=False)

    for sku in ("NOTHING", "DRAFT", "", "' OR 1=1"):
        with pytest.raises(NoSuchItem):
            commands.add_line(session, cart_id=None, sku=sku, quantity=1)
    assert draft.sku == "DRAFT"


def test_more_than_there_is_is_refused_in_words_that_help(session):
    make_product(session, sku="MUG", title="Stone mug", on_hand=3)
    make_product(session, sku="OUT", title="Old jug", on_hand=0)
    cart_id = make_cart(session, sku="MUG", quantity=2)

    with pytest.raises(CannotBuy, match="Only 3 of Stone mug left"):
        commands.add_line(session, cart_id=cart_id, sku="MUG", quantity=2)
    with pytest.raises(CannotBuy, match="Old jug is sold out"):
        commands.add_line(session, cart_id=cart_id, sku="OUT", quantity=1)

    assert view(session, cart_id).count == 2


def test_what_sells_when_out_can_always_be_had(session):
    make_product(session, sku="ORDERED", on_hand=0, sell_when_out=True)

    cart = view(session, make_cart(session, sku="ORDERED", quantity=9))

    assert (cart.count, cart.has_problem) == (9, False)


def test_a_change_returns_what_there_was_so_that_it_can_be_undone(session):
    mug = make_product(session, sku="MUG")
    cart_id = make_cart(session, sku="MUG", quantity=2)

    assert commands.change_line(session, cart_id=cart_id, variant_id=mug.variant_id, quantity=5) == 2
    assert commands.change_line(session, cart_id=cart_id, variant_id=mug.variant_id, quantity=0) == 5
    assert commands.change_line(session, cart_id=cart_id, variant_id=mug.variant_id, quantity=4) == 0
    assert commands.change_line(session, cart_id=uuid4(), variant_id=mug.variant_id, quantity=4) == 0

    assert view(session, cart_id).lines == ()


def test_clearing_takes_everything_out(session):
    cart_id = make_cart(session)

    commands.clear(session, cart_id=cart_id)

    assert queries.count(session, cart_id) == 0


def test_each_line_says_what_has_changed_since(session):
    made = {sku: make_product(session, sku=sku, price=1450, on_hand=5) for sku in ("PRICE", "FEW", "OUT", "GONE")}
    cart_id = None
    for sku in made:
        cart_id = commands.add_line(session, cart_id=cart_id, sku=sku, quantity=3)
    set_price(session, variant_id=made["PRICE"].variant_id, price=1600, compare_at=None)
    correct(session, variant_id=made["FEW"].variant_id, on_hand=2, reason="counted", actor="test")
    correct(session, variant_id=made["OUT"].variant_id, on_hand=0, reason="counted", actor="test")
    unpublish(session, product_id=made["GONE"].id)

    cart = view(session, cart_id)

    assert {line.sku: (line.notice, line.problem) for line in cart.lines} == {
        "PRICE": ("The price has changed from €14.50 to €16.00.", False),
        "FEW": ("Only 2 left. Please choose 2 or fewer to go on.", True),
        "OUT": ("Sold out in the meantime. Please take it out of your cart to go on.", True),
        "GONE": ("We no longer sell this. Please take it out of your cart to go on.", True),
    }
    assert cart.has_problem


def test_answers_are_kept_and_lead_on_step_by_step(session):
    cart_id = make_cart(session)
    assert queries.checkout(session, cart_id).step == "details"

    commands.save_contact(session, cart_id=cart_id, email=" Aoife@Example.com ")
    assert queries.checkout(session, cart_id).step == "details"
    commands.save_address(session, cart_id=cart_id, shipping_address=ADDRESS)
    assert queries.checkout(session, cart_id).step == "delivery"
    commands.save_delivery(session, cart_id=cart_id, method="standard", gateway="demo")

    found = queries.checkout(session, cart_id)
    assert (found.step, found.email, found.shipping_address, found.delivery_method, found.gateway) == (
        "review", "aoife@example.com", ADDRESS, "standard", "demo",
    )  # fmt: skip


def test_another_country_asks_for_the_delivery_again(session):
    cart_id = make_cart(session)
    commands.save_address(session, cart_id=cart_id, shipping_address=ADDRESS, email="a@example.com")
    commands.save_delivery(session, cart_id=cart_id, method="standard")

    commands.save_address(session, cart_id=cart_id, shipping_address={**ADDRESS, "country": "DE"})

    assert queries.checkout(session, cart_id).step == "delivery"


def test_the_token_lasts_as_long_as_what_was_agreed(session):
    mug = make_product(session, sku="MUG")
    cart_id = make_cart(session, sku="MUG")
    commands.save_address(session, cart_id=cart_id, shipping_address=ADDRESS, email="a@example.com")
    token = queries.checkout(session, cart_id).token

    commands.save_address(session, cart_id=cart_id, shipping_address=ADDRESS, email="a@example.com")
    assert queries.checkout(session, cart_id).token == token

    commands.change_line(session, cart_id=cart_id, variant_id=mug.variant_id, quantity=2)
    changed = queries.checkout(session, cart_id).token
    assert changed != token

    commands.save_delivery(session, cart_id=cart_id, method="standard")
    assert queries.checkout(session, cart_id).token != changed


def test_closing_leaves_what_came_in_since_the_order(session):
    mug, jug = make_product(session, sku="MUG"), make_product(session, sku="JUG")
    cart_id = make_cart(session, sku="MUG", quantity=3)
    commands.add_line(session, cart_id=cart_id, sku="JUG", quantity=1)

    commands.close(session, cart_id=cart_id, bought={mug.variant_id: 2, jug.variant_id: 1})
    assert [(line.sku, line.quantity) for line in view(session, cart_id).lines] == [("MUG", 1)]

    commands.close(session, cart_id=cart_id, bought={mug.variant_id: 1})
    commands.close(session, cart_id=cart_id, bought={mug.variant_id: 1})
    assert session.scalar(text("SELECT count(*) FROM cart.carts")) == 0


def test_a_cart_of_any_size_is_one_statement(session, statements):
    cart_id = None
    for number in range(12):
        make_product(session, sku=f"SKU-{number}")
        cart_id = commands.add_line(session, cart_id=cart_id, sku=f"SKU-{number}", quantity=1)

    with statements() as seen:
        view(session, cart_id)

    assert len(seen) == 1
