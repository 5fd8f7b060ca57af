"""Writing amounts and rates as people of a locale read them."""

from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency, format_percent, get_currency_precision, parse_pattern

from domain.shared.money import exponent


def format_money(amount: int, currency: str, locale: str | Locale) -> str:
    """Write minor units with as many decimals as the currency has: 1250 EUR is €12.50, 1250 KWD is KWD1.250.

    Babel knows how many decimals people use, which for some currencies is fewer than ISO 4217 has (the Iraqi dinar):
    an amount that is charged is never rounded on the page.
    """
    digits = exponent(currency)
    value = Decimal(amount).scaleb(-digits)
    if get_currency_precision(currency) == digits:
        return str(format_currency(value, currency, locale=locale))
    standard = Locale.parse(locale).currency_formats["standard"]
    pattern = parse_pattern(standard.pattern)
    pattern.frac_prec = (digits, digits)
    return str(pattern.apply(value, locale, currency=currency, currency_digits=False))


def format_rate(basis_points: Decimal | str, locale: str | Locale) -> str:
    """Write a rate of tax, to its last decimal: 2300 is 23%, 662.5 is 6.625%."""
    return str(format_percent(Decimal(basis_points) / 10_000, locale=locale, decimal_quantization=False))


def plain_amount(amount: int, currency: str) -> str:
    """Write minor units as machines read them: 1250 EUR is 12.50, 1250 JPY is 1250."""
    return f"{Decimal(amount).scaleb(-exponent(currency)):f}"
