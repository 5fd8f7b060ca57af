"""How many of everything there are, and the changes people make to that by hand."""

from uuid import UUID

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for

from admin.access import actor, needs
from admin.forms.inventory import CountForm, ReceiptForm, SellingForm
from domain.catalog import commands, queries
from domain.orders.queries import order_numbers
from domain.shared.errors import ChangedMeanwhile, DomainError, NotFound
from domain.shared.lists import known
from web.db import session, transaction
from web.errors import status_of
from web.forms import ShopForm
from web.htmx import partials, wants_partial

bp = Blueprint("inventory", __name__, url_prefix="/inventory")

PER_PAGE = 50


@bp.get("")
@needs("inventory:read")
def index():
    """List stock levels by SKU; the low ones alone unless all are asked for."""
    wanted = queries.read_stock_filter(request.args)
    levels = queries.stock_levels(
        session(),
        q=wanted.q,
        low_only=wanted.low_only,
        after=request.args.get("after") or None,
        limit=PER_PAGE,
    )
    context = {"levels": levels, "q": wanted.q, "show": wanted.show, "words": wanted.as_words()}
    if wants_partial():
        return partials("admin/inventory/_rows.html", **context)
    return render_template("admin/inventory/index.html", **context)


@bp.get("/<uuid:variant_id>")
@needs("inventory:read")
def show(variant_id: UUID):
    """Show one variant's stock with its ledger and the two forms that change it."""
    return _page(variant_id, ReceiptForm(), CountForm(), 200)


@bp.post("/<uuid:variant_id>/receipts")
@needs("inventory:write")
def receive(variant_id: UUID):
    """Put new units on the shelf."""
    form = ReceiptForm(request.form)
    if not form.validate():
        return _page(variant_id, form, CountForm(), 422)
    with transaction() as tx:
        commands.receive(tx, quantities={variant_id: form.quantity.data}, actor=actor(), reason=form.reason.data or "")
    flash(f"{form.quantity.data} received.")
    return redirect(url_for("inventory.show", variant_id=variant_id), 303)


@bp.post("/<uuid:variant_id>/counts")
@needs("inventory:write")
def count(variant_id: UUID):
    """Set what was counted, unless the number moved since."""
    form = CountForm(request.form)
    if not form.validate():
        return _page(variant_id, ReceiptForm(), form, 422)
    try:
        seen = int(form.seen.data)
    except ValueError:
        abort(400)
    try:
        with transaction() as tx:
            commands.recount(
                tx,
                variant_id=variant_id,
                seen=seen,
                on_hand=form.on_hand.data,
                reason=form.reason.data,
                actor=actor(),
            )
    except NotFound:
        raise
    except DomainError as error:
        form.refuse("on_hand", str(error))
        return _page(variant_id, ReceiptForm(), form, status_of(error))
    flash(f"The stock is now {form.on_hand.data}.")
    return redirect(url_for("inventory.show", variant_id=variant_id), 303)


@bp.post("/<uuid:variant_id>/selling")
@needs("inventory:write")
def set_selling(variant_id: UUID):
    """Say whether the variant is sold when it is out, and at how many left staff are warned."""
    form = SellingForm(request.form)
    if not form.validate():
        return _page(variant_id, ReceiptForm(), CountForm(), 422, selling=form)
    try:
        with transaction() as tx:
            commands.set_selling(
                tx,
                variant_id=variant_id,
                sell_when_out=form.sell_when_out.data,
                low_at=form.low_at.data,
                seen=form.version.data or "",
            )
    except ChangedMeanwhile as refusal:
        form.overtaken(refusal, queries.stock_level(session(), variant_id))
        return _page(variant_id, ReceiptForm(), CountForm(), form.status, selling=form)
    except NotFound:
        raise
    except DomainError as error:
        form.refuse("sell_when_out", str(error))
        return _page(variant_id, ReceiptForm(), CountForm(), status_of(error), selling=form)
    sold = "It is sold even when it is out." if form.sell_when_out.data else "It is sold as long as there is some."
    flash(f"{sold} It is listed as low when {form.low_at.data} or fewer are left.")
    return redirect(url_for("inventory.show", variant_id=variant_id), 303)


def _page(variant_id: UUID, receipt: ShopForm, count: ShopForm, status: int, *, selling: ShopForm | None = None):
    level = queries.stock_level(session(), variant_id)
    after, sort = request.args.get("after", ""), known(request.args.get("sort"), queries.LEDGER_SORTINGS)
    last = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    ledger = queries.movements(session(), variant_id, sort=sort, after=last, limit=PER_PAGE)
    orders = order_numbers(session(), {line.order_id for line in ledger.rows if line.order_id})
    selling = selling or SellingForm(obj=level)
    return make_response(
        render_template(
            "admin/inventory/show.html",
            level=level,
            ledger=ledger,
            orders=orders,
            sort=sort,
            sorts={name: sorting.label for name, sorting in queries.LEDGER_SORTINGS.items()},
            words={"sort": sort} if sort else {},
            receipt=receipt,
            count=count,
            selling=selling,
        ),
        status,
    )
