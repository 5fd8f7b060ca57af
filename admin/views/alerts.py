"""Which of the staff hear of what: a table of people and kinds of news."""

from collections.abc import Collection, Iterator, Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.conflicts import Difference, VersionedForm, written
from domain.notifications.staff import KINDS, alert, alerts, alerts_stamp, hold_alerts
from domain.shared.errors import ChangedMeanwhile
from domain.users import queries as users
from domain.users.queries import StaffRow
from web.db import session, transaction

bp = Blueprint("alerts", __name__, url_prefix="/notifications/alerts")


@bp.get("")
@needs("notifications:read")
def index():
    """Show who hears of what."""
    present = alerts(session())
    return _page(present, VersionedForm(data={"version": alerts_stamp(present)}), 200)


@bp.post("")
@needs("notifications:write")
def choose():
    """Say who hears of what from now on; what goes to addresses of nobody here is left as it is."""
    people = {row.email for row in _people()}
    ticked = {template: people & set(request.form.getlist(template)) for template in KINDS}
    form = VersionedForm(request.form)
    try:
        with transaction() as tx:
            present = hold_alerts(tx, seen=form.version.data or "")
            for template in KINDS:
                alert(tx, template=template, emails=ticked[template] | (present[template] - people))
    except ChangedMeanwhile as refusal:
        now = alerts(session())
        form.overtaken(refusal, {"version": alerts_stamp(now)}, *_differences(now, ticked))
        return _page(ticked, form, form.status)
    flash("Kept. It holds for the next news.")
    return redirect(url_for(".index"), 303)


def _differences(now: Mapping[str, Collection[str]], ticked: Mapping[str, Collection[str]]) -> Iterator[Difference]:
    for person in _people():
        for template, label in KINDS.items():
            theirs, mine = person.email in now[template], person.email in ticked[template]
            yield f"{label}: {person.name}", written(theirs), written(mine)


def _people() -> list[StaffRow]:
    return [row for row in users.staff_list(session()) if not row.blocked]


def _page(chosen: Mapping[str, Collection[str]], form: VersionedForm, status: int):
    page = render_template("admin/notifications/alerts.html", kinds=KINDS, people=_people(), chosen=chosen, form=form)
    return make_response(page, status)
