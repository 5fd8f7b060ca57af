"""Amounts and counts as people type them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin.forms.fields import format_amount, parse_amount


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("12,50", "EUR", 1250),
        ("12.50", "EUR", 1250),
        ("12", "EUR", 1200),
        ("12.5", "EUR", 1250),
        ("0", "EUR", 0),
        ("0.01", "EUR", 1),
        (".50", "EUR", None),
        ("1.250,00", "EUR", 125000),
        ("1,250.00", "EUR", 125000),
        ("1 250,00", "EUR", 125000),
        ("1\u00a0250,00", "EUR", 125000),
        ("1'250.00", "EUR", 125000),
        ("1.250.000", "EUR", 125000000),
        ("1,250", "EUR", None),
        ("1.2.3", "EUR", None),
        ("12.345", "EUR", None),
        ("12.", "EUR", None),
        ("abc", "EUR", None),
        ("-1", "EUR", None),
        ("−1", "EUR", None),
        ("1e3", "EUR", None),
        ("NaN", "EUR", None),
        ("12 EUR", "EUR", None),
        ("١٢", "EUR", None),
        ("1250", "JPY", 1250),
        ("12.50", "JPY", None),
        ("12.345", "KWD", 12345),
        ("0.1", "EUR", 10),
        ("19.99", "EUR", 1999),
        ("90071992547409.93", "EUR", 9007199254740993),
    ],
)
def test_an_amount_is_read_exactly_or_refused(text, currency, amount):
    if amount is None:
        with pytest.raises(ValueError, match=r"Enter an amount|Use at most|has no decimals"):
            parse_amount(text, currency)
    else:
        assert parse_amount(text, currency) == amount


@given(st.integers(0, 10**15), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_what_a_field_shows_it_reads_back(amount, currency):
    assert parse_amount(format_amount(amount, currency), currency) == amount


@given(st.text(max_size=20))
def test_nothing_that_is_typed_breaks_it(text):
    with contextlib.suppress(ValueError):
        assert parse_amount(text, "EUR") >= 0
