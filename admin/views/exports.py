"""Lists as files: asked for, watched while they are written, and fetched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from admin.access import needs, staff
from admin.audit import tell
from domain.catalog.queries import read_product_filter, read_stock_filter, stock_level
from domain.notifications.log import read_message_filter
from domain.notifications.suppression import read_suppression_filter
from domain.orders.queries import read_filter, read_return_filter
from domain.promotions.queries import read_promotion_filter
from domain.reviews.queries import read_review_filter
from domain.shared.audit import read_log_filter
from domain.shared.exports import ask_export, export_of, pieces
from domain.shared.lists import Filter, id_of
from domain.users.queries.customers import read_customer_filter
from web.db import session, transaction
from web.htmx import partials, wants_partial
from web.settings import shop_settings

bp = Blueprint("exports", __name__)

Wanted = dict[str, str]


@dataclass(frozen=True)
class Kind:
    """A list that can be taken along: its titles, the page it is below, and what of an address says which rows.

    `keys` names what the page's address is made of, by the words of what is wanted.
    """

    title: str
    one: str
    many: str
    list: str
    place: str
    permission: str
    read: Callable[[Mapping[str, str]], Wanted]
    keys: Mapping[str, str] = field(default_factory=dict)

    def page(self, wanted: Mapping[str, str]) -> str:
        """Return the address of the page that the list is on."""
        return url_for(self.list, **{name: wanted[word] for name, word in self.keys.items()})


def _orders(words: Mapping[str, str]) -> Wanted:
    return read_filter(words).as_words() | {"timezone": shop_settings().timezone}


def _customers(words: Mapping[str, str]) -> Wanted:
    return read_customer_filter(words).as_words() | {"orders": "yes" if staff().can("orders:read") else "no"}


def _products(words: Mapping[str, str]) -> Wanted:
    return read_product_filter(words).as_words() | {"currency": shop_settings().currency}


def _movements(words: Mapping[str, str]) -> Wanted:
    variant_id = id_of(words.get("variant"))
    if variant_id is None:
        abort(400)
    level = stock_level(session(), variant_id)
    return {"variant": str(variant_id), "sku": level.sku, "sort": words.get("sort", "")}


def _promotions(words: Mapping[str, str]) -> Wanted:
    return read_promotion_filter(words).as_words() | {"currency": shop_settings().currency}


def _log(words: Mapping[str, str]) -> Wanted:
    return read_log_filter(words).as_words() | {"timezone": shop_settings().timezone}


def _plain(read: Callable[[Mapping[str, str]], Filter]) -> Callable[[Mapping[str, str]], Wanted]:
    return lambda words: read(words).as_words()


KINDS = {
    "orders": Kind("Orders", "order", "orders", "orders.index", "/orders", "orders:read", _orders),
    "returns": Kind(
        "Returns", "item", "items", "returns.index", "/returns", "orders:read", _plain(read_return_filter)
    ),
    "customers": Kind(
        "Customers", "customer", "customers", "customers.index", "/customers", "customers:write", _customers
    ),
    "products": Kind("Products", "variant", "variants", "products.index", "/products", "products:read", _products),
    "stock": Kind(
        "Stock", "SKU", "SKUs", "inventory.index", "/inventory", "inventory:read", _plain(read_stock_filter)
    ),
    "movements": Kind(
        "Stock history", "change", "changes", "inventory.show", "/inventory/movements", "inventory:read", _movements,
        {"variant_id": "variant"},
    ),
    "promotions": Kind(
        "Promotions", "promotion", "promotions", "promotions.index", "/promotions", "promotions:read", _promotions
    ),
    "reviews": Kind(
        "Reviews", "review", "reviews", "reviews.index", "/reviews", "reviews:read", _plain(read_review_filter)
    ),
    # Full of addresses, so it takes more than to see the list a page at a time, as that of customers does.
    "messages": Kind(
        "Messages", "message", "messages", "notifications.index", "/notifications", "notifications:write",
        _plain(read_message_filter),
    ),
    "suppressions": Kind(
        "Stopped addresses", "address", "addresses", "suppressions.index", "/notifications/stopped",
        "notifications:write", _plain(read_suppression_filter),
    ),
    "log": Kind("Log", "deed", "deeds", "audit.index", "/log", "audit:read", _log),
}  # fmt: skip
"""Who may take a list along may see it; a file with the addresses of many people takes the right to change them."""


def _ask(name: str) -> AnyResponse:
    """Have a list written to a file."""
    with transaction() as tx:
        export_id = ask_export(tx, kind=name, wanted=KINDS[name].read(request.form), staff_id=staff().id)
    return redirect(url_for(".show", export_id=export_id), 303)


def _show(name: str, export_id: UUID) -> AnyResponse | str:
    """Show how far a file is."""
    kind, export = KINDS[name], export_of(session(), export_id, kind=name, staff_id=staff().id)
    context = {
        "export": export,
        "kind": kind,
        "back": kind.page(export.wanted),
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
    _own = Blueprint(_name, __name__, url_prefix=f"{_kind.place}/exports")
    _own.post("", endpoint="ask")(_of(_ask, _name, _kind.permission))
    _own.get("/<uuid:export_id>", endpoint="show")(_of(_show, _name, _kind.permission))
    _own.post("/<uuid:export_id>/file", endpoint="fetch")(_of(_fetch, _name, _kind.permission))
    bp.register_blueprint(_own)
