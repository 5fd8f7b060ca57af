"""Money back by line, and goods that come back."""

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from admin.access import actor, needs
from admin.forms.returns import DecisionForm, ReceiptForm, RefundForm
from domain.orders import commands, queries
from domain.orders.queries import AdminOrder, ReturnView
from domain.shared.errors import DomainError, NotFound
from domain.shared.lists import id_of
from web.db import session, transaction
from web.errors import status_of
from web.htmx import partials, wants_partial

bp = Blueprint("returns", __name__)

PER_PAGE = 50


@bp.get("/returns")
@needs("orders:read")
def index():
    """List returns by what is looked for; at first those that wait for an answer or a parcel, the oldest first."""
    wanted = queries.read_return_filter(request.args)
    words = wanted.as_words()
    context = {
        "returns": queries.return_list(session(), wanted, after=id_of(request.args.get("after")), limit=PER_PAGE),
        "wanted": wanted,
        "words": words,
        "kept": {name: value for name, value in words.items() if name != "show"},
        "shown": queries.RETURNS_SHOWN,
        "sorts": queries.RETURN_SORTS,
    }
    if wants_partial():
        return partials("admin/returns/_rows.html", **context)
    return render_template("admin/returns/index.html", **context)


@bp.get("/returns/<uuid:return_id>")
@needs("orders:read")
def show(return_id: UUID):
    """Show a return, and what can be done with it now."""
    return _page(queries.one_return(session(), return_id))


@bp.post("/returns/<uuid:return_id>/decision")
@needs("orders:refund")
def decide(return_id: UUID):
    """Agree to a return or refuse it."""
    form = DecisionForm(request.form)
    if not form.validate():
        return _page(queries.one_return(session(), return_id), decision=form, status=422)
    try:
        with transaction() as tx:
            commands.decide_return(
                tx, return_id=return_id, approve=form.approve, answer=form.answer.data or "", actor=actor()
            )
    except NotFound:
        raise
    except DomainError as refusal:
        form.refuse("", str(refusal))
        return _page(queries.one_return(session(), return_id), decision=form, status=status_of(refusal))
    flash("The shopper gets your answer by mail.")
    return redirect(url_for(".show", return_id=return_id), 303)


@bp.post("/returns/<uuid:return_id>/receipt")
@needs("orders:refund")
def receive(return_id: UUID):
    """Note what has come back, put it on the shelf, and give the money back."""
    view = queries.one_return(session(), return_id)
    form = ReceiptForm(request.form)
    received, restock = form.read_lines(request.form, view)
    if not form.validate() or form.form_errors:
        return _page(view, receipt=form, status=422)
    try:
        with transaction() as tx:
            commands.receive_return(
                tx,
                return_id=return_id,
                received=received,
                restock=restock,
                refund=form.refund.data,
                actor=actor(),
            )
    except NotFound:
        raise
    except DomainError as refusal:
        form.refuse("", str(refusal))
        return _page(queries.one_return(session(), return_id), receipt=form, status=status_of(refusal))
    flash("The return is received.")
    return redirect(url_for(".show", return_id=return_id), 303)


@bp.get("/orders/<number>/refunds")
@needs("orders:refund")
def ask_for_refund(number: str):
    """Ask what is to be given back of an order."""
    order = queries.admin_order(session(), number)
    return _refund_page(order, RefundForm(data={"restock": True}))


@bp.post("/orders/<number>/refunds")
@needs("orders:refund")
def refund(number: str):
    """Give back the price of some units, a part of the delivery, or a plain amount."""
    order = queries.admin_order(session(), number)
    form = RefundForm(request.form)
    quantities = form.read_quantities(request.form, order)
    if form.validate():
        form.says_one_thing(quantities)
    if form.summary:
        return make_response(_refund_page(order, form), 422)
    try:
        with transaction() as tx:
            form.carry_out(tx, order_id=order.id, quantities=quantities, actor=actor())
    except DomainError as refusal:
        form.refuse("", str(refusal))
        return make_response(_refund_page(queries.admin_order(session(), number), form), status_of(refusal))
    flash("The money is on its way back. The shopper gets a mail.")
    return redirect(url_for("orders.show", number=order.number), 303)


def _refund_page(order: AdminOrder, form: RefundForm) -> str:
    left = queries.refundable_units(session(), order.id)
    return render_template("admin/returns/refund.html", order=order, form=form, left=left, typed=request.form)


def _page(
    view: ReturnView,
    *,
    decision: DecisionForm | None = None,
    receipt: ReceiptForm | None = None,
    status: int = 200,
):
    decision, receipt = decision or DecisionForm(), receipt or ReceiptForm(data={"refund": True})
    page = render_template(
        "admin/returns/show.html",
        back=view,
        decision=decision,
        receipt=receipt,
        typed=request.form,
        problems=(*decision.summary, *receipt.summary),
    )
    return make_response(page, status)
