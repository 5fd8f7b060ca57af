"""Which ways to pay shoppers are offered, in which order and by what name."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.settings import ways_form
from domain.payments.methods import LONGEST_LABEL, offer_ways, ways_to_be_paid
from domain.shared.preferences import BadPreferences
from web.db import transaction
from web.forms import ShopForm
from web.settings import base_settings, look_again, shop_preferences

bp = Blueprint("ways_to_pay", __name__, url_prefix="/settings/payment")


@bp.get("")
@needs("settings:write")
def show():
    """Show every way to be paid, what each needs and whether it is offered."""
    return _page(ways_form(_ways()), 200)


@bp.post("")
@needs("settings:write")
def save():
    """Offer these ways to pay, in this order and by these names."""
    form = ways_form(_ways(), request.form)
    return redirect(url_for(".show"), 303) if offer(form) else _page(form, 422)


def offer(form: ShopForm) -> bool:
    """Keep what a form of ways to pay says, or write into the form why not."""
    names = [way.name for way in _ways()]
    places = {name: form[f"place_{name}"].data or "" for name in names}

    def place(name: str) -> tuple[int, int]:
        digits = places[name].isascii() and places[name].isdigit()
        return (int(places[name][:4]) if digits else len(names), names.index(name))

    try:
        with transaction() as tx:
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
    look_again()
    flash("Saved. Shoppers see it within half a minute.")
    return True


def _ways():
    return ways_to_be_paid(shop_preferences(), base_settings())


def _page(form: ShopForm, status: int):
    return make_response(
        render_template("admin/settings/payment.html", form=form, ways=_ways(), longest=LONGEST_LABEL), status
    )
