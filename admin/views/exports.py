"""Lists as files: asked for, watched while they are written, and fetched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin.access import needs, staff
from admin.audit import tell
from domain.catalog.queries import read_product_filter, read_stock_filter
from domain.orders.queries import read_filter
from domain.shared.exports import ask_export, export_of, pieces
from domain.users.queries.customers import read_customer_filter
from web.db import session, transaction
from web.htmx import partials, wants_partial
from web.settings import shop_settings

bp = Blueprint("exports", __name__)

Wanted = dict[str, str]


@dataclass(frozen=True)
class Kind:
    """A list that can be taken along: its titles, the page it is below, and what of an address says which rows."""

    title: str
    one: str
    many: str
    list: str
    permission: str
    read: Callable[[Mapping[str, str]], Wanted]


def _orders(words: Mapping[str, str]) -> Wanted:
    return read_filter(words).as_words() | {"timezone": shop_settings().timezone}


def _customers(words: Mapping[str, str]) -> Wanted:
    return read_customer_filter(words).as_words() | {"orders": "yes" if staff().can("orders:read") else "no"}


def _products(words: Mapping[str, str]) -> Wanted:
    return read_product_filter(words).as_words() | {"currency": shop_settings().currency}


def _stock(words: Mapping[str, str]) -> Wanted:
    return read_stock_filter(words).as_words()


KINDS = {
    "orders": Kind("Orders", "order", "orders", "orders.index", "orders:read", _orders),
    "customers": Kind("Customers", "customer", "customers", "customers.index", "customers:write", _customers),
    "products": Kind("Products", "variant", "variants", "products.index", "products:read", _products),
    "stock": Kind("Stock", "SKU", "SKUs", "inventory.index", "inventory:read", _stock),
}


def _ask(name: str) -> AnyResponse:
    """Have a list written to a file."""
    with transaction() as tx:
        export_id = ask_export(tx, kind=name, wanted=KINDS[name].read(request.form), staff_id=staff().id)
    return redirect(url_for(".show", export_id=export_id), 303)


def _show(name: str, export_id: UUID) -> AnyResponse | str:
    """Show how far a file is."""
    context = {
        "export": export_of(session(), export_id, kind=name, staff_id=staff().id),
        "kind": KINDS[name],
        "here": url_for(".show", export_id=export_id),
        "file": url_for(".fetch", export_id=export_id),
    }
    if wants_partial():
        return partials("admin/exports/_progress.html", **context)
    return render_template("admin/exports/show.html", **context)


def _fetch(name: str, export_id: UUID) -> AnyResponse:
    """Take a file along; a POST, as the log says who took what."""
    kind, export = KINDS[name], export_of(session(), export_id, kind=name, staff_id=staff().id)
    if not export.done:
        return redirect(url_for(".show", export_id=export_id), 303)
    tell(f"{export.rows:,} {kind.one if export.rows == 1 else kind.many}")
    content = stream_with_context(pieces(session(), export.id))
    answer: Response = current_app.response_class(content, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{export.asked_at:%Y-%m-%d}.csv"'
    return answer


def _of(view: Callable[..., AnyResponse | str], name: str, permission: str) -> Callable[..., AnyResponse | str]:
    def bound(**values: UUID) -> AnyResponse | str:
        return view(name, **values)

    bound.__doc__ = view.__doc__
    return needs(permission)(bound)


for _name, _kind in KINDS.items():
    # Each list has routes of its own, as each takes a permission of its own.
    _own = Blueprint(_name, __name__, url_prefix=f"/{'inventory' if _name == 'stock' else _name}/exports")
    _own.post("", endpoint="ask")(_of(_ask, _name, _kind.permission))
    _own.get("/<uuid:export_id>", endpoint="show")(_of(_show, _name, _kind.permission))
    _own.post("/<uuid:export_id>/file", endpoint="fetch")(_of(_fetch, _name, _kind.permission))
    bp.register_blueprint(_own)
