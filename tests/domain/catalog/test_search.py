"""Search finds what is meant, and no text at all makes it fail."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.commands import NewVariant, reserve
from domain.catalog.commands.listing import refresh
from domain.catalog.commands.popularity import LATELY, count_popularity
from domain.catalog.queries import (
    ListingPage,
    ListingRequest,
    buyable_by_sku,
    listing,
    old_slug,
    product_list,
    stock_levels,
)
from domain.shared.db import utcnow
from tests.factories.catalog import make_product


def search(session: Session, q: str) -> ListingPage:
    return listing(session, ListingRequest(q=q), "EUR")


def titles(session: Session, q: str) -> list[str]:
    return [card.title for card in search(session, q).cards]


@pytest.fixture
def shop(session: Session) -> None:
    make_product(
        session,
        title="Café mug Grande",
        sku="MUG-0012/BL",
        attributes={"Material": "Stoneware"},
        description="Goes in the dishwasher.",
    )
    make_product(session, title="Copper kettle", sku="KET-7", category="kitchen/kettles", brand="Brennan")
    variants = [(NewVariant(sku="TOW-1", price=900, option_values=("Moss green",)), 1)]
    make_product(session, title="Linen towel", options=["Colour"], variants=variants, category="bath", brand=None)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("café mug", ["Café mug Grande"]),
        ("CAFE", ["Café mug Grande"]),
        ("mugs", ["Café mug Grande"]),
        ("stonewar", ["Café mug Grande"]),
        ("dishwasher", ["Café mug Grande"]),
        ("ket", ["Copper kettle"]),
        ("kettle brennan", ["Copper kettle"]),
        ("kettles", ["Copper kettle"]),
        ("moss tow", ["Linen towel"]),
        ("MUG-0012/BL", ["Café mug Grande"]),
        ("mug0012bl", ["Café mug Grande"]),
        ("mug 0012", ["Café mug Grande"]),
        ('"copper kettle"', ["Copper kettle"]),
        ("kettle towel", ["Copper kettle", "Linen towel"]),
        ("wheelbarrow", []),
        ('"kettel"', []),
        ("kettle -copper", []),
        ("😀", []),
        ("%", []),
    ],
)
def test_names_brands_words_and_skus_are_found(session, shop, q, found):
    assert titles(session, q) == found


@pytest.mark.parametrize(
    ("q", "found", "corrected"),
    [
        ("kettel", "Copper kettle", "kettle"),
        ("coper ketle", "Copper kettle", "copper kettle"),
        ("linen towle", "Linen towel", "linen towel"),
    ],
)
def test_a_misspelt_query_finds_the_nearest_title_and_says_so(session, shop, q, found, corrected):
    page = search(session, q)

    assert page.cards[0].title == found
    assert page.corrected == corrected


def test_a_title_counts_more_than_a_description(session):
    make_product(session, title="Tea towel", description="Dry a teapot with it.")
    make_product(session, title="Teapot", description="For tea.")

    assert titles(session, "teapot") == ["Teapot", "Tea towel"]


def test_an_exact_sku_comes_first(session):
    make_product(session, title="Set X100 X100", sku="SET-1", description="x100 x100")
    make_product(session, title="Lamp", sku="X-100")

    assert titles(session, "x100")[0] == "Lamp"


anything = st.text(st.characters(), max_size=400)


@settings(max_examples=150)
@given(text=anything)
@example(text="\0")
@example(text="\ud800")
@example(text="'; DROP TABLE catalog.products; --")
@example(text="<script>alert(1)</script>")
@example(text="a & | ! ( ) : * <-> \\ ' \"")
@example(text='"unfinished mug')
@example(text="ﷺ½ŉ" * 100)
@example(text="مرحبا كوب")
@example(text="mug " * 100)
@example(text="-mug")
@example(text="%_\\")
def test_no_text_at_all_makes_a_look_up_fail(session, shop, text):
    page = listing(
        session, ListingRequest(q=text, sort=text, facets={text: (text,), "colour": (text, "Moss green")}), "EUR"
    )

    assert page.total >= len(page.cards)
    search(session, text)
    buyable_by_sku(session, text)
    old_slug(session, text)
    product_list(session, currency="EUR", q=text)
    stock_levels(session, q=text, after=text)


def test_what_is_bought_more_stands_before_its_like_and_what_is_sold_out_behind(session: Session) -> None:
    shown = {name: make_product(session, title=f"Blue cup {name}", on_hand=9).variant_id for name in "ABC"}
    for name, units in (("B", 4), ("C", 7)):
        reserve(session, quantities={shown[name]: units}, order_id=uuid4(), actor="test")

    assert count_popularity(session, now=utcnow()) == 2
    assert titles(session, "blue cup") == ["Blue cup C", "Blue cup B", "Blue cup A"]
    assert [card.title for card in listing(session, ListingRequest(), "EUR").cards] == titles(session, "blue cup")

    reserve(session, quantities={shown["C"]: 2}, order_id=uuid4(), actor="test")
    refresh(session, list(session.scalars(text("SELECT id FROM catalog.products"))))
    assert titles(session, "blue cup") == ["Blue cup B", "Blue cup A", "Blue cup C"], "it cannot be bought"

    assert count_popularity(session, now=utcnow() + LATELY + timedelta(days=1)) == 2, "that was long ago"
