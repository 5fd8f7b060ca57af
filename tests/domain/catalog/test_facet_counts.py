"""Counts of facets, against a recount in Python: values of one facet add up, facets narrow, each is counted without
itself."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from domain.catalog.commands import NewVariant, listing
from domain.catalog.commands.rating import hold_rating, set_rating
from domain.catalog.queries import ListingRequest
from domain.catalog.queries import listing as read
from domain.catalog.queries.facets import ALWAYS, PRICE_EDGES
from tests.factories.catalog import make_category, make_product

CATEGORIES = ("kitchen", "kitchen/mugs", "kitchen/bowls", "hall")
BRANDS = ("Hearth & Co", "Sallow", None)
COLOURS, GLAZES = ("Oat", "Moss", "Rust"), ("Matt", "Gloss")
WARES = 70
SELECTIONS = st.fixed_dictionaries(
    {},
    optional={
        "category": st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=2, unique=True),
        "brand": st.lists(st.sampled_from([*BRANDS[:2], "Nobody"]), min_size=1, max_size=2, unique=True),
        "price": st.lists(
            st.sampled_from(["500-1000", "1000-2000", "2000-5000", "0-500"]), min_size=1, max_size=3, unique=True
        ),
        "rating": st.lists(st.sampled_from(["1", "3", "4"]), min_size=1, max_size=2, unique=True),
        "colour": st.lists(st.sampled_from(COLOURS), min_size=1, max_size=2, unique=True),
        "glaze": st.lists(st.sampled_from(GLAZES), min_size=1, max_size=2, unique=True),
    },
)


@dataclass(frozen=True)
class Ware:
    """A product as a person would describe it: what can be bought of it, and its facets worked out by hand."""

    slug: str
    category: str
    in_stock: bool
    facets: Mapping[str, frozenset[str]]

    def has(self, name: str, values: list[str]) -> bool:
        return bool(self.facets.get(name, frozenset()) & set(values))


def make_ware(session: Session, chance: random.Random, number: int) -> Ware:
    category, brand = chance.choice(CATEGORIES), chance.choice(BRANDS)
    colours = chance.sample(COLOURS, chance.randint(1, 3))
    prices = {colour: chance.choice((450, 700, 1500, 2500)) for colour in colours}
    stock = {colour: chance.choice((0, 2)) for colour in colours}
    glaze, stars = chance.choice((*GLAZES, None)), chance.choice((0, 1, 2, 3, 4, 5))
    variants = [
        (NewVariant(sku=f"W{number}-{colour}", price=prices[colour], option_values=(colour,)), stock[colour])
        for colour in colours
    ]
    made = make_product(session, title=f"Ware {number}", category=category, brand=brand, options=("Colour",),
                        variants=variants, attributes={"Glaze": glaze} if glaze else {})  # fmt: skip
    if stars:
        hold_rating(session, product_id=made.id)
        set_rating(session, product_id=made.id, counts=[int(stars == one) for one in range(1, 6)])
        listing.refresh(session, [made.id])
    sold = [colour for colour in colours if stock[colour]]
    steps = category.split("/")
    facets = {
        "category": frozenset("/".join(steps[:depth]) for depth in range(1, len(steps) + 1)),
        "brand": frozenset([brand] if brand else []),
        "colour": frozenset(sold),
        "glaze": frozenset([glaze] if glaze else []),
        "rating": frozenset(str(least) for least in range(1, min(stars, 4) + 1)),
        "price": frozenset([bucket(min(prices[colour] for colour in sold))] if sold else []),
    }
    return Ware(made.slug, category, bool(sold), facets if sold else {})


def bucket(price: int) -> str:
    low = max(edge for edge in PRICE_EDGES if edge <= price)
    return f"{low}-{PRICE_EDGES[PRICE_EDGES.index(low) + 1]}"


@pytest.fixture
def wares(session: Session) -> list[Ware]:
    for path in CATEGORIES:
        make_category(session, path)
    chance = random.Random(7)  # noqa: S311 - it makes goods, it keeps no secret
    return [make_ware(session, chance, number) for number in range(WARES)]


@settings(max_examples=60)
@given(
    chosen=SELECTIONS, within=st.sampled_from(["", "kitchen"]), in_stock=st.booleans(), q=st.sampled_from(["", "ware"])
)
def test_counts_are_those_of_a_recount(
    session: Session, wares: list[Ware], chosen: dict[str, list[str]], within: str, in_stock: bool, q: str
) -> None:
    page = read(
        session,
        ListingRequest(category_path=within or None, facets={name: tuple(of) for name, of in chosen.items()},
                       in_stock_only=in_stock, q=q, per_page=96),
        "EUR",
    )  # fmt: skip

    there = [ware for ware in wares if not within or f"{ware.category}/".startswith(f"{within}/")]
    there = [ware for ware in there if ware.in_stock or not in_stock]
    left = [ware for ware in there if all(ware.has(name, of) for name, of in chosen.items())]
    assert sorted(card.slug for card in page.cards) == sorted(ware.slug for ware in left)
    assert (page.total, page.in_stock) == (len(left), sum(ware.in_stock for ware in left))
    for facet in page.facets:
        others = [(name, of) for name, of in chosen.items() if name != facet.name]
        counted = [ware for ware in there if all(ware.has(name, of) for name, of in others)]
        told = {value.value: value.count for value in facet.values}
        assert told == {value: sum(ware.has(facet.name, [value]) for ware in counted) for value in told}, facet.name
        if facet.name != "category":  # whose values are the places one step below
            assert {value for ware in counted for value in ware.facets.get(facet.name, ())} <= told.keys()
    for name in ALWAYS:
        if any(ware.facets.get(name) for ware in left) and not (name == "category" and within):
            assert name in {facet.name for facet in page.facets}
