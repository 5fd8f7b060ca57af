"""Money: integers, one rounding rule, and shares that always sum."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.money import CurrencyMismatch, Money, divide_half_up, exponent, share_out


@pytest.mark.parametrize(
    ("numerator", "denominator", "result"),
    [(5, 2, 3), (-5, 2, -3), (4, 2, 2), (1, 3, 0), (2, 3, 1), (0, 7, 0), (20744, 10, 2074), (25674, 100, 257)],
)
def test_halves_are_rounded_away_from_zero(numerator, denominator, result):
    assert divide_half_up(numerator, denominator) == result


@pytest.mark.parametrize("denominator", [0, -1])
def test_a_denominator_must_be_positive(denominator):
    with pytest.raises(ValueError, match="positive"):
        divide_half_up(1, denominator)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_rounding_is_never_more_than_half_a_unit_off(numerator, denominator):
    assert abs(2 * (divide_half_up(numerator, denominator) * denominator - numerator)) <= denominator


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_shares_sum_to_the_whole_and_stay_within_one_unit_of_their_part(total, weights):
    parts = share_out(total, weights)

    assert sum(parts) == total
    assert all((part >= 0) == (total >= 0) or part == 0 for part in parts)
    if sum(weights):
        assert all(
            abs(part * sum(weights) - total * weight) < sum(weights)
            for part, weight in zip(parts, weights, strict=True)
        )


def test_shares_go_to_the_largest_remainder_and_then_to_the_earlier_part():
    assert share_out(100, [1, 1, 1]) == [34, 33, 33]
    assert share_out(10, [0, 3, 7]) == [0, 3, 7]
    assert share_out(5, [0, 0]) == [3, 2]
    assert share_out(0, []) == []
    with pytest.raises(ValueError, match="nothing to share"):
        share_out(1, [])
    with pytest.raises(ValueError, match="negative"):
        share_out(1, [2, -1])


def test_amounts_of_one_currency_are_added_and_compared():
    assert Money(100, "EUR") + Money(50, "EUR") - Money(1, "EUR") == Money(149, "EUR")
    assert 3 * Money(5, "EUR") == Money(15, "EUR") == -Money(-15, "EUR")
    assert Money(1, "EUR") < Money(2, "EUR") <= Money(2, "EUR")
    assert not Money.zero("EUR")
    for deed in (lambda: Money(1, "EUR") + Money(1, "USD"), lambda: Money(1, "EUR") < Money(1, "USD")):
        with pytest.raises(CurrencyMismatch):
            deed()


def test_currencies_have_their_own_decimals():
    assert [exponent(currency) for currency in ("EUR", "JPY", "KWD")] == [2, 0, 3]
