"""Which tax is borne where: sets of rates that come with the shop, and rates of its own."""

from datetime import UTC, datetime, time

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from admin import rehearsal
from admin.access import needs
from admin.forms.tax import RateForm, RemovalForm, SetsForm
from admin.rehearsal import told
from domain.orders.commands.tax import remove_tax_rate, save_tax_rate, use_tax_sets
from domain.orders.errors import BadTaxRate
from domain.orders.queries.rates import tax_places
from domain.orders.rehearsal import Rehearsal
from domain.orders.tax.sets import set_names, tax_set
from domain.shared.db import utcnow
from web.db import session, transaction

bp = Blueprint("tax", __name__, url_prefix="/tax")


@bp.get("")
@needs("settings:write")
def index():
    """List the places with tax rates, and the sets to choose from."""
    return _index(SetsForm(), 200)


@bp.post("/sets")
@needs("settings:write")
def choose():
    """Use other sets of rates."""
    form = SetsForm(request.form)
    if not form.validate():
        return _index(form, 422)
    with transaction() as tx:
        number = use_tax_sets(tx, form.sets.data)
    flash(f"{number} rates are in use now. Rates that you have entered yourselves stay as they were.")
    return redirect(url_for("tax.index"), 303)


@bp.get("/<country>")
@needs("settings:write")
def show(country: str):
    """Show all rates of a country, with a form for another one."""
    return _country(country, RateForm(data={"country": country, "valid_from": utcnow().date(), "name": "VAT"}), 200)


@bp.post("/rates")
@needs("settings:write")
def save():
    """Enter a rate, in the place of one for the same class from the same day."""
    form = RateForm(request.form)
    country = (form.country.data or "").upper()
    if not form.validate():
        return _country(country, form, 422)

    def change(tx: Session) -> None:
        save_tax_rate(
            tx,
            country=country,
            region=(form.region.data or "").upper(),
            tax_class=form.tax_class.data,
            valid_from=form.valid_from.data,
            name=form.name.data,
            basis_points=form.percent.data,
            source=form.source.data or "",
        )

    try:
        if rehearsal.wanted():
            since = datetime.combine(form.valid_from.data, time(12), UTC)
            _, tried = rehearsal.tried(change, country=country, at=since)
            return _country(country, form, 200, tried)
        with transaction() as tx:
            change(tx)
    except BadTaxRate as refusal:
        for field, message in refusal.problems.items():
            form.refuse(field, message)
        return _country(country, form, 422)
    flash("The rate is kept.")
    return redirect(url_for("tax.show", country=country), 303)


@bp.post("/rates/removal")
@needs("settings:write")
def remove():
    """Take a rate away."""
    form = RemovalForm(request.form)
    if not form.validate():
        abort(400)
    with transaction() as tx:
        gone = remove_tax_rate(
            tx,
            country=form.country.data,
            region=form.region.data or "",
            tax_class=form.tax_class.data,
            valid_from=form.valid_from.data,
        )
    flash("The rate is gone." if gone else "Somebody has taken this rate away already.")
    return redirect(url_for("tax.show", country=form.country.data), 303)


def _index(form: SetsForm, status: int):
    places = tax_places(session(), today=utcnow().date())
    used = {rate.tax_set for place in places for rate in place.rates}
    sets = [tax_set(name) for name in set_names()]
    return make_response(
        render_template("admin/tax/index.html", places=places, sets=sets, used=used, form=form), status
    )


def _country(country: str, form: RateForm, status: int, tried: Rehearsal | None = None):
    places = tax_places(session(), today=utcnow().date(), country=country)
    titles = {name: tax_set(name).title for name in set_names()}
    context = {"country_code": country, "places": places, "set_titles": titles, "form": form, **told(tried)}
    return make_response(render_template("admin/tax/show.html", **context), status)
