"""Notes and tags on an order, for staff alone."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from admin.access import actor, needs
from admin.forms.notes import NoteForm, TagForm
from domain.orders import queries
from domain.orders.commands.notes import add_tag, remove_tag, write_note
from domain.orders.errors import TooManyTags
from web.db import session, transaction

bp = Blueprint("order_notes", __name__, url_prefix="/orders")


@bp.post("/<number>/notes")
@needs("orders:note")
def note(number: str) -> Response:
    """Write a note on an order."""
    order, form = queries.admin_order(session(), number), NoteForm(request.form)
    if not form.validate():
        return _back(order.number, form.summary[0][1])
    with transaction() as tx:
        write_note(tx, order_id=order.id, actor=actor(), text=form.note.data)
    return _back(order.number, "The note is written.")


@bp.post("/<number>/tags")
@needs("orders:note")
def tag(number: str) -> Response:
    """Put a tag on an order."""
    order, form = queries.admin_order(session(), number), TagForm(request.form)
    if not form.validate():
        return _back(order.number, form.summary[0][1])
    try:
        with transaction() as tx:
            add_tag(tx, order_id=order.id, tag=form.tag.data)
    except TooManyTags as refusal:
        return _back(order.number, str(refusal))
    return _back(order.number, "The tag is on the order.")


@bp.post("/<number>/tags/removal")
@needs("orders:note")
def untag(number: str) -> Response:
    """Take a tag off an order."""
    order = queries.admin_order(session(), number)
    with transaction() as tx:
        remove_tag(tx, order_id=order.id, tag=request.form.get("tag", ""))
    return _back(order.number, "The tag is off the order.")


def _back(number: str, said: str) -> Response:
    flash(said)
    return redirect(url_for("orders.show", number=number), 303)
