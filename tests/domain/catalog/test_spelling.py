"""Misspelt words are taken for those that were meant, and right ones for what they are."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from domain.catalog import commands
from domain.catalog.commands import listing
from domain.catalog.models import Word
from domain.catalog.queries import ListingPage, ListingRequest
from domain.catalog.queries import listing as read
from domain.catalog.queries.spelling import distance, likely, slip
from tests.factories.catalog import make_product


def search(session: Session, q: str, **values: object) -> ListingPage:
    return read(session, ListingRequest(q=q, **values), "EUR")  # type: ignore[arg-type]


def titles(page: ListingPage) -> list[str]:
    return [card.title for card in page.cards]


@pytest.fixture
def shop(session: Session) -> None:
    for number in range(30):
        make_product(session, title=f"Beaker {number}", sku=f"BK-{number:04}", brand=None)
    make_product(session, title="Beaver brush", brand=None, category="bath")
    make_product(session, title="Power bank 20000", sku="PB/20-K", brand="Volt", category="desk")
    make_product(session, title="Smartwatch strap", brand="Volt", category="desk")
    make_product(session, title="Wi-Fi lamp", brand="Volt", category="light", description="Speaks to televisions.")


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("baeker", "beaker"),
        ("beakerr", "beaker"),
        ("beaer", "beaker"),
        ("beakex", "beaker"),
        ("power bnak", "power bank"),
        ("powwer bank", "power bank"),
        ("smartwacth", "smartwatch"),
        ("smartwathc strap", "smartwatch strap"),
    ],
)
def test_one_slip_is_mended_and_said(session, shop, typed, spelt):
    page = search(session, typed)

    assert page.corrected == spelt
    assert titles(page) == titles(search(session, spelt))
    assert page.total


@pytest.mark.parametrize("typed", ["beaver", "20000", "bk-0007", "beake", "lamp", "televisions", "beaker 0007"])
def test_what_exists_is_never_taken_for_something_else(session, shop, typed):
    page = search(session, typed)

    assert page.corrected is None
    assert page.total


def test_numbers_are_not_corrected_into_others(session, shop):
    page = search(session, "bk-9999")

    assert (page.total, page.corrected) == (0, None)


def test_a_rare_word_is_shown_with_the_frequent_one_that_may_be_meant(session, shop):
    page = search(session, "beaver")

    assert titles(page) == ["Beaver brush"]
    assert page.meant == "beaker"
    assert search(session, "beaker").meant is None


@pytest.mark.parametrize(
    ("q", "title"),
    [
        ("powerbank", "Power bank 20000"),
        ("smart watch strap", "Smartwatch strap"),
        ("wifi lamp", "Wi-Fi lamp"),
        ("wi fi lamp", "Wi-Fi lamp"),
        ("WI-FI", "Wi-Fi lamp"),
        ("pb20k", "Power bank 20000"),
        ("PB 20 K", "Power bank 20000"),
        ("pb-20", "Power bank 20000"),
        ("20k", "Power bank 20000"),
        ("BK 0007", "Beaker 7"),
        ("0007", "Beaker 7"),
    ],
)
def test_words_and_part_numbers_are_found_however_they_are_put_together(session, shop, q, title):
    assert titles(search(session, q)) == [title]


def test_what_has_not_all_words_is_shown_if_nothing_has_and_the_nearest_first(session, shop):
    page = search(session, "volt lamp with a power cable")

    assert page.relaxed
    assert sorted(titles(page)[:2]) == ["Power bank 20000", "Wi-Fi lamp"]
    assert not search(session, "volt lamp").relaxed


def test_nothing_at_all_shows_what_others_buy(session, shop):
    page = search(session, "xylophone")

    assert (page.total, page.cards, page.corrected, page.relaxed) == (0, (), None, False)
    assert len(page.best_sellers) == 4
    assert search(session, '"xylophone"').best_sellers == page.best_sellers


def counted(session: Session) -> dict[str, int]:
    return {word.word: word.products for word in session.scalars(select(Word).where(Word.products != 0))}


def test_the_vocabulary_follows_the_lists(session):
    lamp = make_product(session, title="Brass lamp", brand=None, category="light")
    make_product(session, title="Oak lamp, brass-bound", brand=None, category="light")
    assert counted(session) == {"brass": 2, "lamp": 2, "oak": 1, "bound": 1, "brassbound": 1, "light": 2}

    commands.archive(session, product_id=lamp.id)
    session.flush()
    listing.refresh(session, [lamp.id])

    followed = counted(session)
    assert followed == {"brass": 1, "lamp": 1, "oak": 1, "bound": 1, "brassbound": 1, "light": 1}
    session.expire_all()
    listing.refresh_all(session)
    assert counted(session) == followed


def test_lists_of_an_older_form_are_worked_out_anew_once(session, shop):
    session.execute(text("DELETE FROM catalog.listing_builds"))
    session.execute(text("UPDATE catalog.listings SET search_title = ''"))

    assert listing.rebuild(session) == 1
    assert listing.rebuild(session) == 0
    assert search(session, "baeker").corrected == "beaker"


@pytest.mark.parametrize(
    ("typed", "meant", "cost"),
    [
        ("latpop", "laptop", 0.0),
        ("garrmin", "garmin", 0.0),
        ("camra", "camera", 0.4),
        ("cameka", "camera", 1.0),
        ("xamera", "camera", 2.2),
        ("camera", "camera", None),
        ("cmr", "camera", None),
        ("acmera", "camera", 0.6),
    ],
)
def test_a_slip_costs_what_it_is_worth(typed, meant, cost):
    assert slip(typed, meant) == (None if cost is None else pytest.approx(cost))


def test_distance_counts_a_swap_as_one():
    assert (distance("ab", "ba"), distance("kitten", "sitting"), distance("", "abc")) == (1, 3, 3)


def test_frequency_decides_between_words_that_are_as_near():
    assert likely("raido", [("raid", 30), ("radio", 28), ("raidon", 1)])[0] == ("radio", 28)
    assert likely("mose", [("mouse", 200), ("moose", 2), ("mosel", 1)])[0] == ("mouse", 200)
