"""The answers of the delivery pages."""

import re
from datetime import time
from typing import Any

from flask import current_app
from wtforms import BooleanField, FieldList, Form, FormField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from admin.forms.conflicts import VersionedForm
from admin.forms.fields import AmountField, Between, CountField, format_amount, parse_amount
from domain.orders.delivery import BY_WEIGHT, FLAT, PRICED_BY, Method
from domain.orders.queries.rates import MethodRow
from web.forms import NAMED_WHOLE, clean

ROWS = 8
"""How many bands the form has room for."""


class PlacesField(StringField):
    """Places with commas or spaces between them; its data are a tuple of IE, US-CA or *."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        self.data = tuple(dict.fromkeys(re.findall(r"[^\s,;]+", str(valuelist[0]).upper()))) if valuelist else ()

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ", ".join(self.data or ())


class ClockField(StringField):
    """A time of day such as 14:00, or nothing."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", text):
            raise ValueError("Enter a time such as 14:00.")
        self.data = time.fromisoformat(text.zfill(5))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M}" if self.data else ""


class ZoneForm(VersionedForm):
    """A zone and its places."""

    name = StringField("Name", [DataRequired("Enter a name."), Length(max=120)], filters=[clean])
    places = PlacesField("Places")


class BandForm(Form):
    """A limit and the price up to it."""

    up_to = StringField("Up to", filters=[clean])
    price = AmountField("Price")


class MethodForm(VersionedForm):
    """A way to deliver."""

    name = StringField("Name", [DataRequired("Enter a name."), Length(max=120)], filters=[clean])
    description = StringField("Description", [Length(max=300)], filters=[clean])
    carrier = StringField("Carrier", [Length(max=80)], filters=[clean])
    priced_by = SelectField("Priced", choices=[SelectChoice(name, words) for name, words in PRICED_BY.items()])
    price = AmountField("Price")
    bands = FieldList(FormField(BandForm), min_entries=ROWS, max_entries=ROWS)
    free_above = AmountField("Free from a worth of")
    min_days = CountField("Working days, at least", [Between(0, 90)])
    max_days = CountField("Working days, at most", [Between(0, 90)])
    cut_off = ClockField("Leaves the same day if ordered before")
    position = CountField("Place in the list", [Between(0, 99)])
    active = BooleanField("Offered to shoppers")

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        """What is wrong, the bands under the first of them."""
        whole = tuple((NAMED_WHOLE, message) for message in self.form_errors)
        plain = tuple((field.id, str(field.errors[0])) for field in self if field is not self.bands and field.errors)
        bands = tuple((inner.id, str(inner.errors[0])) for entry in self.bands for inner in entry.form if inner.errors)
        return whole + plain + bands

    def refuse(self, field: str, message: str) -> None:
        """Add what the shop says to a field; to the first limit if it is about the bands."""
        if field == "bands":
            first = self.bands[0].form.up_to
            first.errors = [*first.errors, message]
        else:
            super().refuse(field, message)

    def check(self) -> bool:
        """Validate, with the limits of the bands read as kilograms or as an amount."""
        valid = self.validate()
        if self.priced_by.data == FLAT and self.price.data is None and not self.price.errors:
            self.price.errors = ["Enter a price; 0 is free."]
            valid = False
        if self.priced_by.data != FLAT:
            for entry in self.bands:
                problem = _band_problem(entry.form, self.priced_by.data)
                if problem:
                    entry.form.up_to.errors = [problem]
                    valid = False
        return valid

    def terms(self) -> dict[str, Any]:
        """Return the answers as the command takes them; only after they were found valid."""
        by = self.priced_by.data
        plain = ("name", "free_above", "min_days", "max_days", "cut_off", "position", "active")
        return {name: self[name].data for name in plain} | {
            "description": self.description.data or "",
            "carrier": self.carrier.data or "",
            "priced_by": by,
            "price": self.price.data or 0,
            "bands": [
                (_limit(entry.form.up_to.data, by), entry.form.price.data)
                for entry in self.bands
                if by != FLAT and entry.form.price.data is not None
            ],
        }


def answers_of(row: MethodRow) -> dict[str, Any]:
    """Return what the form shows of a way to deliver."""
    method: Method = row.method
    plain = ("name", "description", "carrier", "priced_by", "price", "free_above", "min_days", "max_days", "cut_off")
    bands = [{"up_to": _written(limit, method.priced_by), "price": price} for limit, price in method.bands]
    return {name: getattr(method, name) for name in plain} | {
        "bands": bands + [{"up_to": "", "price": None}] * (ROWS - len(bands)),
        "position": row.position,
        "active": row.active,
        "version": row.version,
    }


def bands_in_words(form: MethodForm) -> str:
    """Write the bands of a form in one line, as they are compared."""
    shop = current_app.config["SHOP"]
    rows = [(entry.form.up_to.data, entry.form.price.data) for entry in form.bands]
    priced = ((up_to or "without limit", price) for up_to, price in rows if price is not None)
    return "; ".join(f"{up_to}: {format_amount(price, shop.currency)}" for up_to, price in priced)


def _band_problem(band: Form, by: str) -> str | None:
    if band.price.errors:
        return None
    if band.up_to.data and band.price.data is None:
        return "Enter the price of this band, or empty its limit."
    try:
        _limit(band.up_to.data, by)
    except ValueError:
        return "Enter a weight in kilograms such as 2.5." if by == BY_WEIGHT else "Enter an amount such as 50."
    return None


def _limit(text: str | None, by: str) -> int | None:
    if not text:
        return None
    # Three decimals of a kilogram are grams, as three of a dinar are fils.
    return parse_amount(text, "KWD" if by == BY_WEIGHT else current_app.config["SHOP"].currency)


def _written(limit: int | None, by: str) -> str:
    if limit is None:
        return ""
    if by == BY_WEIGHT:
        return f"{limit / 1000:.3f}".rstrip("0").rstrip(".")
    return format_amount(limit, current_app.config["SHOP"].currency)
