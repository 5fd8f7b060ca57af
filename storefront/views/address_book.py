"""The addresses a shopper keeps, so that the next order need not ask."""

from uuid import UUID

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from domain.users.commands import drop_address, save_address
from domain.users.errors import NoSuchShopper, TooManyAddresses
from domain.users.queries import address_book
from storefront.forms.profile import AddressForm
from storefront.navigation import delivery_countries
from storefront.session import signed_in_shopper
from web.db import session, transaction
from web.settings import shop_settings

bp = Blueprint("address_book", __name__, url_prefix="/account/addresses")


@bp.get("")
@login_required
def show() -> str:
    """List the addresses."""
    rows = address_book(session(), signed_in_shopper().id)
    return render_template("storefront/account/addresses.html", rows=rows)


@bp.get("/new")
@login_required
def new() -> AnyResponse:
    """Ask for an address."""
    known = {"name": signed_in_shopper().name, "country": shop_settings().country}
    return _page(AddressForm(data=known), None)


@bp.post("/new")
@login_required
def add() -> AnyResponse:
    """Keep an address."""
    return _save(None)


@bp.get("/<uuid:address_id>")
@login_required
def edit(address_id: UUID) -> AnyResponse:
    """Show one address to be changed."""
    row = next((row for row in address_book(session(), signed_in_shopper().id) if row.id == address_id), None)
    if row is None:
        abort(404)
    return _page(AddressForm(data=dict(row.address) | {"default": row.is_default}), address_id)


@bp.post("/<uuid:address_id>")
@login_required
def change(address_id: UUID) -> AnyResponse:
    """Change one address."""
    return _save(address_id)


@bp.post("/<uuid:address_id>/removal")
@login_required
def drop(address_id: UUID) -> AnyResponse:
    """Remove one address; orders keep theirs."""
    with transaction() as tx:
        drop_address(tx, shopper_id=signed_in_shopper().id, address_id=address_id)
    flash("The address is removed.")
    return redirect(url_for(".show"), 303)


def _save(address_id: UUID | None) -> AnyResponse:
    form = AddressForm(request.form)
    form.offer(delivery_countries(), shop_settings().locale)
    if form.validate():
        try:
            with transaction() as tx:
                save_address(
                    tx,
                    shopper_id=signed_in_shopper().id,
                    address=form.address().as_dict(),
                    default=form.default.data,
                    address_id=address_id,
                )
        except TooManyAddresses as refusal:
            form.refuse("main", str(refusal))
        except NoSuchShopper:
            abort(404)
        else:
            flash("The address is saved.")
            return redirect(url_for(".show"), 303)
    return _page(form, address_id, status=422)


def _page(form: AddressForm, address_id: UUID | None, *, status: int = 200) -> AnyResponse:
    form.offer(delivery_countries(), shop_settings().locale)
    return make_response(render_template("storefront/account/address.html", form=form, address_id=address_id), status)
