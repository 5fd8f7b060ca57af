"""Fields of the admin's own: amounts of money and whole numbers as people type them."""

import re
from decimal import Decimal
from typing import Any

from flask import current_app
from wtforms import StringField
from wtforms.validators import ValidationError

from domain.shared.money import exponent

HIGHEST_COUNT = 1_000_000

_DIGITS = re.compile(r"[0-9]+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?P<mark>[.,])[0-9]{3}(?:(?P=mark)[0-9]{3})*")


def parse_amount(text: str, currency: str) -> int:
    """Return minor units for an amount as people type it: 12.50, 12,50, 1.250,00 or 1 250; raises ValueError.

    The last point or comma starts the decimals. What could be read in two ways, as 1,250 can, is refused.
    """
    decimals = exponent(currency)
    typed = re.sub(r"[\s'’]", "", text)
    if typed.startswith(("-", "−")):
        raise ValueError("Enter an amount of zero or more.")
    whole, fraction = _split(typed)
    if not _DIGITS.fullmatch(whole) or (fraction and not _DIGITS.fullmatch(fraction)):
        raise ValueError(f"Enter an amount such as {'12' if decimals == 0 else '12.' + '50'.ljust(decimals, '0')}.")
    if len(fraction) > decimals:
        raise ValueError(
            f"{currency} has no decimals. Write thousands without a comma." if decimals == 0
            else f"Use at most {decimals} decimals, and write thousands without a comma."
        )  # fmt: skip
    return int(whole) * 10**decimals + int(fraction.ljust(decimals, "0") or 0)


def format_amount(amount: int, currency: str) -> str:
    """Write minor units as a field shows them: 1250 EUR is 12.50."""
    decimals = exponent(currency)
    return f"{Decimal(amount).scaleb(-decimals):.{decimals}f}"


def _split(typed: str) -> tuple[str, str]:
    last = max(typed.rfind("."), typed.rfind(","))
    if last < 0:
        return typed, ""
    mark = typed[last]
    if typed.count(mark) > 1:  # 1.250.000: a mark that stands twice parts thousands
        return (typed.replace(mark, ""), "") if _THOUSANDS.fullmatch(typed) else ("", "")
    whole, fraction = typed[:last], typed[last + 1 :]
    if not fraction:
        return "", ""
    if "." in whole or "," in whole:
        return (re.sub("[.,]", "", whole), fraction) if _THOUSANDS.fullmatch(whole) else ("", "")
    return whole, fraction


class AmountField(StringField):
    """An amount in the shop's currency; its data are minor units, or None where it is left empty."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format_amount(self.data, _currency())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = parse_amount(text, _currency()) if text else None


class CountField(StringField):
    """A whole number of units; its data are an int, or None where it is left empty."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        text = re.sub(r"\s", "", str(valuelist[0])) if valuelist else ""
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise ValueError("Enter a whole number such as 12.")
        self.data = int(text)


class MeasureField(StringField):
    """How much of something, with up to three decimals; its data are a Decimal, or None where it is left empty."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        text = re.sub(r"\s", "", str(valuelist[0])) if valuelist else ""
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"[0-9]{1,9}([.,][0-9]{1,3})?", text):
            raise ValueError("Enter a number such as 400 or 0.75, with at most three decimals.")
        self.data = Decimal(text.replace(",", "."))


class Between:
    """A number must be there and lie within bounds."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 - WTForms reads it

    def __init__(self, least: int, most: int = HIGHEST_COUNT) -> None:
        self.least, self.most = least, most

    def __call__(self, _form: Any, field: Any) -> None:
        """Refuse a number outside."""
        if field.errors:
            return
        if field.data is None:
            raise ValidationError("Enter a number.")
        if not self.least <= field.data <= self.most:
            raise ValidationError(f"Enter a number from {self.least} to {self.most:,}.")


def _currency() -> str:
    currency: str = current_app.config["SHOP"].currency
    return currency
