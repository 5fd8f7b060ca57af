"""The list of orders, an order's page, and what staff do with it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from admin.access import actor, needs, staff
from admin.forms.orders import CancelForm, ShipForm
from admin.views.batches import ACTIONS
from domain.notifications import queries as notifications
from domain.orders import commands, queries
from domain.orders.queries import STATE_LABELS, AdminOrder, papers
from domain.shared.errors import DomainError, NotFound
from domain.shared.lists import id_of
from web.db import session, transaction
from web.errors import status_of
from web.htmx import partials, wants_partial
from web.papers import answer_paper, answer_slip
from web.replica import may_lag
from web.settings import shop_settings

bp = Blueprint("orders", __name__, url_prefix="/orders")

PER_PAGE = 50


@bp.get("")
@needs("orders:read")
@may_lag
def index():
    """List orders by what is looked for, in the order that is asked for."""
    wanted = queries.read_filter(request.args)
    orders = queries.order_list(
        session(), wanted, timezone=shop_settings().timezone, after=id_of(request.args.get("after")), limit=PER_PAGE
    )
    words = wanted.as_words()
    context = {
        "orders": orders,
        "counts": queries.order_counts(session()),
        "labels": STATE_LABELS,
        "wanted": wanted,
        "words": words,
        "kept": {name: value for name, value in words.items() if name != "state"},
        "sorts": queries.SORTS,
        "payments": queries.PAYMENTS,
        "actions": [(name, label) for name, (label, permission) in ACTIONS.items() if staff().can(permission)],
    }
    if wants_partial():
        return partials("admin/orders/_rows.html", **context)
    return render_template("admin/orders/index.html", **context)


@bp.get("/<number>")
@needs("orders:read")
def show(number: str):
    """Show all there is to know of an order."""
    return _page(queries.admin_order(session(), number))


@bp.post("/<number>/packing")
@needs("orders:ship")
def pack(number: str):
    """Note that an order is in its box."""
    order = queries.admin_order(session(), number)
    return _carry_out(order, lambda tx: commands.pack(tx, order_id=order.id, actor=actor()), "The order is packed.")


@bp.post("/<number>/shipments")
@needs("orders:ship")
def ship(number: str):
    """Send a parcel with some or all of what is left."""
    order = queries.admin_order(session(), number)
    form = ShipForm(request.form)
    valid = form.validate()
    quantities = form.read_quantities(request.form, order) if order.can_ship else {}
    if not valid or form.form_errors:
        return _page(order, ship=form, status=422)
    return _carry_out(
        order,
        lambda tx: commands.ship(
            tx,
            order_id=order.id,
            actor=actor(),
            carrier=form.carrier.data,
            tracking_number=form.tracking_number.data,
            quantities=quantities,
        ),
        "The parcel is on its way. The shopper gets a mail.",
        ship=form,
    )


@bp.post("/<number>/delivery")
@needs("orders:ship")
def deliver(number: str):
    """Note that all of an order has arrived."""
    order = queries.admin_order(session(), number)
    return _carry_out(
        order, lambda tx: commands.deliver(tx, order_id=order.id, actor=actor()), "The order is delivered."
    )


@bp.get("/<number>/slip")
@needs("orders:read")
def slip(number: str):
    """Show the packing slip of what is still to be sent."""
    order = queries.admin_order(session(), number)
    return answer_slip(papers.slip(session(), order.id), shop_settings())


@bp.get("/<number>/papers/<code>")
@needs("orders:read")
def paper(number: str, code: str):
    """Show an invoice or a credit note."""
    order = queries.admin_order(session(), number)
    return answer_paper(papers.paper(session(), order.id, code), shop_settings())


@bp.get("/<number>/cancellation")
@needs("orders:cancel")
def ask_to_cancel(number: str):
    """Ask whether the order should really be cancelled, and why."""
    order = queries.admin_order(session(), number)
    if not order.can_cancel:
        return redirect(url_for("orders.show", number=order.number), 303)
    return render_template("admin/orders/cancel.html", order=order, form=CancelForm())


@bp.post("/<number>/cancellation")
@needs("orders:cancel")
def cancel(number: str):
    """Cancel an order as a whole; what was paid goes back."""
    order = queries.admin_order(session(), number)
    form = CancelForm(request.form)
    if not form.validate():
        return make_response(render_template("admin/orders/cancel.html", order=order, form=form), 422)
    return _carry_out(
        order,
        lambda tx: commands.cancel(
            tx, order_id=order.id, actor=actor(), reason=form.reason.data, restock=form.restock.data
        ),
        "The order is cancelled.",
    )


def _carry_out(order: AdminOrder, action: Callable[[Session], Any], done: str, *, ship: ShipForm | None = None):
    """Do it in one transaction and show the order as it then is; a refusal is said on the order's own page."""
    try:
        with transaction() as tx:
            action(tx)
    except NotFound:
        raise
    except DomainError as error:
        return _page(
            queries.admin_order(session(), order.number), ship=ship, refusal=str(error), status=status_of(error)
        )
    if wants_partial():
        present = queries.admin_order(session(), order.number)
        return partials("admin/orders/_order.html", announce=done, **_context(present))
    flash(done)
    return redirect(url_for("orders.show", number=order.number), 303)


def _page(
    order: AdminOrder, *, ship: ShipForm | None = None, refusal: str | None = None, status: int = 200
) -> Response:
    context = _context(order, ship=ship, refusal=refusal)
    if wants_partial():
        return partials("admin/orders/_order.html", status=status, **context)
    return make_response(render_template("admin/orders/show.html", **context), status)


def _context(order: AdminOrder, *, ship: ShipForm | None = None, refusal: str | None = None) -> dict[str, Any]:
    form = ship or ShipForm(data={"carrier": ""})
    return {
        "order": order,
        "papers": papers.papers_of_order(session(), order.id),
        "returns": queries.returns_of_order(session(), order.id),
        "messages": notifications.messages_of_order(session(), order.id),
        "ship": form,
        "typed": request.form if ship else {},
        "problems": (*((("main", refusal),) if refusal else ()), *form.summary),
    }
