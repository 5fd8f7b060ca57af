"""The answers of the tax pages."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from admin.forms.conflicts import VersionedForm
from domain.orders.tax.rates import CLASSES
from domain.orders.tax.sets import set_names, tax_set
from web.forms import clean


class PercentField(StringField):
    """A percentage as people type it, 23 or 6.625; its data are basis points."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        typed = re.sub(r"[\s%]", "", str(valuelist[0]) if valuelist else "").replace(",", ".")
        self.data = None
        if not re.fullmatch(r"[0-9]{1,3}([.][0-9]{1,5})?", typed):
            raise ValueError("Enter a percentage such as 23 or 6.625.")
        self.data = Decimal(typed) * 100

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""

    def written(self, value: Decimal | None) -> str:
        """Write basis points as they are typed."""
        return "" if value is None else f"{(value / 100).normalize():f}"


class DayField(StringField):
    """A day as a date field gives it: 2027-01-01."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        self.data = None
        try:
            self.data = date.fromisoformat(str(valuelist[0]).strip() if valuelist else "")
        except ValueError:
            raise ValueError("Enter a day such as 2027-01-01.") from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""


class SetsForm(VersionedForm):
    """Which sets of rates the shop uses."""

    sets = SelectMultipleField(
        "Sets of rates",
        choices=[SelectChoice(name, tax_set(name).title) for name in set_names()],
        validators=[DataRequired("Choose at least one set; “none” is one of them.")],
    )


class RateForm(VersionedForm):
    """A rate that the shop enters itself."""

    country = StringField("Country", [DataRequired("Enter a country by its two letters.")], filters=[clean])
    region = StringField("Region", [Length(max=3)], filters=[clean])
    tax_class = SelectField("For", choices=[SelectChoice(name, words) for name, words in CLASSES.items()])
    percent = PercentField("Rate in percent")
    valid_from = DayField("From")
    name = StringField("Called", [DataRequired("Enter what the tax is called."), Length(max=40)], filters=[clean])
    source = StringField("Where it is written", [Length(max=300)], filters=[clean])


class RemovalForm(VersionedForm):
    """Which rate to take away."""

    country = HiddenField(validators=[DataRequired()], filters=[clean])
    region = HiddenField(filters=[clean])
    tax_class = HiddenField(validators=[DataRequired()], filters=[clean])
    valid_from = DayField("From")
