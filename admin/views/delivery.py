"""Where the shop delivers to, how, and for how much."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from admin import rehearsal
from admin.access import needs
from admin.forms.delivery import MethodForm, ZoneForm, answers_of, bands_in_words
from admin.rehearsal import told
from domain.orders.commands.delivery import remove_method, remove_zone, save_method, save_zone
from domain.orders.errors import BadDelivery
from domain.orders.queries.rates import MethodRow, ZoneRow, one_method, one_zone, zone_list
from domain.orders.rehearsal import Rehearsal
from domain.shared.errors import ChangedMeanwhile
from web.db import session, transaction

bp = Blueprint("delivery", __name__, url_prefix="/delivery")

NEW_METHOD = {"priced_by": "flat", "min_days": 1, "max_days": 3, "position": 0, "active": True}


@bp.get("")
@needs("shipping:write")
def index():
    """List the zones with their places and ways to deliver."""
    return render_template("admin/delivery/index.html", zones=zone_list(session()))


@bp.get("/zones/new")
@needs("shipping:write")
def new_zone():
    """Show the form of a new zone."""
    return _zone(None, ZoneForm(), 200)


@bp.post("/zones")
@needs("shipping:write")
def create_zone():
    """Make a zone."""
    return _save_zone(None)


@bp.get("/zones/<code>")
@needs("shipping:write")
def zone(code: str):
    """Show a zone with its places and ways to deliver."""
    found = one_zone(session(), code)
    return _zone(found, ZoneForm(obj=found), 200)


@bp.post("/zones/<code>")
@needs("shipping:write")
def update_zone(code: str):
    """Change a zone's name and places."""
    return _save_zone(one_zone(session(), code))


@bp.post("/zones/<code>/removal")
@needs("shipping:write")
def drop_zone(code: str):
    """Take a zone away with its ways to deliver."""
    try:
        with transaction() as tx:
            remove_zone(tx, code=code, seen=request.form.get("version", ""))
    except ChangedMeanwhile as refusal:
        found = one_zone(session(), code)
        form = ZoneForm(obj=found)
        form.refuse("", str(refusal))
        return _zone(found, form, 409)
    flash("The zone is gone.")
    return redirect(url_for("delivery.index"), 303)


@bp.get("/zones/<code>/methods/new")
@needs("shipping:write")
def new_method(code: str):
    """Show the form of a new way to deliver."""
    return _method(one_zone(session(), code), None, MethodForm(data=NEW_METHOD), 200)


@bp.post("/zones/<code>/methods")
@needs("shipping:write")
def create_method(code: str):
    """Make a way to deliver."""
    return _save_method(one_zone(session(), code), None)


@bp.get("/methods/<code>")
@needs("shipping:write")
def method(code: str):
    """Show a way to deliver."""
    found = one_method(session(), code)
    return _method(one_zone(session(), found.zone_code), found, MethodForm(data=answers_of(found)), 200)


@bp.post("/methods/<code>")
@needs("shipping:write")
def update_method(code: str):
    """Change a way to deliver; orders that are placed keep what they agreed."""
    found = one_method(session(), code)
    return _save_method(one_zone(session(), found.zone_code), found)


@bp.post("/methods/<code>/removal")
@needs("shipping:write")
def drop_method(code: str):
    """Take a way to deliver away."""
    try:
        with transaction() as tx:
            remove_method(tx, code=code, seen=request.form.get("version", ""))
    except ChangedMeanwhile as refusal:
        found = one_method(session(), code)
        form = MethodForm(data=answers_of(found))
        form.refuse("", str(refusal))
        return _method(one_zone(session(), found.zone_code), found, form, 409)
    flash("This way to deliver is gone.")
    return redirect(url_for("delivery.index"), 303)


def _save_zone(found: ZoneRow | None):
    form = ZoneForm(request.form)
    if not form.validate():
        return _zone(found, form, 422)
    try:
        with transaction() as tx:
            code = save_zone(
                tx,
                code=found.code if found else None,
                name=form.name.data,
                places=form.places.data,
                seen=form.version.data or "",
            )
    except ChangedMeanwhile as refusal:
        if found is None:
            raise
        found = one_zone(session(), found.code)
        form.overtaken(refusal, found)
        return _zone(found, form, form.status)
    except BadDelivery as refusal:
        return _zone(found, _refused(form, refusal), 422)
    flash("The zone is kept.")
    return redirect(url_for("delivery.zone", code=code), 303)


def _save_method(place: ZoneRow, found: MethodRow | None):
    form = MethodForm(request.form)
    if not form.check():
        return _method(place, found, form, 422)
    code = found.method.code if found else None

    def change(tx: Session, seen: str | None = None) -> str:
        return save_method(tx, zone_code=place.code, code=code, seen=seen, **form.terms())

    try:
        if rehearsal.wanted():
            _, tried = rehearsal.tried(change, country=_country_of(place))
            return _method(place, found, form, 200, tried)
        with transaction() as tx:
            change(tx, seen=form.version.data or "")
    except ChangedMeanwhile as refusal:
        if found is None:
            raise
        found = one_method(session(), found.method.code)
        now = MethodForm(data=answers_of(found))
        bands = ("Bands", bands_in_words(now), bands_in_words(form))
        form.overtaken(refusal, {field.name: field.data for field in now}, bands)
        return _method(place, found, form, form.status)
    except BadDelivery as refusal:
        return _method(place, found, _refused(form, refusal), 422)
    flash("It is kept. The shop shows it within half a minute.")
    return redirect(url_for("delivery.zone", code=place.code), 303)


def _country_of(place: ZoneRow) -> str:
    """Return a country of a zone; nothing where it is the rest of the world alone."""
    return next((name[:2] for name in place.places if name != "*"), "")


def _refused(form, refusal: BadDelivery):
    for field, message in refusal.problems.items():
        form.refuse(field, message)
    return form


def _zone(found: ZoneRow | None, form: ZoneForm, status: int):
    return make_response(render_template("admin/delivery/zone.html", zone=found, form=form), status)


def _method(place: ZoneRow, found: MethodRow | None, form: MethodForm, status: int, tried: Rehearsal | None = None):
    page = render_template("admin/delivery/method.html", zone=place, row=found, form=form, **told(tried))
    return make_response(page, status)
