"""The owner of an empty shop is led to an open one, by steps that are done when the shop itself says so."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from domain.orders.commands.tax import use_tax_sets
from domain.orders.queries import readiness
from domain.orders.tax.sets import set_names
from domain.shared.db import Sessions, transaction
from domain.shared.preferences import OPENED, in_force, keep, preferences
from domain.shared.settings import Settings
from tests.admin.conftest import StaffClient, send

PLACE = {"name": "Corner & Daughters", "address": "12 Mill Lane\r\nCork", "country": "IE"}
MONEY = {"currency": "EUR", "locale": "en_IE", "timezone": "Europe/Dublin"}
DELIVERY = {
    "places": "IE, GB",
    "name": "By post",
    "price": "4.95",
    "free_above": "50",
    "min_days": "1",
    "max_days": "3",
}
PAYMENT = {"on_demo": "y", "place_demo": "1", "label_demo": "Card"}
GOODS = {"title": "Harbour mug", "category": "Mugs", "description": "It holds tea.", "price": "12.00", "sku": "MUG-1",
         "on_hand": "5", "publish": "y"}  # fmt: skip
STEPS = (("place", PLACE), ("money", MONEY), ("delivery", DELIVERY), ("payment", PAYMENT), ("goods", GOODS))


@pytest.fixture
def owner(staff: StaffClient, sessions: Sessions) -> FlaskClient:
    """The owner of a shop that was just made."""
    with transaction(sessions) as tx:
        keep(tx, {OPENED: "no"})
    return staff("owner")


@pytest.fixture
def done(sessions: Sessions, settings: Settings) -> Callable[[], set[str]]:
    """Say which steps are done."""

    def look() -> set[str]:
        with sessions() as reading:
            return set(readiness(reading, preferences(reading), settings).done)

    return look


def test_step_by_step_to_an_open_shop(
    owner: FlaskClient, done: Callable[[], set[str]], sessions: Sessions, settings: Settings
) -> None:
    assert "0 of 6 steps done" in owner.get("/").text
    assert done() == set()
    address = "/start/place"
    for number, (name, answers) in enumerate(STEPS, start=1):
        assert address == f"/start/{name}"
        assert f"Step {number} of 6" in owner.get(address).text
        answer = send(owner, address, answers)
        assert answer.status_code == 303, answer.text
        address = answer.location
        assert name in done()
    assert address == "/start/tax"
    assert owner.post("/start/tax/later").location == "/start"
    page = owner.get("/start").text
    assert "5 of 6 steps done" in page
    assert "Everything that an order needs is there." in page

    assert owner.post("/start/opening").status_code == 303

    with sessions() as reading:
        assert preferences(reading).open
    assert "The shop is open" in owner.get("/start").text
    assert "steps done" not in owner.get("/").text
    found = in_force(sessions, settings)
    assert (found.name, found.address, found.locale) == ("Corner & Daughters", ("12 Mill Lane", "Cork"), "en_IE")


def test_opening_says_what_is_still_missing_and_changes_nothing(owner: FlaskClient, sessions: Sessions) -> None:
    owner.post("/start/delivery", data=DELIVERY)

    refused = owner.post("/start/opening")

    assert refused.status_code == 422
    assert "Ways to pay is missing" in refused.text
    assert "The first product is missing" in refused.text
    assert "Delivery is missing" not in refused.text
    with sessions() as reading:
        assert not preferences(reading).open


def test_what_is_done_elsewhere_is_done_here(
    owner: FlaskClient, done: Callable[[], set[str]], sessions: Sessions
) -> None:
    send(owner, "/settings", PLACE | {"country": "IE"})
    owner.post("/delivery/zones", data={"name": "Home", "places": "IE"})
    assert done() == {"place"}  # a zone without a way to deliver is none
    with transaction(sessions) as tx:
        use_tax_sets(tx, [next(name for name in set_names() if name != "none")])

    assert done() == {"place", "tax"}


def test_a_step_left_for_later_is_passed_by_and_can_be_taken_still(owner: FlaskClient) -> None:
    assert owner.post("/start/place/later").location == "/start/money"
    assert "Later" in owner.get("/start").text
    assert owner.post("/start/nothing/later").status_code == 404

    send(owner, "/start/place", PLACE)

    assert "1 of 6 steps done" in owner.get("/start").text


def test_the_reminder_can_be_put_away_and_fetched_again(owner: FlaskClient) -> None:
    assert owner.post("/start/away", data={"away": "1"}).location == "/"
    assert "Set up your shop" not in owner.get("/").text
    assert "Show these steps on the first page again" in owner.get("/start").text

    owner.post("/start/away")

    assert "Set up your shop" in owner.get("/").text


@pytest.mark.parametrize(
    ("step", "answers", "words"),
    [
        ("place", PLACE | {"address": " "}, "Enter the address of the shop."),
        ("place", PLACE | {"name": ""}, "Enter a name"),
        ("money", MONEY | {"currency": "XXX1"}, "Enter a currency"),
        ("delivery", DELIVERY | {"places": "Ireland"}, "is no place"),
        ("delivery", DELIVERY | {"price": ""}, "Enter a price; 0 is free."),
        ("payment", {}, "Offer at least one way to pay."),
        ("payment", {"on_stripe": "y"}, "SHOP_STRIPE_SECRET_KEY"),
        ("goods", GOODS | {"price": "much"}, "Enter an amount"),
        ("goods", GOODS | {"sku": ""}, "Enter a SKU."),
        ("tax", {}, "Choose at least one set"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(
    owner: FlaskClient, done: Callable[[], set[str]], step: str, answers: dict[str, str], words: str
) -> None:
    answer = send(owner, f"/start/{step}", answers)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert done() == set()


def test_a_second_product_goes_into_the_category_that_is_there_and_a_taken_sku_is_refused(owner: FlaskClient) -> None:
    assert owner.post("/start/goods", data=GOODS).status_code == 303
    refused = owner.post("/start/goods", data=GOODS | {"title": "Another"})
    assert (refused.status_code in (409, 422), "MUG-1" in refused.text) == (True, True)

    assert owner.post("/start/goods", data=GOODS | {"sku": "MUG-2"}).status_code == 303
    assert owner.get("/categories").text.count(">Mugs<") == 1
