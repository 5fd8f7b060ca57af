"""Counting many shelves in one go, and what the stock is worth."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for

from admin.access import actor, needs
from domain.catalog import commands, queries
from domain.shared.errors import DomainError, NotFound
from web.db import session, transaction
from web.errors import status_of
from web.settings import shop_settings

bp = Blueprint("stocktake", __name__, url_prefix="/inventory")

PER_PAGE = 50
MOST = 1_000_000


@dataclass(frozen=True)
class Counted:
    """What was counted of one variant, and what the books said when the page was made."""

    variant_id: UUID
    seen: int
    on_hand: int


@bp.get("/stocktake")
@needs("inventory:write")
def show():
    """List shelves with a field for what was counted on each."""
    return _page((), 200)


@bp.post("/stocktake")
@needs("inventory:write")
def save():
    """Save every count that was typed, or none where one of them cannot stand."""
    counts, problems = _counts()
    reason = request.form.get("reason", "").strip()[:300]
    if counts and not reason:
        problems.append(("reason", "Say why the stock changes, for instance “yearly stocktake”."))
    if not counts and not problems:
        problems.append(("main", "Type what was counted on at least one shelf."))
    if problems:
        return _page(tuple(problems), 422)
    try:
        with transaction() as tx:
            for count in sorted(counts, key=lambda one: one.variant_id):
                commands.recount(
                    tx, variant_id=count.variant_id, seen=count.seen, on_hand=count.on_hand, reason=reason,
                    actor=actor(),
                )  # fmt: skip
    except NotFound:
        raise
    except DomainError as error:
        return _page((("main", str(error)),), status_of(error))
    flash(f"{len(counts)} shel{'f is' if len(counts) == 1 else 'ves are'} counted.")
    return redirect(url_for(".show", q=request.form.get("q") or None, after=request.form.get("next") or None), 303)


@bp.get("/value")
@needs("inventory:read")
def value():
    """Show what the stock is worth at cost, by department."""
    worth = queries.stock_value(session(), currency=shop_settings().currency)
    return render_template("admin/inventory/value.html", worth=worth)


def _counts() -> tuple[list[Counted], list[tuple[str, str]]]:
    counts, problems = [], []
    for id_, seen in zip(request.form.getlist("id"), request.form.getlist("seen"), strict=False):
        typed = request.form.get(f"count-{id_}", "").strip()
        if not typed:
            continue
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 9 and int(typed) <= MOST):
            problems.append((f"count-{id_}", f"“{typed[:20]}” is no number of units. Enter a number such as 12."))
            continue
        try:
            counts.append(Counted(UUID(id_), int(seen), int(typed)))
        except ValueError:
            abort(400)
    return counts, problems


def _page(problems: tuple[tuple[str, str], ...], status: int):
    q = request.values.get("q", "").strip()
    levels = queries.stock_levels(session(), q=q or None, after=request.values.get("after") or None, limit=PER_PAGE)
    page = render_template(
        "admin/inventory/stocktake.html", levels=levels, q=q, problems_found=problems, typed=request.form
    )
    return make_response(page, status)
