"""The list of customers, a customer's page, and what staff do with an account."""

import json
from dataclasses import asdict
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin.access import needs, staff
from admin.audit import tell
from admin.forms.notes import CustomerNoteForm, ErasureForm
from domain.cart.commands.forget import forget_carts
from domain.notifications.forget import forget_recipient
from domain.notifications.mine import messages_to_take_along
from domain.notifications.suppression import why_suppressed
from domain.notifications.topics import choices
from domain.orders.commands.forget import forget_orders
from domain.orders.errors import OrdersUnderWay
from domain.orders.queries import shopper_orders
from domain.orders.queries.mine import orders_to_take_along, returns_to_take_along
from domain.orders.queries.spending import spending
from domain.reviews.commands import forget_reviews
from domain.reviews.queries import reviews_to_take_along
from domain.shared.audit import leave_rows_out
from domain.shared.errors import ChangedMeanwhile
from domain.shared.lists import id_of
from domain.users.commands.customers import block_customer, erase_account, note_on_customer, unblock_customer
from domain.users.queries import address_book, sign_ins
from domain.users.queries.customers import (
    SHOWN,
    SORTS,
    CustomerRow,
    customer,
    customer_list,
    read_customer_filter,
)
from domain.wishlist.commands import forget_wishlist
from domain.wishlist.queries import wishes_to_take_along
from web.db import session, transaction
from web.htmx import partials, wants_partial
from web.replica import may_lag
from web.settings import shop_settings

bp = Blueprint("customers", __name__, url_prefix="/customers")

PER_PAGE = 50
ORDERS_SHOWN = 20


@bp.get("")
@needs("customers:read")
@may_lag
def index():
    """List customers by what is searched for, in the order that is asked for."""
    wanted = read_customer_filter(request.args)
    found = customer_list(session(), wanted, after=id_of(request.args.get("after")), limit=PER_PAGE)
    words = wanted.as_words()
    context = {
        "customers": found,
        "spent": spending(session(), [row.id for row in found.rows]),
        "wanted": wanted,
        "words": words,
        "kept": {name: value for name, value in words.items() if name != "show"},
        "shown": SHOWN,
        "sorts": SORTS,
    }
    if wants_partial():
        return partials("admin/customers/_rows.html", **context)
    return render_template("admin/customers/index.html", **context)


@bp.get("/<uuid:customer_id>")
@needs("customers:read")
def show(customer_id: UUID) -> AnyResponse:
    """Show all there is to know of a customer."""
    return _page(customer(session(), customer_id))


@bp.post("/<uuid:customer_id>/note")
@needs("customers:write")
def note(customer_id: UUID) -> AnyResponse:
    """Keep what staff should know about a customer."""
    found, form = customer(session(), customer_id), CustomerNoteForm(request.form)
    if not form.validate():
        return _page(found, note=form, status=422)
    try:
        with transaction() as tx:
            note_on_customer(tx, shopper_id=customer_id, text=form.note.data or "", seen=form.version.data or "")
    except ChangedMeanwhile as refusal:
        found = customer(session(), customer_id)
        form.overtaken(refusal, found)
        return _page(found, note=form, status=form.status)
    flash("The note is kept.")
    return redirect(url_for(".show", customer_id=customer_id), 303)


@bp.post("/<uuid:customer_id>/block")
@needs("customers:write")
def block(customer_id: UUID) -> AnyResponse:
    """Let a customer neither sign in nor order."""
    with transaction() as tx:
        block_customer(tx, shopper_id=customer_id)
    flash("This customer can no longer sign in or order.")
    return redirect(url_for(".show", customer_id=customer_id), 303)


@bp.post("/<uuid:customer_id>/unblock")
@needs("customers:write")
def unblock(customer_id: UUID) -> AnyResponse:
    """Let a customer in again."""
    with transaction() as tx:
        unblock_customer(tx, shopper_id=customer_id)
    flash("This customer can sign in and order again.")
    return redirect(url_for(".show", customer_id=customer_id), 303)


@bp.post("/<uuid:customer_id>/file")
@needs("customers:write")
def export(customer_id: UUID) -> Response:
    """Take along all that is kept about a customer; of orders only what the role may see.

    A POST, as the log says who took what.
    """
    found = customer(session(), customer_id)
    kept = {
        "account": asdict(found),
        "addresses": [row.address | {"default": row.is_default} for row in address_book(session(), customer_id)],
        "sign_ins": [asdict(row) for row in sign_ins(session(), customer_id)],
        **_orders(customer_id),
        **messages_to_take_along(session(), shopper_id=customer_id, email=found.email),
        "reviews": reviews_to_take_along(session(), customer_id),
        "wishlist": wishes_to_take_along(session(), customer_id, currency=shop_settings().currency),
    }
    tell(", ".join(f"{len(rows):,} {name.replace('_', ' ')}" for name, rows in kept.items() if isinstance(rows, list)))
    answer = current_app.response_class(json.dumps(kept, default=str, indent=2, ensure_ascii=False))
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = 'attachment; filename="customer.json"'
    return answer


def _orders(customer_id: UUID) -> dict[str, object]:
    if not staff().can("orders:read"):
        return {"left_out": "Orders and returns: the role of whoever asked does not include orders."}
    return {
        "orders": orders_to_take_along(session(), customer_id),
        "returns": returns_to_take_along(session(), customer_id),
    }


@bp.get("/<uuid:customer_id>/deletion")
@needs("customers:write")
def ask_to_erase(customer_id: UUID) -> AnyResponse:
    """Ask whether the account should really go."""
    return _erasure(customer(session(), customer_id), ErasureForm())


@bp.post("/<uuid:customer_id>/deletion")
@needs("customers:write")
def erase(customer_id: UUID) -> AnyResponse:
    """Delete an account for good, because its owner asked; orders stay in the books without the name."""
    found, form = customer(session(), customer_id), ErasureForm(request.form)
    if form.validate() and (form.email.data or "").lower() != found.email:
        form.refuse("email", "This is not the address of the account.")
    if form.summary:
        return _erasure(found, form, status=422)
    try:
        with transaction() as tx:
            # The log says who erased whom and when; a copy of what goes would stay in it for ever.
            leave_rows_out(tx)
            verified = found.email if found.verified else None
            order_ids = forget_orders(tx, shopper_id=customer_id, email=verified)
            forget_reviews(tx, shopper_id=customer_id, email=verified)
            forget_wishlist(tx, shopper_id=customer_id)
            forget_carts(tx, shopper_id=customer_id)
            forget_recipient(tx, email=found.email, shopper_id=customer_id, order_ids=order_ids)
            erase_account(tx, shopper_id=customer_id)
    except OrdersUnderWay:
        form.refuse("main", "An order of this customer is still under way. Delete the account once it has arrived.")
        return _erasure(found, form, status=422)
    flash("The account is deleted. Its orders stay in the books without the name.")
    return redirect(url_for(".index"), 303)


def _page(
    found: CustomerRow,
    *,
    note: CustomerNoteForm | None = None,
    status: int = 200,
) -> AnyResponse:
    form = note or CustomerNoteForm(data={"note": found.note, "version": found.version})
    orders, _keys = shopper_orders(session(), found.id, limit=ORDERS_SHOWN)
    page = render_template(
        "admin/customers/show.html",
        customer=found,
        form=form,
        orders=orders,
        spent=spending(session(), [found.id]).get(found.id),
        book=address_book(session(), found.id),
        letters=choices(session(), found.email),
        stopped=why_suppressed(session(), found.email),
    )
    return make_response(page, status)


def _erasure(found: CustomerRow, form: ErasureForm, *, status: int = 200) -> AnyResponse:
    return make_response(render_template("admin/customers/erase.html", customer=found, form=form), status)
