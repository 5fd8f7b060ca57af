"""Which tax is borne where: sets of rates that come with the shop, and rates of its own."""

from datetime import UTC, datetime, time
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from admin import rehearsal
from admin.access import needs
from admin.forms.tax import RateForm, RemovalForm, SetsForm
from admin.rehearsal import told
from domain.orders.commands.tax import remove_tax_rate, save_tax_rate, use_tax_sets
from domain.orders.errors import BadTaxRate
from domain.orders.queries.rates import one_tax_rate, tax_places, tax_sets_in_use
from domain.orders.rehearsal import Rehearsal
from domain.orders.tax.sets import set_names, tax_set
from domain.shared.db import utcnow
from domain.shared.errors import ChangedMeanwhile
from domain.shared.stamp import stamp
from web.db import session, transaction

bp = Blueprint("tax", __name__, url_prefix="/tax")


@bp.get("")
@needs("settings:write")
def index():
    """List the places with tax rates, and the sets to choose from."""
    return _index(sets_form(), 200)


@bp.post("/sets")
@needs("settings:write")
def choose():
    """Use other sets of rates."""
    form = SetsForm(request.form)
    if not form.validate():
        return _index(form, 422)
    try:
        with transaction() as tx:
            number = use_tax_sets(tx, form.sets.data, seen=form.version.data or "")
    except ChangedMeanwhile as refusal:
        form.overtaken(refusal, sets_in_use())
        return _index(form, form.status)
    flash(f"{number} rates are in use now. Rates that you have entered yourselves stay as they were.")
    return redirect(url_for("tax.index"), 303)


@bp.get("/<country>")
@needs("settings:write")
def show(country: str):
    """Show all rates of a country, with a form for another one."""
    return _country(country, _new_rate(country), 200)


@bp.post("/rates")
@needs("settings:write")
def save():
    """Enter a rate, in the place of one for the same class from the same day."""
    form = RateForm(request.form)
    country = (form.country.data or "").upper()
    if not form.validate():
        return _country(country, form, 422)

    key = {
        "country": country,
        "region": (form.region.data or "").upper(),
        "tax_class": form.tax_class.data,
        "valid_from": form.valid_from.data,
    }

    def change(tx: Session, seen: str | None = None) -> None:
        save_tax_rate(
            tx,
            **key,
            seen=seen,
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
            change(tx, seen=form.version.data or "")
    except ChangedMeanwhile as refusal:
        there = one_tax_rate(session(), **key)
        if there is None:
            raise
        form.overtaken(refusal, {"percent": there.basis_points, **vars(there), "version": there.version})
        return _country(country, form, form.status)
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
    try:
        with transaction() as tx:
            gone = remove_tax_rate(
                tx,
                country=form.country.data,
                region=form.region.data or "",
                tax_class=form.tax_class.data,
                valid_from=form.valid_from.data,
                seen=form.version.data or "",
            )
    except ChangedMeanwhile as refusal:
        fresh = _new_rate(form.country.data)
        fresh.refuse("", str(refusal))
        return _country(form.country.data, fresh, 409)
    flash("The rate is gone." if gone else "Somebody has taken this rate away already.")
    return redirect(url_for("tax.show", country=form.country.data), 303)


def sets_in_use() -> dict[str, Any]:
    """Return the sets of rates in use, and the version of that choice."""
    used = tax_sets_in_use(session())
    return {"sets": list(used), "version": stamp(used)}


def sets_form() -> SetsForm:
    """Make the form of the sets, as they are in use."""
    return SetsForm(data=sets_in_use())


def _new_rate(country: str) -> RateForm:
    return RateForm(data={"country": country, "valid_from": utcnow().date(), "name": "VAT"})


def _index(form: SetsForm, status: int):
    places = tax_places(session(), today=utcnow().date())
    sets = [tax_set(name) for name in set_names()]
    return make_response(render_template("admin/tax/index.html", places=places, sets=sets, form=form), status)


def _country(country: str, form: RateForm, status: int, tried: Rehearsal | None = None):
    places = tax_places(session(), today=utcnow().date(), country=country)
    titles = {name: tax_set(name).title for name in set_names()}
    context = {"country_code": country, "places": places, "set_titles": titles, "form": form, **told(tried)}
    return make_response(render_template("admin/tax/show.html", **context), status)
