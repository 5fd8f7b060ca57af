"""What is offered while a query is typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from domain.catalog.queries import Suggestions, suggest
from tests.factories.catalog import make_product


def offered(session: Session, q: str) -> Suggestions:
    return suggest(session, q, "EUR")


@pytest.fixture
def shop(session: Session) -> None:
    make_product(session, title="Copper kettle", sku="KET-7", category="kitchen/kettles", brand="Kestrel")
    make_product(session, title="Copper pan", category="kitchen/pans", brand="Kestrel", on_hand=0)
    make_product(session, title="Linen towel", category="bath", brand=None)


def test_the_beginning_of_a_word_brings_words_places_brands_and_products(session, shop):
    found = offered(session, "ke")

    assert found.queries == ("kestrel", "kettle", "kettles")
    assert [(place.path, place.name) for place in found.categories] == [("kitchen/kettles", "Kettles")]
    assert found.brands == ("Kestrel",)
    assert [product.title for product in found.products] == ["Copper kettle", "Copper pan"]
    assert not found.corrected


def test_words_before_the_last_narrow_what_it_may_become(session, shop):
    found = offered(session, "copper k")

    assert found.queries == ("copper kestrel", "copper kitchen", "copper kettle", "copper kettles")
    assert offered(session, "linen k").queries == ()
    assert [product.title for product in offered(session, "copper pa").products] == ["Copper pan"]


def test_a_part_number_and_a_misspelt_word_bring_the_product(session, shop):
    assert [product.title for product in offered(session, "ket7").products] == ["Copper kettle"]
    found = offered(session, "coper")
    assert (found.queries, found.corrected) == (("copper",), True)


@pytest.mark.parametrize("q", ["", " ", "k", "%", "_", '"kettle"', "qqqq"])
def test_nothing_is_offered_for_what_begins_nothing(session, shop, q):
    assert offered(session, q).count == 0


def test_suggestions_cost_one_statement_and_three_if_misspelt(session, shop, statements):
    for q, most in (("ke", 1), ("copper k", 1), ("coper", 3)):
        with statements() as seen:
            offered(session, q)
        assert len(seen) <= most, q


@settings(max_examples=60)
@given(text=st.text(st.characters(), max_size=60))
def test_no_text_at_all_makes_suggestions_fail(session, shop, text):
    assert offered(session, text).count >= 0
