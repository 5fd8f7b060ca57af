"""Lists: what stands in them, in which order, and what they can be narrowed by."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalog import commands, handlers
from domain.catalog.commands import NewVariant, listing
from domain.catalog.errors import NoSuchCategory
from domain.catalog.events import ProductChanged, StockChanged
from domain.catalog.models import FacetCount
from domain.catalog.queries import Facet, ListingPage, ListingRequest, home, navigation, product_detail, product_list
from domain.catalog.queries import listing as read
from domain.shared.money import Money
from tests.factories.catalog import MadeProduct, make_category, make_product


def ask(session: Session, **values: Any) -> ListingPage:
    return read(session, ListingRequest(**values), "EUR")


def titles(page: ListingPage) -> list[str]:
    return [card.title for card in page.cards]


def counts(page: ListingPage) -> dict[str, dict[str, int]]:
    """Return the counts of options, attributes and brands; prices and categories have tests of their own."""
    return {
        facet.name: {value.value: value.count for value in facet.values}
        for facet in page.facets
        if facet.name not in ("price", "category")
    }


def facet_of(page: ListingPage, name: str) -> Facet:
    return next(facet for facet in page.facets if facet.name == name)


def make_shirt(session: Session, title: str, **stock: int) -> MadeProduct:
    """Make a shirt with a variant for each `colour_size=on_hand`."""
    variants = [
        (NewVariant(sku=f"{title}-{key}".upper(), price=2000 + 100 * i, option_values=tuple(key.title().split("_"))), n)
        for i, (key, n) in enumerate(stock.items())
    ]
    return make_product(
        session, title=title, options=["Colour", "Size"], variants=variants, category="clothes/shirts", brand=None
    )


@pytest.fixture
def shirts(session: Session) -> None:
    make_shirt(session, "Alder", red_s=5, red_m=0, blue_s=2)
    make_shirt(session, "Birch", red_m=1, blue_m=1)
    make_shirt(session, "Cedar", green_s=0)


def test_facets_count_products_by_what_can_be_bought(session, shirts):
    page = ask(session, category_path="clothes")

    assert page.total == 3
    assert counts(page) == {"colour": {"Blue": 2, "Red": 2}, "size": {"M": 1, "S": 1}}


def test_values_of_a_facet_add_and_facets_narrow(session, shirts):
    blue_or_red = ask(session, category_path="clothes", facets={"colour": ("Blue", "Red")})
    small_and_red = ask(session, category_path="clothes", facets={"colour": ("Red",), "size": ("S",)})

    assert sorted(titles(blue_or_red)) == ["Alder", "Birch"]
    assert titles(small_and_red) == ["Alder"]
    # A facet's own choice does not lower its other counts; the others' choices do.
    assert counts(small_and_red) == {"colour": {"Blue": 1, "Red": 1}, "size": {"M": 1, "S": 1}}
    assert [(v.value, v.selected) for v in facet_of(small_and_red, "colour").values] == [("Blue", False), ("Red", True)]


def test_a_chosen_value_that_is_not_there_stays_to_be_taken_off(session, shirts):
    page = ask(session, category_path="clothes", facets={"colour": ("Mauve",), "nonsense": ("1",)})

    assert page.total == 0
    assert page.cards == ()
    assert counts(page)["colour"]["Mauve"] == 0
    assert counts(page)["nonsense"] == {"1": 0}


def test_the_counts_are_those_of_the_lists_they_lead_to(session, shirts):
    for facet in ask(session, category_path="clothes").facets:
        for value in facet.values:
            assert ask(session, category_path="clothes", facets={facet.name: (value.value,)}).total == value.count


def test_a_card_shows_the_lowest_price_that_can_be_bought(session):
    variants = [
        (NewVariant(sku="A", price=900, option_values=("S",), colours=("#112233",)), 0),
        (NewVariant(sku="B", price=1200, compare_at=1500, option_values=("M",), colours=("#445566",)), 1),
        (NewVariant(sku="C", price=1400, option_values=("L",), colours=("#112233",)), 1),
    ]
    make_product(session, title="Bowl", options=["Size"], variants=variants)

    (card,) = ask(session).cards

    assert (card.price, card.price_varies, card.compare_at) == (Money(1200, "EUR"), True, Money(1500, "EUR"))
    assert (card.in_stock, card.variants, card.colours) == (True, 3, ("#112233", "#445566"))
    assert (card.brand_name, card.category_path, card.category_name) == ("Hearth & Co", "kitchen/mugs", "Mugs")


def test_each_order_is_kept_over_all_pages(session):
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 6)]
    for title, price, day in zip("BDACE", (300, 100, 300, 200, 100), days, strict=True):
        make_product(session, title=title, price=price, published_at=day)

    def read_all(sort: str) -> str:
        return "".join("".join(titles(ask(session, sort=sort, per_page=2, page=page))) for page in (1, 2, 3))

    assert read_all("name") == "ABCDE"
    assert read_all("newest") == "ECADB"
    assert read_all("price") == "DECBA"
    assert read_all("-price") == "ABCED"
    assert sorted(read_all("featured")) == list("ABCDE")
    assert read_all("no such order") == read_all("featured")


def test_sold_out_comes_last_and_featured_first(session):
    for title, stock, featured in (("Sold out", 0, True), ("Plain", 1, False), ("Featured", 1, True)):
        make_product(session, title=title, on_hand=stock, featured=featured)

    assert titles(ask(session)) == ["Featured", "Plain", "Sold out"]
    assert titles(ask(session, in_stock_only=True)) == ["Featured", "Plain"]


@pytest.mark.parametrize(("page", "shown"), [(0, 1), (-5, 1), (2, 2), (3, 2), (10**12, 2)])
def test_a_page_beyond_the_ends_is_the_nearest_one(session, page, shown):
    for _ in range(3):
        make_product(session)

    found = ask(session, page=page, per_page=2)

    assert (found.page, found.pages, found.total) == (shown, 2, 3)
    assert len(found.cards) == (2 if shown == 1 else 1)


def test_a_category_shows_where_it_stands(session):
    make_product(session, category="kitchen/mugs/espresso")
    make_category(session, "kitchen/mugs/latte")

    page = ask(session, category_path="kitchen/mugs")

    assert page.total == 1
    assert page.category is not None
    assert page.category.name == "Mugs"
    assert [(link.path, link.name) for link in page.breadcrumbs] == [("kitchen", "Kitchen"), ("kitchen/mugs", "Mugs")]
    assert [link.path for link in page.children] == ["kitchen/mugs/espresso", "kitchen/mugs/latte"]
    assert ask(session, category_path="kitchen/mugs/latte").total == 0
    (kitchen,) = navigation(session)
    assert (kitchen.path, [link.path for link in kitchen.children]) == ("kitchen", ["kitchen/mugs"])


@pytest.mark.parametrize("path", ["nowhere", "kitchen/", "/", "kitchen\0", "x/" * 400, "%"])
def test_an_unknown_category_is_not_found(session, path):
    make_product(session)

    with pytest.raises(NoSuchCategory):
        ask(session, category_path=path)


def test_a_page_of_a_list_costs_three_statements_and_home_two(session, statements):
    for i in range(30):
        make_product(session, title=f"Mug {i}")
    requests: list[dict[str, Any]] = [
        {"category_path": "kitchen/mugs"},
        {"category_path": "kitchen", "facets": {"brand": ("Hearth & Co",), "colour": ("Red",)}, "page": 2},
        {"category_path": "kitchen", "q": "mug"},
        {"category_path": "kitchen", "q": "mgu"},
    ]
    for values in requests:
        with statements() as seen:
            ask(session, **values)
        assert len(seen) <= 3

    with statements() as seen:
        home(session, "EUR")
    assert len(seen) == 2


def test_home_has_shelves_of_what_can_be_bought(session):
    make_product(session, title="Offer", price=800, compare_at=1000)
    make_product(session, title="Featured", featured=True)
    make_product(session, title="Sold out", price=800, compare_at=1000, featured=True, on_hand=0)

    page = home(session, "EUR")

    assert [card.title for card in page.featured] == ["Featured"]
    assert [card.title for card in page.newest] == ["Featured", "Offer"]
    assert [card.title for card in page.offers] == ["Offer"]
    assert [tile.path for tile in page.categories] == ["kitchen"]


def test_a_change_reaches_the_list_through_its_event(session):
    mug = make_product(session, price=1000, on_hand=1)

    commands.set_price(session, variant_id=mug.variant_id, price=700, compare_at=1000)
    handlers.refresh_product_listing(session, ProductChanged(product_id=mug.id))
    (card,) = ask(session).cards
    assert (card.price, card.compare_at) == (Money(700, "EUR"), Money(1000, "EUR"))

    commands.reserve(session, quantities={mug.variant_id: 1}, order_id=mug.id, actor="shop")
    handlers.refresh_stock_listing(session, StockChanged(product_ids=(mug.id,)))
    (card,) = ask(session).cards
    assert not card.in_stock

    commands.unpublish(session, product_id=mug.id)
    handlers.refresh_product_listing(session, ProductChanged(product_id=mug.id))
    assert ask(session).cards == ()


def kept_counts(session: Session) -> dict[tuple[str, str], int]:
    found = session.scalars(select(FacetCount).where(FacetCount.products != 0))
    return {(count.category_path, count.facet): count.products for count in found}


def test_the_kept_counts_follow_every_change(session, shirts):
    alder = product_list(session, currency="EUR", q="Alder").rows[0]
    birch = product_list(session, currency="EUR", q="Birch").rows[0]
    ids = {variant.sku: variant.id for variant in product_detail(session, alder.id, currency="EUR").variants}
    commands.reserve(session, quantities={ids["ALDER-BLUE_S"]: 2}, order_id=alder.id, actor="shop")
    commands.archive(session, product_id=birch.id)
    session.flush()

    listing.refresh(session, [alder.id, birch.id])

    at_shirts = {facet: n for (path, facet), n in kept_counts(session).items() if path == "clothes/shirts"}
    assert at_shirts == {
        "": 2, "=": 1, "colour=Red": 1, "size=S": 1, "price=2000-5000": 1, "category=clothes": 1,
        "category=clothes/shirts": 1,
    }  # fmt: skip
    followed = kept_counts(session)
    session.expire_all()
    listing.refresh_all(session)
    assert kept_counts(session) == followed
    assert ask(session, category_path="clothes", in_stock_only=True).total == 1


def test_refreshes_at_the_same_time_keep_the_counts_right(sessions):
    with sessions.begin() as tx:
        made = [make_product(tx, on_hand=1) for _ in range(6)]
    ready = Barrier(12)

    def flip(number: int) -> None:
        product = made[number % 6]
        ready.wait(timeout=30)
        for on_hand in (0, 1) * 3:
            with sessions.begin() as tx:
                commands.correct(tx, variant_id=product.variant_id, on_hand=on_hand, reason="counted", actor="test")
            with sessions.begin() as tx:
                listing.refresh(tx, [product.id, made[(number + 1) % 6].id])

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(flip, range(12)))

    with sessions.begin() as tx:
        followed = kept_counts(tx)
        tx.expire_all()
        listing.refresh_all(tx)
        assert kept_counts(tx) == followed
        assert followed["kitchen", "="] == 6


def test_working_out_everything_afresh_gives_the_same_lists(session, shirts):
    before = ask(session)
    gone = make_product(session)
    commands.archive(session, product_id=gone.id)

    listing.refresh_all(session)

    assert ask(session) == before
