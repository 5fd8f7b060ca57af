"""What staff say when they ship or cancel an order."""

from uuid import UUID

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from admin.forms.fields import HIGHEST_COUNT
from domain.orders.queries import AdminOrder
from web.forms import ShopForm, clean


class ShipForm(ShopForm):
    """A parcel: who carries it, under which number, and how many of each line are in it."""

    carrier = StringField("Carrier", [DataRequired("Enter who carries the parcel."), Length(max=80)], filters=[clean])
    tracking_number = StringField(
        "Tracking number", [DataRequired("Enter the tracking number."), Length(max=120)], filters=[clean]
    )

    def read_quantities(self, answers: MultiDict[str, str], order: AdminOrder) -> dict[UUID, int]:
        """Return how many of each line are in the parcel, and note what is wrong with a number."""
        quantities: dict[UUID, int] = {}
        for line in order.lines:
            typed = answers.get(f"quantity-{line.id}", "").strip()
            if not typed:
                continue
            if not typed.isascii() or not typed.isdigit() or int(typed[:9]) > HIGHEST_COUNT:
                self.refuse("", f"{line.title}: enter a whole number from 0 to {line.left}.")
            elif int(typed) > line.left:
                self.refuse("", f"{line.title}: only {line.left} are left to ship.")
            else:
                quantities[line.id] = int(typed)
        if not self.form_errors and not any(quantities.values()):
            self.refuse("", "Enter how many of at least one item are in the parcel.")
        return quantities


class CancelForm(ShopForm):
    """Why an order is cancelled, and whether its units go back on the shelf."""

    reason = StringField(
        "Reason", [DataRequired("Say why, in words the shopper may read."), Length(max=300)], filters=[clean]
    )
    restock = BooleanField("Put the items back in stock", default=True)
