"""The shop's logo: bringing it, describing it and taking it off again."""

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.settings import LogoForm
from domain.catalog.errors import WrongPicture
from domain.catalog.media.logo import DrawnLogo, draw_logo
from domain.catalog.media.upload import MOST_BYTES
from domain.shared.logo import LOGO, LOGO_ALT, LOGO_DARK
from domain.shared.preferences import keep, preferences
from web.db import transaction
from web.limits import takes_body
from web.settings import look_again, shop_preferences, shop_settings

bp = Blueprint("logo", __name__, url_prefix="/settings/logo")

FILES = (LOGO, LOGO_DARK)


@bp.get("")
@needs("settings:write")
def show():
    """Show the logo on light and on dark ground, with a form to bring another one."""
    return _page(LogoForm(data={"alt": shop_preferences().values.get(LOGO_ALT, "")}), 200)


@bp.post("")
@needs("settings:write")
@takes_body(2 * MOST_BYTES)
def save():
    """Take a logo, or another description of it."""
    form = LogoForm(request.form)
    valid = form.validate()
    taken = {name: one for name in FILES if (one := _read(name, form)) is not None}
    if LOGO_DARK in taken and LOGO not in taken and shop_settings().logo is None:
        form.refuse(LOGO, "Bring the logo for light ground too: mail and papers show it.")
    if not valid or form.summary:
        return _page(form, 422)
    for one in taken.values():
        for file in one.files:
            current_app.extensions["storage"].put(file.key, file.data, file.content_type)
    decided = {name: one.drawn.written() for name, one in taken.items()} | {LOGO_ALT: form.alt.data or ""}
    with transaction() as tx:
        present = preferences(tx).values
        keep(tx, {name: value for name, value in decided.items() if present.get(name, "") != value})
    look_again()
    flash("Saved. The shop shows it within half a minute.")
    return redirect(url_for(".show"), 303)


@bp.post("/removal")
@needs("settings:write")
def remove():
    """Take the logo off; the shop is known by its name again."""
    with transaction() as tx:
        keep(tx, {LOGO_DARK: ""} if request.form.get("which") == "dark" else {LOGO: "", LOGO_DARK: "", LOGO_ALT: ""})
    look_again()
    flash("It is taken off.")
    return redirect(url_for(".show"), 303)


def _read(name: str, form: LogoForm) -> DrawnLogo | None:
    file = request.files.get(name)
    if file is None or not file.filename:
        return None
    try:
        return draw_logo(file.stream.read(MOST_BYTES + 1))
    except WrongPicture as error:
        form.refuse(name, str(error))
        return None


def _page(form: LogoForm, status: int):
    return make_response(render_template("admin/settings/logo.html", form=form), status)
