"""Amounts are read exactly or refused, and so are weights, numbers and dates."""

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalog.imports import prose, values
from domain.catalog.imports.measures import measure
from domain.catalog.imports.notes import BadValue
from domain.shared.formats import plain_amount

DUBLIN = ZoneInfo("Europe/Dublin")


@pytest.mark.parametrize(
    ("text", "minor"),
    [("12.50", 1250), ("12,50", 1250), ("12", 1200), ("12.5", 1250), (".5", 50), ("0.07", 7), ("34.0000", 3400),
     ("€12.50", 1250), ("12,50 €", 1250), ("12.50 EUR", 1250), ("eur 12.50", 1250), ("1,234.56", 123456),
     ("1.234,56", 123456), ("1.234.567,89", 123456789), ("1 234,56", 123456), ("1'234.56", 123456),
     ("1\u202f234,56", 123456), ("1,234,567", 123456700), ("12,-", 1200), ("0", 0), ("1234.5", 123450),
     ("0.100", 10)],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text: str, minor: int) -> None:
    assert values.amount(text, "EUR") == minor


@pytest.mark.parametrize(
    ("text", "why"),
    [("1.234", "“1.234” can be read in two ways."), ("1,234", "“1,234” can be read in two ways."),
     ("12.345,6.7", "“12.345,6.7” can be read in two ways."), ("1.23,456", "“1.23,456” can be read in two ways."),
     ("12.3456", "“12.3456” has more decimals than EUR has."), ("-1", "“-1” is below zero."),
     ("12.50 USD", "“12.50 USD” is in USD, and this shop sells in EUR."),
     ("$12", "“$12” is not in EUR, in which this shop sells."), ("1e3", "“1e3” is not an amount."),
     ("NaN", "“NaN” is not an amount."), ("dear", "“dear” is not an amount."),
     ("12.50 each", "“12.50 each” is not an amount."), ("kräftig", "“kräftig” is not an amount."),
     ("free of charge", "“free of charge” is not an amount."),
     ("12 kr", "“12 kr” is not in EUR, in which this shop sells."), ("99999999999", None)],
)  # fmt: skip
def test_amounts_that_are_unclear_are_refused(text: str, why: str | None) -> None:
    with pytest.raises(BadValue) as refused:
        values.amount(text, "EUR")
    assert why is None or refused.value.message == why


def test_a_currency_decides_what_is_unclear() -> None:
    assert values.amount("1.234", "KWD") == 1234
    assert values.amount("1200", "JPY") == 1200
    with pytest.raises(BadValue):
        values.amount("12.5", "JPY")


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_what_the_shop_writes_it_reads_again(minor: int, currency: str) -> None:
    assert values.amount(plain_amount(minor, currency), currency) == minor


@settings(max_examples=100)
@given(st.text(max_size=20))
def test_no_text_is_more_than_refused(text: str) -> None:
    for read in (lambda: values.amount(text, "EUR"), lambda: values.number(text), lambda: values.grams(text),
                 lambda: values.yes(text), lambda: values.moment(text, DUBLIN)):  # fmt: skip
        with suppress(BadValue):
            read()
    assert "\0" not in prose.plain(text)


def test_weights_keep_their_grams() -> None:
    assert [values.grams(text, unit) for text, unit in (("0,5", "kg"), ("1.5 kg", "g"), ("2", "lbs"), ("1", "oz"))] == [
        500, 1500, 907, 28,
    ]  # fmt: skip
    assert Decimal(values.grams("350", "g")) == 350
    with pytest.raises(BadValue):
        values.grams("heavy")


def test_a_day_that_a_sale_ends_on_is_part_of_it() -> None:
    assert values.moment("2026-07-01", DUBLIN) == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert values.moment("2026-07-01", DUBLIN, ends=True) == datetime(2026, 7, 1, 23, tzinfo=UTC)
    assert values.moment("2026-07-01T13:00+0100", DUBLIN, ends=True) == datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert values.moment("", DUBLIN) is None


def test_descriptions_become_plain_paragraphs() -> None:
    html = (
        "<div><h2>Mug</h2><p>Holds&nbsp;<b>tea</b> &amp; more<br>Safe</p><ul><li>One<li>Two</ul>"
        "<script>alert(1)</script><style>p{}</style><img src=x onerror=alert(1)>&lt;b&gt;</div>"
    )
    assert prose.plain(html) == "Mug\n\nHolds tea & more\n\nSafe\n\n• One\n\n• Two\n\n<b>"
    assert prose.plain("One\nline\r\n\r\nTwo \\n\\n Three") == "One line\n\nTwo\n\nThree"
    assert prose.line("<p>One two three</p>", 9) == "One two…"


@pytest.mark.parametrize(
    ("content", "base", "wanted"),
    [("400 g", "1 kg", "400 g 1000"), ("0,75 L", "1 l", "750 ml 1000"), ("75CL", "100 ml", "750 ml 100"),
     ("2.5 sqm", "", "2.5 m² 1"), ("12 ct", "1ct", "12 piece 1"), ("250 G", "", "250 g 1000"), ("", "1 kg", None)],
)  # fmt: skip
def test_measures_come_in_the_units_of_others(content: str, base: str, wanted: str | None) -> None:
    found = measure(content, base)
    assert (found and f"{found[0].normalize():f} {found[1]} {found[2].normalize():f}") == wanted


@pytest.mark.parametrize("said", ["12 oz/", "400/1 kg", "400 g/1 l", "0 g/", "a/"])
def test_a_measure_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(BadValue):
        measure(*said.split("/"))
