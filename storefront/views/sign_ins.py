"""The browsers at which a shopper is signed in, and ending that."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from domain.users.commands import end_session, end_sessions
from domain.users.queries import sign_ins
from storefront.session import current_session_id, signed_in_shopper
from web.db import session, transaction

bp = Blueprint("sign_ins", __name__, url_prefix="/account/sign-ins")


@bp.get("")
@login_required
def show() -> str:
    """List the browsers."""
    rows = sign_ins(session(), signed_in_shopper().id)
    return render_template("storefront/account/sign_ins.html", rows=rows, here=current_session_id())


@bp.post("/<uuid:session_id>/end")
@login_required
def end(session_id: UUID) -> AnyResponse:
    """Sign one browser out."""
    with transaction() as tx:
        end_session(tx, shopper_id=signed_in_shopper().id, session_id=session_id, now=datetime.now(UTC))
    return redirect(url_for(".show"), 303)


@bp.post("/others/end")
@login_required
def end_others() -> AnyResponse:
    """Sign every browser out but this one."""
    with transaction() as tx:
        end_sessions(tx, shopper_id=signed_in_shopper().id, now=datetime.now(UTC), but=current_session_id())
    return redirect(url_for(".show"), 303)
