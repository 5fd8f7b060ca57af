"""Zones and ways to deliver, as staff set them."""

import re
from decimal import Decimal

import pytest
from sqlalchemy import text

from domain.orders.places import Destination
from domain.orders.queries import delivery_options
from domain.shared.db import transaction, utcnow
from tests.admin.conftest import send
from tests.factories.delivery import make_method

METHOD = {
    "name": "Parcel", "description": "", "carrier": "", "priced_by": "flat", "price": "4.90", "free_above": "",
    "min_days": "1", "max_days": "3", "cut_off": "14:00", "position": "0", "active": "y",
}  # fmt: skip


def bands(*pairs: tuple[str, str]) -> dict[str, str]:
    return {f"bands-{i}-{name}": value for i, pair in enumerate(pairs)
            for name, value in zip(("up_to", "price"), pair, strict=True)}  # fmt: skip


def options(sessions, place: str, *, goods: int = 1000, grams: int = 0) -> list[tuple[str, int]]:
    country, _, region = place.partition("-")
    with sessions() as session:
        found = delivery_options(
            session, destination=Destination(country=country, region=region), goods=goods, grams=grams, currency="EUR",
            now=utcnow(),
        )  # fmt: skip
        return [(option.code, option.price.amount) for option in found]


def test_a_zone_and_its_methods_are_made_and_shoppers_get_them(staff, sessions):
    client = staff("manager")
    answer = client.post("/delivery/zones", data={"name": "Far away", "places": "jp us-ca, CH"})
    assert (answer.status_code, answer.location) == (303, "/delivery/zones/far-away")
    by_weight = METHOD | {"priced_by": "weight"} | bands(("0.5", "7.90"), ("30", "15"))
    assert client.post("/delivery/zones/far-away/methods", data=by_weight).status_code == 303
    by_worth = METHOD | {"name": "Parcel", "priced_by": "worth", "free_above": "100", "position": "1"}
    client.post("/delivery/zones/far-away/methods", data=by_worth | bands(("50", "9.90"), ("", "4.90")))

    assert options(sessions, "CH", grams=500) == [("parcel", 790), ("parcel-2", 990)]
    assert options(sessions, "CH", grams=501, goods=5001) == [("parcel", 1500), ("parcel-2", 490)]
    assert options(sessions, "US-CA", grams=30_001, goods=10_000) == [("parcel-2", 0)]
    assert options(sessions, "US-NY") == []
    page = client.get("/delivery").text
    assert "up to 0.5 kg €7.90, up to 30 kg €15.00" in page
    assert "Switzerland, Japan, US-CA" in page


def test_a_method_is_changed_hidden_and_taken_away_with_what_the_form_showed(staff, sessions):
    with transaction(sessions) as tx:
        make_method(tx, "van", priced_by="weight", bands=[{"up_to": 2500, "price": 790}, {"up_to": None, "price": 990}])
    client = staff("owner")
    page = client.get("/delivery/methods/van").text
    assert 'value="2.5"' in page
    assert 'value="7.90"' in page

    send(client, "/delivery/methods/van", METHOD | {"price": "0"})
    assert options(sessions, "IE") == [("van", 0)]
    send(client, "/delivery/methods/van", {name: value for name, value in METHOD.items() if name != "active"})
    assert options(sessions, "IE") == []
    assert "Not offered" in client.get("/delivery").text
    assert send(client, "/delivery/methods/van/removal", {}, "/delivery/methods/van").status_code == 303
    assert client.post("/delivery/methods/van/removal").status_code == 404
    assert send(client, "/delivery/zones/van-zone/removal", {}, "/delivery/zones/van-zone").status_code == 303
    assert client.get("/delivery/zones/van-zone").status_code == 404


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "Enter a name."),
        ({"price": ""}, "Enter a price; 0 is free."),
        ({"price": "-1"}, "Enter an amount of zero or more."),
        ({"priced_by": "weight"}, "Enter at least one band."),
        ({"priced_by": "weight", **bands(("heavy", "5"))}, "Enter a weight in kilograms such as 2.5."),
        ({"priced_by": "worth", **bands(("", "5"), ("10", "4"))}, "Only the last band can be without a limit."),
        ({"priced_by": "worth", **bands(("10", "5"), ("10", "4"))}, "Write the bands from the lowest limit"),
        ({"priced_by": "worth", **bands(("10", ""))}, "Enter the price of this band, or empty its limit."),
        ({"min_days": "5"}, "Enter working days from 5 to 90."),
        ({"cut_off": "25:00"}, "Enter a time such as 14:00."),
    ],
)
def test_a_method_that_makes_no_sense_is_refused_and_nothing_changes(staff, sessions, changes, message):
    with transaction(sessions) as tx:
        make_method(tx, "van", price=300)

    answer = send(staff("manager"), "/delivery/methods/van", METHOD | changes)

    assert answer.status_code == 422
    assert message in answer.text
    assert options(sessions, "IE") == [("van", 300)]


@pytest.mark.parametrize(
    ("places", "message"),
    [
        ("", "Enter at least one place."),
        ("IRL", "IRL is no place."),
        ("FR, IE", "IE is in the zone “Van-zone” already."),
    ],
)
def test_a_place_is_in_one_zone_alone(staff, sessions, places, message):
    with transaction(sessions) as tx:
        make_method(tx, "van")

    answer = staff("owner").post("/delivery/zones", data={"name": "Other", "places": places})

    assert answer.status_code == 422
    assert message in answer.text
    with sessions() as session:
        assert session.scalars(text("SELECT place FROM orders.zone_places")).all() == ["IE"]


def version_of_rate(page: str, day: str) -> str:
    form = next(form for form in page.split("<form") if f'name="valid_from" value="{day}"' in form)
    return re.search(r'name="version" value="([^"]+)"', form)[1]


def test_the_tax_of_a_country_changes_on_new_years_day(staff, sessions):
    client = staff("owner")
    assert send(client, "/tax/sets", {"sets": ["eu", "uk"]}, "/tax").status_code == 303
    rate = {"country": "ie", "region": "", "tax_class": "standard", "name": "VAT", "source": "Budget 2027"}
    assert client.post("/tax/rates", data=rate | {"percent": "22,5", "valid_from": "2027-01-01"}).status_code == 303
    send(client, "/tax/sets", {"sets": ["eu"]}, "/tax")

    page = client.get("/tax/IE").text
    assert "Budget 2027" in page
    assert "22.5%" in page
    with sessions() as session:
        rows = session.execute(text(
            "SELECT valid_from::text, basis_points, tax_set FROM orders.tax_rates"
            " WHERE country = 'IE' AND tax_class = 'standard' ORDER BY valid_from"
        )).all()  # fmt: skip
        assert [tuple(row) for row in rows] == [
            ("2021-03-01", Decimal(2300), "eu"), ("2027-01-01", Decimal(2250), "")
        ]  # fmt: skip
        assert session.scalar(text("SELECT count(*) FROM orders.tax_rates WHERE country = 'GB'")) == 0

    gone = rate | {"country": "IE", "valid_from": "2027-01-01"}
    client.post(
        "/tax/rates/removal", data=gone | {"version": version_of_rate(client.get("/tax/IE").text, "2027-01-01")}
    )
    assert "22.5%" not in client.get("/tax/IE").text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"percent": "a lot"}, "Enter a percentage such as 23 or 6.625."),
        ({"percent": "101"}, "Enter a percentage from 0 to 100"),
        ({"country": "Ireland"}, "Choose a country."),
        ({"country": "US"}, "Enter the state, such as CA"),
        ({"valid_from": "soon"}, "Enter a day such as 2027-01-01."),
        ({"name": ""}, "Enter what the tax is called."),
    ],
)
def test_a_rate_that_makes_no_sense_is_refused(staff, sessions, changes, message):
    rate = {"country": "IE", "region": "", "tax_class": "standard", "name": "VAT", "source": "", "percent": "23",
            "valid_from": "2026-01-01"}  # fmt: skip
    answer = staff("owner").post("/tax/rates", data=rate | changes)

    assert answer.status_code == 422
    assert message in answer.text
    with sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM orders.tax_rates")) == 0


def test_tax_is_for_those_who_may_change_settings_and_delivery_for_managers(staff):
    assert [staff(role).get("/tax").status_code for role in ("owner", "manager", "orders")] == [200, 403, 403]
    assert [staff(role, role + "2").get("/delivery").status_code for role in ("manager", "orders")] == [200, 403]
