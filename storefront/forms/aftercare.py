"""What a buyer says who sends goods back."""

from uuid import UUID

from werkzeug.datastructures import MultiDict
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from domain.orders.queries import OrderPage
from web.forms import ShopForm, clean


class ReturnForm(ShopForm):
    """How many of each line go back, and why."""

    reason = TextAreaField(
        "Why do you send it back?",
        [DataRequired("Tell us why, in a few words."), Length(max=500, message="Use at most 500 characters.")],
        filters=[clean],
        render_kw={"rows": 3, "maxlength": 500},
    )

    def read_quantities(self, answers: MultiDict[str, str], order: OrderPage) -> dict[UUID, int]:
        """Return how many of each line go back, and note what is no number."""
        quantities: dict[UUID, int] = {}
        for line in order.lines:
            typed = answers.get(f"quantity-{line.id}", "").strip()
            if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 6):
                self.refuse("", f"{line.title}: enter a whole number.")
            elif typed:
                quantities[line.id] = int(typed)
        return quantities
