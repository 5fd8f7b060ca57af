"""What staff say about returns and refunds."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length

from admin.forms.fields import AmountField
from domain.orders import commands
from domain.orders.queries import AdminOrder, ReturnView
from web.forms import ShopForm, clean


def whole_number(text: str) -> int | None:
    """Read a whole number, or None if it is none; nothing counts as nought."""
    text = text.strip()
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


class DecisionForm(ShopForm):
    """Whether a return is agreed to, and a word to the shopper."""

    decision = StringField("Decision", [AnyOf(("approve", "refuse"), message="Agree to the return, or refuse it.")])
    answer = TextAreaField(
        "Your answer",
        [DataRequired("Write a line to the shopper: where to send it, or why not."), Length(max=1000)],
        render_kw={"rows": 4, "maxlength": 1000},
    )

    @property
    def approve(self) -> bool:
        """Whether it is agreed to."""
        return bool(self.decision.data == "approve")


class ReceiptForm(ShopForm):
    """What has come back, and whether the money goes back at once."""

    refund = BooleanField("Give the money for these items back now", default=True)

    def read_lines(self, answers: MultiDict[str, str], view: ReturnView) -> tuple[dict[UUID, int], set[UUID]]:
        """Return how many of each line have come back and which lines go on the shelf, noting what is no number."""
        received: dict[UUID, int] = {}
        for line in view.lines:
            units = whole_number(answers.get(f"received-{line.line_id}", ""))
            if units is None or units > line.quantity:
                self.refuse("", f"{line.title}: enter a whole number from 0 to {line.quantity}.")
            else:
                received[line.line_id] = units
        return received, {line.line_id for line in view.lines if answers.get(f"restock-{line.line_id}")}


class RefundForm(ShopForm):
    """What is given back, and why."""

    delivery = AmountField("Delivery")
    amount = AmountField("Or a plain amount")
    restock = BooleanField("Items that were not sent go back on sale", default=True)
    reason = StringField(
        "Reason", [DataRequired("Say why, in words the shopper may read."), Length(max=300)], filters=[clean]
    )

    def read_quantities(self, answers: MultiDict[str, str], order: AdminOrder) -> dict[UUID, int]:
        """Return how many of each line are refunded, noting what is no number."""
        quantities: dict[UUID, int] = {}
        for line in order.lines:
            units = whole_number(answers.get(f"quantity-{line.id}", ""))
            if units is None or units > line.quantity:
                self.refuse("", f"{line.title}: enter a whole number from 0 to {line.quantity}.")
            else:
                quantities[line.id] = units
        return quantities

    def says_one_thing(self, quantities: Mapping[UUID, int]) -> bool:
        """Note, where both were given, that items and delivery are one refund and a plain amount another."""
        if self.amount.data and (self.delivery.data or any(quantities.values())):
            self.refuse("", "Give back either items and delivery, or a plain amount, not both at once.")
        return not self.form_errors

    def carry_out(self, tx: Session, *, order_id: UUID, quantities: Mapping[UUID, int], actor: str) -> None:
        """Ask the money back that the form says."""
        if self.amount.data:
            commands.request_refund(
                tx, order_id=order_id, amount=self.amount.data, reason=self.reason.data, actor=actor
            )
            return
        commands.refund_lines(
            tx,
            order_id=order_id,
            quantities=quantities,
            delivery=self.delivery.data or 0,
            reason=self.reason.data,
            actor=actor,
            restock=self.restock.data,
        )
