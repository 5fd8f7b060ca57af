"""Closing the shop to shoppers for a while, and opening it again."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.settings import ClosingForm
from domain.orders.commands.opening import LONGEST_MESSAGE, close_shop, open_shop
from domain.orders.errors import NotReady
from domain.shared.errors import ChangedMeanwhile
from domain.shared.preferences import CLOSED_MESSAGE, OPENED, BadPreferences, Preferences, hold_decisions, preferences
from web.db import session, transaction
from web.settings import base_settings, look_again

bp = Blueprint("closing", __name__, url_prefix="/settings/closing")

DECISIONS = (OPENED, CLOSED_MESSAGE)


@bp.get("")
@needs("settings:write")
def show():
    """Show whether shoppers are let in."""
    return _page(ClosingForm(data=_answers(preferences(session()))), 200)


@bp.post("")
@needs("settings:write")
def close():
    """Close the shop, or tell shoppers something else while it is closed."""
    form = ClosingForm(request.form)
    try:
        with transaction() as tx:
            hold_decisions(tx, DECISIONS, seen=form.version.data or "", what="page")
            close_shop(tx, message=form.message.data or "")
    except BadPreferences as refusal:
        for name, problem in refusal.problems.items():
            form.refuse(name, problem)
        return _page(form, form.status)
    except ChangedMeanwhile as refusal:
        present = preferences(session())
        state = "open" if present.open else "closed"
        form.overtaken(refusal, _answers(present), ("Open or closed", state, "closed"))
        return _page(form, form.status)
    look_again()
    flash("The shop is closed: nothing can be bought. Pages that are kept show your words in some minutes.")
    return redirect(url_for(".show"), 303)


@bp.post("/end")
@needs("settings:write")
def reopen():
    """Open the shop again, or say what is missing by now."""
    try:
        with transaction() as tx:
            open_shop(tx, settings=base_settings())
    except NotReady:
        flash("Something that shoppers need is missing by now: see the first steps.")
        return redirect(url_for("start.show"), 303)
    look_again()
    flash("The shop is open again. Shoppers come in within half a minute.")
    return redirect(url_for(".show"), 303)


def _answers(present: Preferences) -> dict[str, str]:
    return {"message": present.closed_message, "version": present.stamp(DECISIONS)}


def _page(form: ClosingForm, status: int):
    present = preferences(session())
    page = render_template("admin/settings/closing.html", form=form, present=present, longest=LONGEST_MESSAGE)
    return make_response(page, status)
