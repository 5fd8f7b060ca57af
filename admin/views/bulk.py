"""Changing many products at once, after a look at what that would do."""

from uuid import UUID

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from domain.catalog import commands, queries
from domain.catalog.queries import BulkChange
from domain.shared.db import utcnow
from domain.shared.errors import DomainError
from web.db import session, transaction
from web.errors import status_of
from web.settings import shop_settings

bp = Blueprint("bulk", __name__, url_prefix="/products/bulk")


@bp.get("")
@needs("products:write")
def show():
    """Show what a change would do to each product, or ask which change it is to be."""
    return _page(200, "")


@bp.post("")
@needs("products:write")
def apply():
    """Carry out what was shown."""
    ids, change = _ids(), _change()
    if change is None:
        abort(400)
    try:
        with transaction() as tx:
            count = commands.apply_bulk(
                tx, product_ids=ids, change=change, stamp=request.form.get("stamp", ""), now=utcnow()
            )
    except DomainError as error:
        return _page(status_of(error), str(error))
    flash(f"{count} product{'' if count == 1 else 's'} changed.")
    return redirect(url_for("products.index"), 303)


def _page(status: int, problem: str):
    ids, plan = _ids(), None
    if not ids:
        flash("Choose at least one product first.")
        return redirect(url_for("products.index"), 303)
    try:
        change = _change()
        plan = queries.preview_bulk(session(), ids, change) if change else None
    except DomainError as error:
        problem, status, change = str(error), 422, None
    return make_response(
        render_template(
            "admin/products/bulk.html",
            ids=ids,
            plan=plan,
            change=change,
            problem=problem,
            given=request.values,
            categories=queries.category_choices(session()),
            currency=shop_settings().currency,
        ),
        status,
    )


def _ids() -> list[UUID]:
    try:
        return [UUID(text) for text in request.values.getlist("id")][: queries.MOST_AT_ONCE]
    except ValueError:
        abort(400)


def _change() -> BulkChange | None:
    """Read the change that is asked for; None if none is yet. Raises WrongProduct for one that makes no sense."""
    action = request.values.get("action", "")
    if not action:
        return None
    percent = request.values.get("percent", "").strip().replace(",", ".").replace("%", "").replace("−", "-")
    category = request.values.get("category_id", "")
    try:
        points = round(float(percent) * 100) if action == "price" and percent else 0
        return BulkChange(
            action=action, basis_points=points, category_id=UUID(category) if action == "move" and category else None
        )
    except (ValueError, OverflowError):
        return BulkChange(action="price", basis_points=0)
