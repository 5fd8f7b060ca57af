"""The first steps of a new shop: a plain form for each, in any order, now or later, and one button that opens it."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for

from admin.access import STAFF, actor, needs
from admin.forms.conflicts import VersionedForm
from admin.forms.settings import MoneyForm, PlaceForm, ways_form
from admin.forms.start import FirstDeliveryForm, FirstProductForm
from admin.forms.tax import SetsForm
from admin.start import NAMED, STEPS, progress
from admin.views.settings import kept, present_answers
from admin.views.tax import sets_form, sets_in_use
from admin.views.ways_to_pay import offer, present_form, present_ways
from domain.catalog.commands import create_first_product
from domain.orders.commands.delivery import save_method, save_zone
from domain.orders.commands.opening import open_shop, put_steps_away, skip_step
from domain.orders.commands.tax import use_tax_sets
from domain.orders.errors import BadDelivery, NotReady
from domain.orders.queries import why_currency_stays
from domain.orders.tax.sets import set_names, tax_set
from domain.payments.methods import LONGEST_LABEL
from domain.shared.db import utcnow
from domain.shared.errors import ChangedMeanwhile, DomainError
from domain.users.links import LOOK_IN, sign
from web.db import session, transaction
from web.errors import status_of
from web.forms import ShopForm
from web.settings import base_settings, look_again, shop_settings

bp = Blueprint("start", __name__, url_prefix="/start")


@bp.get("")
@needs("settings:write")
def show():
    """Show the steps, and how far the shop has come."""
    return _list(200)


@bp.post("/opening")
@needs("settings:write")
def open_now():
    """Open the shop, or say what is still missing."""
    try:
        with transaction() as tx:
            open_shop(tx, settings=base_settings())
    except NotReady:
        return _list(422, refused=True)
    look_again()
    flash("The shop is open. Shoppers come in within half a minute.")
    return redirect(url_for(".show"), 303)


@bp.post("/away")
@needs("settings:write")
def put_away():
    """Have the first page remind of the steps no longer, or again."""
    away = request.form.get("away") == "1"
    with transaction() as tx:
        put_steps_away(tx, away=away)
    look_again()
    return redirect(url_for("dashboard.show" if away else ".show"), 303)


@bp.get("/look")
@needs(STAFF)
def look() -> Response:
    """Lead into the shop as shoppers will see it."""
    settings = shop_settings()
    token = sign(settings.secret_key.get_secret_value(), purpose=LOOK_IN, subject="staff")
    return make_response(redirect(f"{settings.storefront_url}/look-in?token={token}", 303))


@bp.get("/<step>")
@needs("settings:write")
def step(step: str):
    """Show one step with its form."""
    if step not in FORMS:
        abort(404)
    return _step(step, FORMS[step](), 200)


@bp.post("/<step>/later")
@needs("settings:write")
def later(step: str):
    """Leave a step for later."""
    if step not in NAMED:
        abort(404)
    with transaction() as tx:
        skip_step(tx, step)
    look_again()
    return _onwards()


@bp.post("/place")
@needs("settings:write")
def save_place():
    """Keep who and where the shop is."""
    form = PlaceForm(request.form)
    if not (form.address.data or "").strip():
        form.refuse("address", "Enter the address of the shop.")
        return _step("place", form, 422)
    return _onwards() if kept(form, confirm=True) else _step("place", form, form.status)


@bp.post("/money")
@needs("settings:write")
def save_money():
    """Keep what the shop counts in."""
    form = MoneyForm(request.form)
    return _onwards() if kept(form, confirm=True) else _step("money", form, form.status)


@bp.post("/delivery")
@needs("shipping:write")
def save_delivery():
    """Make a first way to deliver."""
    form = FirstDeliveryForm(request.form)
    if not form.validate():
        return _step("delivery", form, 422)
    try:
        with transaction() as tx:
            zone = save_zone(tx, code=None, name=_zone_name(form.places.data), places=form.places.data)
            save_method(
                tx,
                zone_code=zone,
                code=None,
                name=form.name.data,
                price=form.price.data,
                free_above=form.free_above.data,
                min_days=form.min_days.data or 0,
                max_days=form.max_days.data or 0,
            )
    except BadDelivery as refusal:
        for field, message in refusal.problems.items():
            form.refuse(field, message)
        return _step("delivery", form, 422)
    flash(f"“{form.name.data}” is kept. More ways to deliver are made under Delivery.")
    return _onwards()


@bp.post("/payment")
@needs("settings:write")
def save_payment():
    """Say which ways to pay are offered."""
    form = ways_form(present_ways(), request.form)
    return _onwards() if offer(form) else _step("payment", form, form.status)


@bp.post("/goods")
@needs("products:write")
def save_goods():
    """Make a first product."""
    form = FirstProductForm(request.form)
    if not form.validate():
        return _step("goods", form, 422)
    try:
        with transaction() as tx:
            create_first_product(
                tx,
                title=form.title.data,
                category=form.category.data,
                description=form.description.data or "",
                price=form.price.data,
                sku=form.sku.data,
                on_hand=form.on_hand.data or 0,
                on_sale=form.publish.data,
                actor=actor(),
                now=utcnow(),
            )
    except DomainError as error:
        form.refuse("", str(error))
        return _step("goods", form, status_of(error))
    flash(f"“{form.title.data}” is made. Bring pictures and more variants under Products.")
    return _onwards()


@bp.post("/tax")
@needs("settings:write")
def save_tax():
    """Use sets of tax rates."""
    form = SetsForm(request.form)
    if not form.validate():
        return _step("tax", form, 422)
    try:
        with transaction() as tx:
            number = use_tax_sets(tx, form.sets.data, seen=form.version.data or "")
    except ChangedMeanwhile as refusal:
        form.overtaken(refusal, sets_in_use())
        return _step("tax", form, form.status)
    flash(f"{number} rates are in use now.")
    return _onwards()


def _onwards():
    """Go on to the step that comes next, or back to the list of them."""
    found = progress().next
    return redirect(url_for(".step", step=found.name) if found else url_for(".show"), 303)


def _zone_name(places: tuple[str, ...]) -> str:
    return "Everywhere" if "*" in places else ", ".join(places[:6])


def _place() -> ShopForm:
    return PlaceForm(data=present_answers(PlaceForm))


def _money() -> ShopForm:
    return MoneyForm(data=present_answers(MoneyForm))


def _delivery() -> ShopForm:
    given = {"places": (shop_settings().country,), "name": "Standard delivery", "min_days": 1, "max_days": 3}
    return FirstDeliveryForm(data=given)


def _goods() -> ShopForm:
    return FirstProductForm(data={"publish": True, "on_hand": 1})


FORMS: dict[str, Callable[[], ShopForm]] = {
    "place": _place,
    "money": _money,
    "delivery": _delivery,
    "payment": present_form,
    "goods": _goods,
    "tax": sets_form,
}
"""How the form of each step is made before anybody has answered it."""


def _list(status: int, *, refused: bool = False):
    return make_response(
        render_template("admin/start/show.html", steps=STEPS, progress=progress(), refused=refused), status
    )


def _step(name: str, form: ShopForm, status: int):
    here = NAMED[name]
    return make_response(
        render_template(
            "admin/start/step.html",
            step=here,
            number=STEPS.index(here) + 1,
            steps=STEPS,
            progress=progress(),
            form=form,
            why_currency_stays=why_currency_stays(session()) if name == "money" else "",
            ways=present_ways() if name == "payment" else (),
            differences=form.differences if isinstance(form, VersionedForm) else None,
            longest=LONGEST_LABEL,
            sets=[tax_set(name) for name in set_names()] if name == "tax" else (),
        ),
        status,
    )
