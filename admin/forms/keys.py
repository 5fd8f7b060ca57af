"""What is asked for a new key."""

from wtforms import IntegerField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from web.forms import ShopForm, clean

LONGEST = 365
"""Days."""


class KeyForm(ShopForm):
    """What a key is for, what it may do and how long it is good."""

    name = StringField(
        "What is it for?",
        [DataRequired("Say who or what will use the key."), Length(max=100, message="At most 100 characters.")],
        filters=[clean],
    )
    days = IntegerField(
        "Good for how many days?",
        [InputRequired("Enter a number of days."), NumberRange(1, LONGEST, f"Enter a number from 1 to {LONGEST}.")],
        default=90,
        render_kw={"inputmode": "numeric", "min": 1, "max": LONGEST},
    )
    scopes = SelectMultipleField("What may it do?", [DataRequired("Choose at least one thing that it may do.")])
