"""Many orders at once: seen before it is done, and each by the same command as alone."""

from dataclasses import dataclass

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin.access import actor, needs, staff
from domain.orders import commands, queries
from domain.orders.commands.notes import add_tag
from domain.orders.queries import OrderRow, papers
from domain.orders.queries.picking import pick_list
from domain.orders.states import PACKED, PAID
from domain.shared.errors import DomainError
from domain.shared.lists import MOST_AT_ONCE
from web.db import session, transaction
from web.papers import answer_papers, answer_slips
from web.settings import shop_settings

bp = Blueprint("batches", __name__, url_prefix="/orders")

ACTIONS = {
    "pack": ("Mark as packed", "orders:ship"),
    "slips": ("Packing slips", "orders:read"),
    "invoices": ("Invoices", "orders:read"),
    "pick": ("Pick list", "orders:read"),
    "tag": ("Put a tag on", "orders:note"),
}


@dataclass(frozen=True)
class Planned:
    """An order, and why the action leaves it out; None if it does not."""

    order: OrderRow
    refusal: str | None


@bp.get("/bulk")
@needs("orders:read")
def preview() -> AnyResponse:
    """Show what would be done to which of the chosen orders."""
    action, rows = request.args.get("action", ""), _chosen(request.args.getlist("order"))
    if action not in ACTIONS or not staff().can(ACTIONS[action][1]):
        flash("Choose what to do with the orders.")
        return redirect(url_for("orders.index"), 303)
    if not rows:
        flash("Choose orders first: tick them in the list.")
        return redirect(url_for("orders.index"), 303)
    if action == "pick":
        return redirect(url_for(".pick", order=[row.number for row in rows]), 303)
    return _preview(action, rows)


@bp.post("/bulk")
@needs("orders:read")
def carry_out() -> AnyResponse:
    """Do it to each order that allows it; the others stay as they are."""
    action, rows = request.form.get("action", ""), _chosen(request.form.getlist("order"))
    tag = queries.clean_tag(request.form.get("tag", ""))
    if action not in ("pack", "tag") or not staff().can(ACTIONS[action][1]) or not rows:
        flash("Choose orders and what to do with them.")
        return redirect(url_for("orders.index"), 303)
    if action == "tag" and not tag:
        return _preview(action, rows, problem="Enter a tag.", status=422)
    done = sum(_one(action, row, tag) for row in rows)
    words = "marked as packed" if action == "pack" else f"tagged “{tag}”"
    left = len(rows) - done
    flash(f"{done} of {len(rows)} {words}." + (f" {left} stay as they were." if left else ""))
    return redirect(url_for("orders.index"), 303)


@bp.get("/slips.pdf")
@needs("orders:read")
def slips() -> Response:
    """Show the packing slips of some orders as one paper."""
    rows = _chosen(request.args.getlist("order"))
    return answer_slips(papers.slips(session(), [row.id for row in rows]), shop_settings())


@bp.get("/invoices.pdf")
@needs("orders:read")
def invoices() -> Response:
    """Show the invoices of some orders as one paper."""
    rows = _chosen(request.args.getlist("order"))
    return answer_papers(papers.invoices(session(), [row.id for row in rows]), shop_settings())


@bp.get("/pick-list")
@needs("orders:read")
def pick() -> str:
    """Show what to fetch from the shelves for some orders, each thing once."""
    rows = _chosen(request.args.getlist("order"))
    found = pick_list(session(), [row.id for row in rows])
    return render_template("admin/orders/pick.html", rows=found, orders=rows)


def _one(action: str, row: OrderRow, tag: str) -> bool:
    """Do it to one order in a transaction of its own, so that one refusal does not stop the rest."""
    try:
        with transaction() as tx:
            if action == "tag":
                return add_tag(tx, order_id=row.id, tag=tag)
            if _refusal(action, row):
                return False
            commands.pack(tx, order_id=row.id, actor=actor())
    except DomainError:
        return False
    return True


def _preview(action: str, rows: tuple[OrderRow, ...], *, problem: str | None = None, status: int = 200) -> AnyResponse:
    planned = [Planned(row, _refusal(action, row)) for row in rows]
    page = render_template(
        "admin/orders/bulk.html",
        action=action,
        label=ACTIONS[action][0],
        planned=planned,
        willing=[one.order.number for one in planned if one.refusal is None],
        problem=problem,
    )
    return make_response(page, status)


def _refusal(action: str, row: OrderRow) -> str | None:
    if action == "pack" and row.state != PAID:
        return "it is packed already" if row.state == PACKED else f"it is “{row.state_label}”"
    if action == "invoices" and not row.paid:
        return "it is not paid, so it has no invoice"
    return None


def _chosen(numbers: list[str]) -> tuple[OrderRow, ...]:
    return queries.orders_by_number(session(), numbers[:MOST_AT_ONCE])
