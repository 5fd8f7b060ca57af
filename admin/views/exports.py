"""Orders as a file: asked for, watched while it is written, and fetched."""

from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin.access import needs, staff
from domain.orders.commands.export import ask_export
from domain.orders.queries import read_filter
from domain.orders.queries.exports import export_of, pieces
from web.db import session, transaction
from web.htmx import partials, wants_partial
from web.settings import shop_settings

bp = Blueprint("exports", __name__, url_prefix="/orders/exports")


@bp.post("")
@needs("orders:read")
def ask() -> AnyResponse:
    """Have the orders of a list written to a file."""
    with transaction() as tx:
        export_id = ask_export(
            tx, wanted=read_filter(request.form), timezone=shop_settings().timezone, staff_id=staff().id
        )
    return redirect(url_for(".show", export_id=export_id), 303)


@bp.get("/<uuid:export_id>")
@needs("orders:read")
def show(export_id: UUID) -> AnyResponse | str:
    """Show how far a file is."""
    export = export_of(session(), export_id, staff_id=staff().id)
    if wants_partial():
        return partials("admin/orders/_export.html", export=export)
    return render_template("admin/orders/export.html", export=export)


@bp.get("/<uuid:export_id>/orders.csv")
@needs("orders:read")
def fetch(export_id: UUID) -> AnyResponse:
    """Send a file that is whole."""
    export = export_of(session(), export_id, staff_id=staff().id)
    if not export.done:
        return redirect(url_for(".show", export_id=export_id), 303)
    content = stream_with_context(pieces(session(), export.id))
    answer: Response = current_app.response_class(content, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="orders-{export.asked_at:%Y-%m-%d}.csv"'
    return answer
