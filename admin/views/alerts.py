"""Which of the staff hear of what: a table of people and kinds of news."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from admin.access import needs
from domain.notifications.staff import KINDS, alert, alerts
from domain.users import queries as users
from web.db import session, transaction

bp = Blueprint("alerts", __name__, url_prefix="/notifications/alerts")


@bp.get("")
@needs("notifications:read")
def index():
    """Show who hears of what."""
    people = [row for row in users.staff_list(session()) if not row.blocked]
    return render_template("admin/notifications/alerts.html", kinds=KINDS, people=people, chosen=alerts(session()))


@bp.post("")
@needs("notifications:write")
def choose():
    """Say who hears of what from now on; what goes to addresses of nobody here is left as it is."""
    people = {row.email for row in users.staff_list(session()) if not row.blocked}
    with transaction() as tx:
        present = alerts(tx)
        for template in KINDS:
            wanted = people & set(request.form.getlist(template))
            alert(tx, template=template, emails=wanted | (present[template] - people))
    flash("Kept. It holds for the next news.")
    return redirect(url_for(".index"), 303)
