"""Zones and methods: what goes where, for how much, and when."""

from datetime import UTC, date, datetime, time

import pytest

from domain.orders.delivery import Method, Zone, delivery_options, methods_to, zone_of
from domain.orders.places import Destination
from domain.orders.queries.delivery import countries_of

FRIDAY = datetime(2026, 5, 15, 13, 59, tzinfo=UTC)
POST = Method(code="post", name="Post", price=500)
ZONES = (
    Zone(code="home", name="Home", places=frozenset({"IE"}), methods=(POST,)),
    Zone(code="west", name="West", places=frozenset({"US-CA", "US-OR"}), methods=(POST,)),
    Zone(code="us", name="USA", places=frozenset({"US"})),
    Zone(code="rest", name="Rest", places=frozenset({"*"}), methods=(POST,)),
)


@pytest.mark.parametrize(
    ("country", "region", "zone"),
    [
        ("IE", "", "home"),
        ("US", "CA", "west"),
        ("US", "NY", "us"),
        ("US", "", "us"),
        ("JP", "", "rest"),
        ("ES", "CN", "rest"),
    ],
)
def test_the_closest_name_decides_the_zone(country, region, zone):
    found = zone_of(ZONES, Destination(country=country, region=region))
    assert found is not None
    assert found.code == zone


def test_a_zone_without_methods_and_a_place_without_a_zone_are_not_delivered_to():
    assert methods_to(ZONES, Destination(country="US", region="NY")) == ()
    assert methods_to(ZONES[:3], Destination(country="JP")) == ()
    assert countries_of(ZONES) == ()
    assert countries_of(ZONES[:3]) == ("IE", "US")


@pytest.mark.parametrize(
    ("grams", "goods", "price"),
    [
        (0, 100, 490),
        (2000, 100, 490),
        (2001, 100, 990),
        (5000, 100, 990),
        (5001, 100, None),
        (5000, 8000, 0),
        (5001, 8000, None),
    ],
)
def test_the_first_band_that_is_not_exceeded_gives_the_price(grams, goods, price):
    method = Method(code="m", name="M", priced_by="weight", bands=((2000, 490), (5000, 990)), free_above=8000)

    assert method.cost(goods=goods, grams=grams) == price
    assert method.limited


@pytest.mark.parametrize(("goods", "price"), [(0, 900), (5000, 900), (5001, 400), (10**9, 400)])
def test_a_last_band_without_a_limit_carries_everything(goods, price):
    method = Method(code="m", name="M", priced_by="worth", bands=((5000, 900), (None, 400)))

    assert method.cost(goods=goods, grams=10**9) == price
    assert not method.limited
    assert not POST.limited


@pytest.mark.parametrize(
    ("now", "days", "arrives"),
    [
        (FRIDAY, 1, date(2026, 5, 18)),
        (FRIDAY.replace(hour=14, minute=0), 1, date(2026, 5, 19)),
        (FRIDAY.replace(day=16, hour=20), 1, date(2026, 5, 19)),  # a Saturday evening counts as Monday morning
        (FRIDAY.replace(hour=14, minute=0), 0, date(2026, 5, 18)),
    ],
)
def test_what_is_ordered_from_the_cut_off_on_leaves_on_the_next_working_day(now, days, arrives):
    method = Method(code="m", name="M", min_days=days, max_days=days + 1, cut_off=time(14))

    option = delivery_options([method], goods=1, grams=0, currency="EUR", now=now)[0]

    assert option.arrives_from == arrives
