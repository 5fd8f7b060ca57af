"""What goes with what: pairs that were planted come out, and nothing that cannot be bought does."""

from sqlalchemy import func, select

from domain.cart.commands import add_line, save_address, save_delivery
from domain.catalog.commands import correct, listing, unpublish
from domain.recommendations.commands import EVERY, compute, compute_if_old
from domain.recommendations.models import Neighbours
from domain.recommendations.queries import beside, with_cart
from domain.shared.db import utcnow
from tests.factories.cart import ADDRESS, make_terms
from tests.factories.catalog import make_product
from tests.factories.orders import agree, pay, place


def buy(session, *products, paid=True):
    make_terms(session)
    cart_id = None
    for product in products:
        cart_id = add_line(session, cart_id=cart_id, sku=product.sku, quantity=1)
    save_address(session, cart_id=cart_id, shipping_address=ADDRESS, email="aoife@example.com")
    save_delivery(session, cart_id=cart_id, method="standard")
    placed = place(session, agree(session, cart_id))
    if paid:
        pay(session, placed.order_id)


def slugs(cards):
    return [card.slug for card in cards]


def suggested(session, product, category="kitchen/mugs"):
    return beside(session, product.id, category_path=category, currency="EUR")


def test_what_was_bought_together_is_shown_the_most_frequent_first(session):
    mug, jug, tray, soap = (
        make_product(session, slug=slug, category=place, brand=None, on_hand=50)
        for slug, place in (("mug", "table/mugs"), ("jug", "table/jugs"), ("tray", "kitchen"), ("soap", "bath"))
    )
    for _ in range(3):
        buy(session, mug, tray)
    buy(session, mug, jug)
    buy(session, mug, soap, paid=False)
    for _ in range(2):
        buy(session, soap)

    assert compute(session, now=utcnow()) == 3

    found = suggested(session, mug, "table/mugs")
    assert (slugs(found.together), found.similar, found.popular) == (["tray", "jug"], (), ())
    assert slugs(suggested(session, tray).together) == ["mug"]
    cart = [tray.id, jug.id]
    assert slugs(with_cart(session, cart, category_paths=["table/jugs"], currency="EUR")) == ["mug"]


def test_nothing_that_is_sold_out_taken_off_or_in_the_cart_is_shown(session, statements):
    mug, jug, tray, bowl = (make_product(session, slug=slug, on_hand=9) for slug in ("mug", "jug", "tray", "bowl"))
    for other in (jug, tray, bowl):
        buy(session, mug, other)
    compute(session, now=utcnow())
    correct(session, variant_id=jug.variant_id, on_hand=1, reason="Gone", actor="test")
    unpublish(session, product_id=tray.id)
    listing.refresh(session, [jug.id, tray.id])

    with statements() as seen:
        assert slugs(suggested(session, mug).together) == ["bowl"]
    assert len(seen) == 1
    with statements() as seen:
        found = with_cart(session, [mug.id, bowl.id], category_paths=["kitchen/mugs"], currency="EUR")
    assert (found, len(seen)) == ((), 1)
    assert with_cart(session, [], category_paths=[], currency="EUR") == ()


def test_alike_are_those_with_the_same_facets_price_and_maker(session):
    green = {"Material": "Stoneware", "Finish": "Matt"}
    mug = make_product(session, slug="mug", price=2000, attributes=green)
    make_product(session, slug="twin", price=2100, attributes=green)
    make_product(session, slug="cousin", price=2000, attributes=green | {"Finish": "Gloss"}, brand="Other")
    make_product(session, slug="stranger", price=9000, attributes={"Material": "Glass"}, brand=None)
    make_product(session, slug="elsewhere", price=2000, attributes=green, category="garden")

    compute(session, now=utcnow())

    assert slugs(suggested(session, mug).similar) == ["twin", "cousin", "stranger"]


def test_where_nothing_is_known_the_best_of_the_category_are_shown(session):
    mug = make_product(session, slug="mug")
    make_product(session, slug="jug")
    make_product(session, slug="gone", on_hand=0)
    make_product(session, slug="spade", category="garden")

    found = suggested(session, mug)

    assert (found.together, found.similar, slugs(found.popular)) == ((), (), ["jug"])
    assert slugs(with_cart(session, [mug.id], category_paths=["kitchen/mugs"], currency="EUR")) == ["jug"]


def test_it_is_done_again_only_after_hours_and_forgets_what_is_gone(session):
    now = utcnow()
    mug, jug = make_product(session), make_product(session)
    assert compute_if_old(session, now=now) == 2
    assert compute_if_old(session, now=now + EVERY / 2) == 0

    for product in (mug, jug):
        unpublish(session, product_id=product.id)
    listing.refresh(session, [mug.id, jug.id])

    assert compute_if_old(session, now=now + EVERY) == 0
    assert session.scalar(select(func.count()).select_from(Neighbours)) == 0
