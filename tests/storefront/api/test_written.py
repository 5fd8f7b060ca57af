"""What lists and products are written as in haste is what their models write, and follows every change at once."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.catalog import commands as catalog
from domain.catalog.commands import listing
from domain.catalog.queries import CategoryLink, ProductPage, product_detail
from domain.catalog.queries.card import Card
from domain.catalog.queries.picture import PictureView
from domain.catalog.queries.product import OptionValue, OptionView, VariantView
from domain.shared.db import Sessions, transaction
from domain.shared.money import Money
from storefront.api.shapes import catalogue as shapes
from tests.storefront.api.conftest import Phone
from tests.storefront.conftest import Goods
from web.api.answers import listed

LIST, PRODUCT = TypeAdapter[Any](shapes.ProductList), TypeAdapter[Any](shapes.Product)

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
numbers = st.integers(0, 2**31 - 1)
amounts = st.builds(Money, numbers, st.sampled_from(["EUR", "JPY", "GBP"]))
files = st.fixed_dictionaries(
    {"format": st.sampled_from(["avif", "webp", "jpeg"]), "width": numbers, "height": numbers, "key": words}
)
pictures = st.builds(PictureView, words, numbers, numbers, st.lists(files, max_size=4).map(tuple))
# Few products, so that the same one comes again with something else in it.
ids = st.sampled_from([UUID(int=number) for number in range(3)])
cards = st.builds(
    Card, ids, words, words, words, words, words, amounts, st.booleans(), st.none() | amounts, st.booleans(), numbers,
    st.none() | pictures, st.lists(words, max_size=3).map(tuple), st.none() | numbers, numbers,
)  # fmt: skip
links = st.builds(CategoryLink, words, words)
variants = st.builds(
    VariantView, ids, words, st.lists(words, max_size=2).map(tuple), words, amounts, st.none() | amounts, numbers,
    st.booleans(), st.booleans(), numbers, st.none() | numbers,
)  # fmt: skip
options = st.builds(
    OptionView, words,
    st.lists(st.builds(OptionValue, words, st.none() | words, st.booleans()), max_size=3).map(tuple),
)  # fmt: skip
pages = st.builds(
    ProductPage, id=ids, slug=words, title=words, summary=words, description=words, brand_name=words,
    brand_slug=words, category=st.lists(links, max_size=3).map(tuple), options=st.lists(options, max_size=2).map(tuple),
    attributes=st.lists(st.tuples(words, words), max_size=3).map(tuple),
    variants=st.lists(variants, max_size=3).map(tuple), pictures=st.lists(pictures, max_size=2).map(tuple),
    seo_title=words, seo_description=words, tax_class=words, rating=st.none(),
)  # fmt: skip


@given(st.lists(cards, max_size=5), st.none() | words)
def test_a_list_is_written_as_its_model_writes_it(found: list[Card], behind: str | None) -> None:
    whole = {"items": [shapes.product_card(card) for card in found], "next": behind}

    for _ in ("anew", "as it was kept"):
        written = listed(map(shapes.written_card, found), next=behind)
        assert written == LIST.dump_json(LIST.validate_python(whole, strict=True))


@given(pages)
def test_a_product_is_written_as_its_model_writes_it(page: ProductPage) -> None:
    model = PRODUCT.dump_json(PRODUCT.validate_python(shapes.product(page), strict=True))

    assert shapes.written_product(page) == shapes.written_product(page) == model
    changed = replace(page, title=page.title + "!")
    assert shapes.written_product(changed) != model


@given(cards, amounts)
def test_a_card_with_another_price_is_another_card(card: Card, price: Money) -> None:
    first, then = shapes.written_card(card), shapes.written_card(replace(card, price=price))

    assert (first == then) == (card.price == price)


def test_a_change_is_in_the_next_answer(phone: Phone, goods: Goods, sessions: Sessions) -> None:
    def said() -> tuple[Any, ...]:
        card = next(one for one in phone.get("/products").json["items"] if one["slug"] == "tall-vase")
        vase = phone.get("/products/tall-vase").json
        variant = vase["variants"][0]
        return card["title"], card["price"]["amount"], card["in_stock"], variant["price"]["amount"], vase["title"]

    assert said() == said() == ("Tall vase", 9900, True, 9900, "Tall vase")
    with transaction(sessions) as tx:
        version = product_detail(tx, goods.vase.id, currency="EUR").version
        catalog.update_product(tx, product_id=goods.vase.id, version=version, title="Taller vase")
        catalog.set_price(tx, variant_id=goods.vase.variant_id, price=8800, compare_at=None)
        catalog.correct(tx, variant_id=goods.vase.variant_id, on_hand=0, reason="broken", actor="staff")
        listing.refresh_all(tx)
    assert said() == ("Taller vase", 8800, False, 8800, "Taller vase")
