"""Money that staff move by hand: transfers that arrived, and transfers back."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, request, url_for

from admin.access import actor, needs
from admin.forms.fields import parse_amount
from domain.orders import commands, queries
from domain.shared.errors import DomainError, NotFound
from web.db import session, transaction
from web.settings import shop_settings

bp = Blueprint("payments", __name__, url_prefix="/orders/<number>")


@bp.post("/payments/<uuid:payment_id>/confirmation")
@needs("payments:confirm")
def confirm_payment(number: str, payment_id: UUID):
    """Note that a transfer has arrived."""
    order = queries.admin_order(session(), number)
    if payment_id not in {payment.id for payment in order.payments}:
        raise NotFound("This payment does not belong to this order.")
    try:
        amount = parse_amount(request.form.get("amount", ""), shop_settings().currency)
        with transaction() as tx:
            commands.confirm_transfer(tx, payment_id=payment_id, amount=amount, gateways=_by_hand(), actor=actor())
    except (DomainError, ValueError) as refusal:
        flash(str(refusal))
    else:
        flash("The money is noted.")
    return redirect(url_for("orders.show", number=order.number), 303)


@bp.post("/refunds/<uuid:refund_id>/confirmation")
@needs("payments:confirm")
def confirm_refund(number: str, refund_id: UUID):
    """Note that money was transferred back."""
    order = queries.admin_order(session(), number)
    if refund_id not in {refund.id for refund in order.refunds}:
        raise NotFound("This refund does not belong to this order.")
    try:
        with transaction() as tx:
            commands.confirm_refund(tx, refund_id=refund_id, gateways=_by_hand(), actor=actor())
    except DomainError as refusal:
        flash(str(refusal))
    else:
        flash("The refund is noted. The shopper gets a mail.")
    return redirect(url_for("orders.show", number=order.number), 303)


def _by_hand() -> frozenset[str]:
    return frozenset(name for name, gateway in current_app.extensions["gateways"].items() if gateway.by_hand)
