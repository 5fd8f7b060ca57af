"""Putting things in the cart, and how many."""

import re

from wtforms import HiddenField, IntegerField
from wtforms.validators import DataRequired, InputRequired, NumberRange

from domain.cart.limits import MAX_PER_LINE
from web.forms import ShopForm, clean


class QuantityField(IntegerField):
    """How many; what is no whole number is refused in the same words as a number out of range."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a few digits; anything else is no number."""
        text = (valuelist[0] if valuelist else "").strip()
        self.data = int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else None


class BuyForm(ShopForm):
    """An item for the cart."""

    sku = HiddenField(filters=[clean], validators=[DataRequired("Choose a variant first.")])
    quantity = QuantityField(
        "Quantity",
        default=1,
        validators=[
            InputRequired("Enter how many you want."),
            NumberRange(1, MAX_PER_LINE, f"Enter a quantity from 1 to {MAX_PER_LINE}."),
        ],
        render_kw={"inputmode": "numeric", "min": 1, "max": MAX_PER_LINE},
    )


class LineForm(ShopForm):
    """Another quantity for a line of the cart; 0 takes it out."""

    quantity = QuantityField(
        "Quantity",
        validators=[
            InputRequired("Enter how many you want."),
            NumberRange(0, MAX_PER_LINE, f"Enter a quantity from 0 to {MAX_PER_LINE}."),
        ],
    )
