"""The answers of the first steps that no other page asks for in this way."""

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from admin.forms.delivery import PlacesField
from admin.forms.fields import AmountField, Between, CountField
from web.forms import ShopForm, clean


class FirstDeliveryForm(ShopForm):
    """A first way to deliver, to the places it goes to."""

    places = PlacesField("Countries you deliver to")
    name = StringField("What it is called", [DataRequired("Enter a name."), Length(max=120)], filters=[clean])
    price = AmountField("Price")
    free_above = AmountField("Free from a worth of")
    min_days = CountField("Working days, at least", [Between(0, 90)])
    max_days = CountField("Working days, at most", [Between(0, 90)])

    def validate_price(self, field: AmountField) -> None:
        """It costs something or nothing, and that is said."""
        if field.data is None and not field.errors:
            raise ValidationError("Enter a price; 0 is free.")


class FirstProductForm(ShopForm):
    """A first product that comes in one way."""

    title = StringField("What it is called", [DataRequired("Enter a name."), Length(max=255)], filters=[clean])
    category = StringField("Category", [DataRequired("Enter a category."), Length(max=120)], filters=[clean])
    description = TextAreaField("Description", [Length(max=20_000)])
    price = AmountField("Price")
    sku = StringField("SKU", [DataRequired("Enter a SKU."), Length(max=40)], filters=[clean])
    on_hand = CountField("How many there are", [Between(0, 1_000_000)])
    publish = BooleanField("On sale at once")

    def validate_price(self, field: AmountField) -> None:
        """A product has a price."""
        if field.data is None and not field.errors:
            raise ValidationError("Enter a price.")
