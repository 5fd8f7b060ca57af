"""Which rate is borne where and when, and the rates that come with the shop."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from domain.orders.address import Address
from domain.orders.commands.tax import save_tax_rate, use_tax_sets
from domain.orders.errors import BadTaxRate
from domain.orders.models import TaxRate
from domain.orders.places import US_STATES, Destination, destination_of, us_state
from domain.orders.queries.delivery import terms_for
from domain.orders.tax.rates import CLASSES, Rate, rate_of
from domain.orders.tax.sets import set_names, tax_set
from domain.orders.tax.shares import tax_on, taxes_of
from tests.factories.delivery import make_rate

EU = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
}  # fmt: skip
STATES = set(US_STATES) - {"AA", "AE", "AP", "AS", "GU", "MP", "PR", "UM", "VI"}
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def bearing(session, country: str, tax_class: str = "standard", *, region: str = "", now: datetime = NOW) -> Decimal:
    terms = terms_for(session, destination=Destination(country=country, region=region), now=now)
    return rate_of(terms.rates, tax_class).basis_points


@pytest.mark.parametrize("name", set_names())
def test_every_set_says_where_and_when_it_was_read_and_is_sound(name):
    found = tax_set(name)

    assert found.source
    assert date(2026, 1, 1) <= found.date <= date(2026, 11, 23)
    keys = [(rate.country, rate.region, rate.tax_class, rate.valid_from) for rate in found.rates]
    assert len(set(keys)) == len(keys)
    for rate in found.rates:
        assert rate.tax_class in CLASSES
        assert 0 <= rate.basis_points <= 2700
        assert rate.basis_points == rate.basis_points.quantize(Decimal("0.001"))
        assert "standard" in {other.tax_class for other in found.rates if other.country == rate.country}


@pytest.mark.parametrize("country", sorted(EU))
def test_every_member_state_has_its_rates_within_the_directive(country):
    rates = [rate for rate in tax_set("eu").rates if rate.country == country and not rate.region]
    standard = [rate.basis_points for rate in rates if rate.tax_class == "standard"]
    reduced = [rate.basis_points for rate in rates if rate.tax_class in ("reduced", "second_reduced")]
    lower = [rate.basis_points for rate in rates if rate.tax_class == "super_reduced"]

    assert len(standard) == 1
    assert 1500 <= standard[0] <= 2700
    assert bool(reduced) == (country != "DK")
    assert all(500 <= points < standard[0] for points in reduced)
    assert all(0 < points < 500 for points in lower)
    borne = {*standard, *reduced, *lower, Decimal(0)} if country != "SE" else {2500, 1200, 600, 0}
    assert all(rate.basis_points in borne for rate in rates)


def test_the_sets_are_whole():
    assert set_names() == ("eu", "none", "uk", "us")
    assert {rate.country for rate in tax_set("eu").rates} == EU
    assert {rate.country for rate in tax_set("uk").rates} == {"GB", "IM"}
    states = {rate.region: rate.basis_points for rate in tax_set("us").rates if rate.tax_class == "standard"}
    assert set(states) == STATES
    assert len(states) == 51
    assert {state for state, points in states.items() if not points} == {"AK", "DE", "MT", "NH", "OR"}
    assert (states["NJ"], states["MO"], states["CA"]) == (Decimal("662.5"), Decimal("422.5"), 725)
    assert tax_set("none").rates == ()


def test_the_sets_in_use_say_what_is_borne(session):
    assert use_tax_sets(session, ["uk", "eu"]) == len(tax_set("eu").rates) + len(tax_set("uk").rates)

    assert bearing(session, "IE") == 2300
    assert bearing(session, "FI") == 2550
    assert bearing(session, "IE", "books") == 0
    assert bearing(session, "DE", "books") == 700
    assert bearing(session, "DE", "children_clothing") == 1900  # no rate of its own: the standard one
    assert bearing(session, "GB", "children_clothing") == 0
    assert bearing(session, "ES", "books", region="CN") == 0  # outside the VAT area: none of Spain's rates
    assert bearing(session, "PT", region="30") == 2200
    assert bearing(session, "CH") == 0
    assert bearing(session, "SE", "food", now=datetime(2026, 3, 31, tzinfo=UTC)) == 1200
    assert bearing(session, "SE", "food") == 600

    use_tax_sets(session, ["none"])
    assert session.scalars(select(TaxRate)).all() == []


def test_a_rate_holds_from_its_day_on_and_one_entered_by_hand_outlives_a_change_of_sets(session):
    use_tax_sets(session, ["eu"])
    given = {"country": "DE", "region": "", "tax_class": "standard", "name": "MwSt.", "source": "BGBl."}
    save_tax_rate(session, **given, valid_from=date(2027, 1, 1), basis_points=Decimal(1600))
    save_tax_rate(session, **given, valid_from=date(2027, 1, 1), basis_points=Decimal(2000))
    use_tax_sets(session, ["eu"])

    assert bearing(session, "DE", now=datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == 1900
    assert bearing(session, "DE", now=datetime(2027, 1, 1, tzinfo=UTC)) == 2000


def test_an_unknown_set_is_refused_and_changes_nothing(session):
    make_rate(session, "IE", 2300, tax_set="eu")
    with pytest.raises(BadTaxRate, match="There is no tax set mars"):
        use_tax_sets(session, ["uk", "mars"])

    assert bearing(session, "IE") == 2300


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ({"country": "US", "region": "California"}, ("US-CA", "US", "*")),
        ({"country": "US", "region": "d.c."}, ("US-DC", "US", "*")),
        ({"country": "US", "region": "nowhere"}, ("US", "*")),
        ({"country": "ES", "postcode": "35001"}, ("ES-CN", "ES", "*")),
        ({"country": "ES", "postcode": "28001"}, ("ES", "*")),
        ({"country": "PT", "postcode": "9000-021"}, ("PT-30", "PT", "*")),
        ({}, ("IE", "*")),
        (None, ("IE", "*")),
    ],
)
def test_a_destination_is_told_by_country_state_and_postcode(address, names):
    assert destination_of(address, otherwise="IE").names == names


def test_an_american_address_has_a_state():
    plain = {"name": "Ada", "line1": "1 Main St", "city": "Portland", "postcode": "97201", "country": "US"}

    assert Address.read(plain).problems() == {"region": "Enter the state."}
    assert Address.read(plain | {"region": "Oregonia"}).problems() == {
        "region": "Enter the state, such as CA or California."
    }
    assert Address.read(plain | {"region": " oregon "}).validate().region == "OR"
    assert us_state("New  York") == us_state("ny") == "NY"


@given(price=st.integers(0, 10**12), points=st.integers(0, 10_000_000))
def test_tax_taken_out_of_a_price_and_put_on_top_again_gives_the_price(price, points):
    rate = Rate(name="VAT", basis_points=Decimal(points) / 1000)
    inside = tax_on(price, rate, included=True)
    net = price - inside

    assert 0 <= inside <= price
    # Each way is off by half a unit at most, so the price comes back to within one.
    assert abs(net + tax_on(net, rate, included=False) - price) <= 1
    if points == 0:
        assert inside == 0


@given(net=st.integers(0, 10**12), points=st.integers(0, 10_000_000))
def test_tax_put_on_top_is_found_again_in_the_price(net, points):
    rate = Rate(name="VAT", basis_points=Decimal(points) / 1000)
    tax = tax_on(net, rate, included=False)

    assert tax_on(net + tax, rate, included=True) == tax


@given(
    amounts=st.lists(st.tuples(st.integers(0, 10**9), st.sampled_from(["2300", "900", "662.5", "0"])), max_size=15),
    included=st.booleans(),
)
def test_the_shares_of_each_rate_sum_to_the_tax_on_its_sum(amounts, included):
    parts = [(amount, Rate(name="VAT", basis_points=Decimal(points))) for amount, points in amounts]
    taxes = taxes_of(parts, included=included)

    for rate in {rate for _, rate in parts}:
        mine = [i for i, (_, borne) in enumerate(parts) if borne == rate]
        assert sum(taxes[i] for i in mine) == tax_on(sum(parts[i][0] for i in mine), rate, included=included)
    assert all(0 <= tax <= amount for tax, (amount, _) in zip(taxes, parts, strict=True))
