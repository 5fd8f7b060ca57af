"""Prices by measure: what the page shows, and what is no measure."""

from decimal import Decimal

import pytest

from domain.catalog.commands import NewVariant, describe_variant
from domain.catalog.errors import WrongMeasure
from domain.catalog.measure import base_words, price_for
from domain.catalog.queries import cards_of_slugs, product_page, variant_of
from domain.shared.money import Money
from tests.factories.catalog import make_product


@pytest.mark.parametrize(("price", "amount", "base", "wanted"), [
    (1250, "400", "1000", 3125), (980, "250", "1000", 3920), (999, "330", "1000", 3027), (1, "1000", "1", 0),
    (5, "10", "1", 1),
])  # fmt: skip
def test_a_price_by_measure_is_rounded_half_up(price, amount, base, wanted):
    assert price_for(price, Decimal(amount), Decimal(base)) == wanted


@pytest.mark.parametrize(("base", "unit", "words"), [
    ("1000.000", "g", "1 kg"), ("100.000", "g", "100 g"), ("100", "cl", "1 l"), ("1.000", "m²", "1 m²"),
    ("10", "piece", "10 piece"), ("0.5", "l", "0.5 l"),
])  # fmt: skip
def test_what_a_price_is_for_reads_as_on_a_label(base, unit, words):
    assert base_words(Decimal(base), unit) == words


def describe(session, honey, measure):
    seen = variant_of(session, honey.id, honey.variant_id, currency="EUR").version
    describe_variant(
        session, product_id=honey.id, variant_id=honey.variant_id, seen=seen, sku="JAR", barcode=None, weight_grams=0,
        cost=None, picture_id=None, measure=measure,
    )  # fmt: skip


def test_a_page_shows_the_price_of_a_measure(session):
    jar = NewVariant(sku="JAR", price=1250, measure=(Decimal(400), "g", Decimal(1000)))
    honey = make_product(session, variants=[(jar, 3)])
    assert product_page(session, honey.slug, "EUR").variants[0].unit_price == (Money(3125, "EUR"), "1 kg")

    for wrong in ((Decimal(0), "g", Decimal(1)), (Decimal(1), "stone", Decimal(1)), (Decimal(1), "g", None)):
        with pytest.raises(WrongMeasure):
            describe(session, honey, wrong)
    assert product_page(session, honey.slug, "EUR").variants[0].unit_price == (Money(3125, "EUR"), "1 kg")

    describe(session, honey, (Decimal(750), "g", Decimal(100)))
    assert product_page(session, honey.slug, "EUR").variants[0].unit_price == (Money(167, "EUR"), "100 g")
    describe(session, honey, (None, None, None))
    assert product_page(session, honey.slug, "EUR").variants[0].unit_price is None


def test_tiles_come_in_the_order_asked_for(session, statements):
    mug, jug = make_product(session, slug="mug"), make_product(session, slug="jug")
    make_product(session, slug="draft", published=False)

    with statements() as seen:
        cards = cards_of_slugs(session, ["jug", "nothing", "draft", "mug", "\x00", ""], "EUR")

    assert ([card.product_id for card in cards], len(seen)) == ([jug.id, mug.id], 1)
    assert cards_of_slugs(session, [""], "EUR") == ()
