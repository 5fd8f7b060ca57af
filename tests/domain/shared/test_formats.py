"""Amounts and rates as people read them, with every decimal that is charged."""

from decimal import Decimal

import pytest
from babel.core import get_global

from domain.shared.formats import format_money, format_rate
from domain.shared.money import exponent


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "written"),
    [
        (1250, "EUR", "en_GB", "€12.50"),
        (1250, "JPY", "en_GB", "JP¥1,250"),
        (1250, "KWD", "en_GB", "KWD1.250"),
        (1250, "IQD", "en_GB", "IQD1.250"),
        (-1250, "EUR", "de_DE", "-12,50\xa0€"),
        (5, "KWD", "de_DE", "0,005\xa0KWD"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(amount, currency, locale, written):
    assert format_money(amount, currency, locale) == written


@pytest.mark.parametrize(
    ("points", "locale", "written"),
    [
        ("2300.000", "en_GB", "23%"),
        (Decimal("662.5"), "en_GB", "6.625%"),
        (Decimal(0), "en_GB", "0%"),
        ("2550", "de_DE", "25,5\xa0%"),
    ],
)
def test_a_rate_is_written_to_its_last_decimal(points, locale, written):
    assert format_rate(points, locale) == written


def test_our_exponents_are_those_of_iso_where_babel_counts_the_decimals_people_use():
    fractions = get_global("currency_fractions")
    for currency in ("EUR", "USD", "JPY", "KRW", "KWD", "BHD", "TND", "CLF", "ISK", "VND", "SEK"):
        assert exponent(currency) == fractions.get(currency, fractions["DEFAULT"])[0]
    assert (exponent("IQD"), fractions["IQD"][0]) == (3, 0)
