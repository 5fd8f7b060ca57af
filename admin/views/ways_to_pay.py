"""Which ways to pay shoppers are offered, in which order and by what name."""

from collections.abc import Iterable

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.conflicts import VersionedForm
from admin.forms.settings import ways_form
from domain.payments.methods import LONGEST_LABEL, WayToBePaid, offer_ways, ways_to_be_paid
from domain.shared.errors import ChangedMeanwhile
from domain.shared.preferences import LABEL, BadPreferences, hold_decisions, preferences
from web.db import session, transaction
from web.settings import base_settings, look_again

bp = Blueprint("ways_to_pay", __name__, url_prefix="/settings/payment")


@bp.get("")
@needs("settings:write")
def show():
    """Show every way to be paid, what each needs and whether it is offered."""
    return _page(present_form(), 200)


@bp.post("")
@needs("settings:write")
def save():
    """Offer these ways to pay, in this order and by these names."""
    form = ways_form(present_ways(), request.form)
    return redirect(url_for(".show"), 303) if offer(form) else _page(form, form.status)


def present_ways() -> list[WayToBePaid]:
    """Return every way to be paid as it is offered now, read anew."""
    return ways_to_be_paid(preferences(session()), base_settings())


def present_form() -> VersionedForm:
    """Make the form of the ways to pay as they are offered now."""
    present = preferences(session())
    ways = ways_to_be_paid(present, base_settings())
    return ways_form(ways, version=present.stamp(_decisions(way.name for way in ways)))


def offer(form: VersionedForm) -> bool:
    """Keep what a form of ways to pay says, or write into the form why not."""
    names = [way.name for way in present_ways()]
    places = {name: form[f"place_{name}"].data or "" for name in names}

    def place(name: str) -> tuple[int, int]:
        digits = places[name].isascii() and places[name].isdigit()
        return (int(places[name][:4]) if digits else len(names), names.index(name))

    try:
        with transaction() as tx:
            hold_decisions(tx, _decisions(names), seen=form.version.data or "", what="page")
            offer_ways(
                tx,
                offered=sorted((name for name in names if form[f"on_{name}"].data), key=place),
                labels={name: form[f"label_{name}"].data or "" for name in names},
                settings=base_settings(),
            )
    except BadPreferences as refusal:
        for name, problem in refusal.problems.items():
            form.refuse(name, problem)
        return False
    except ChangedMeanwhile as refusal:
        form.overtaken(refusal, {field.name: field.data for field in present_form()})
        return False
    look_again()
    flash("Saved. Shoppers see it within half a minute.")
    return True


def _decisions(names: Iterable[str]) -> list[str]:
    return ["gateways", *(f"{LABEL}{name}" for name in names)]


def _page(form: VersionedForm, status: int):
    return make_response(
        render_template("admin/settings/payment.html", form=form, ways=present_ways(), longest=LONGEST_LABEL), status
    )
