"""Keys for programs of staff and partners: made, shown once, and ended."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from admin.access import needs, staff
from admin.forms.keys import KeyForm
from domain.shared.db import utcnow
from domain.shared.errors import DomainError, NotFound
from domain.users import commands, queries
from domain.users.roles import PERMISSIONS
from web.db import session, transaction
from web.errors import status_of

bp = Blueprint("keys", __name__, url_prefix="/keys")

USED = ("products:read", "products:write", "inventory:read", "inventory:write", "orders:read", "orders:ship",
        "orders:cancel")  # fmt: skip
"""The permissions that some operation of the API names; a key with any other would open nothing more."""


@bp.get("")
@needs("keys:write")
def index():
    """List the keys, with a form for a new one."""
    return _page(KeyForm(), 200)


@bp.post("")
@needs("keys:write")
def create():
    """Make a key, and show it this once."""
    form = KeyForm(request.form)
    form.scopes.choices = _choices()
    if not form.validate():
        return _page(form, 422)
    try:
        with transaction() as tx:
            key = commands.make_api_key(
                tx,
                name=form.name.data,
                scopes=form.scopes.data,
                expires_at=utcnow() + timedelta(days=form.days.data),
                maker_id=staff().id,
                giver=staff().permissions,
            )
    except DomainError as refusal:
        form.refuse("", str(refusal))
        return _page(form, status_of(refusal))
    return make_response(render_template("admin/keys/made.html", key=key, name=form.name.data))


@bp.post("/<uuid:key_id>/end")
@needs("keys:write")
def end(key_id: UUID):
    """Have a key work no longer."""
    try:
        with transaction() as tx:
            commands.revoke_api_key(tx, key_id=key_id, giver=staff().permissions, now=utcnow())
    except NotFound:
        raise
    except DomainError as refusal:
        form = KeyForm()
        form.refuse("", str(refusal))
        return _page(form, status_of(refusal))
    flash("The key works no longer.")
    return redirect(url_for(".index"), 303)


def _page(form: KeyForm, status: int) -> Response:
    form.scopes.choices = _choices()
    keys = queries.api_keys(session(), now=utcnow())
    return make_response(render_template("admin/keys/index.html", keys=keys, form=form, words=PERMISSIONS), status)


def _choices() -> list[SelectChoice]:
    return [SelectChoice(name, PERMISSIONS[name]) for name in USED if staff().can(name)]
