"""The shop's logo: bringing it, describing it and taking it off again."""

from collections.abc import Mapping

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.settings import LogoForm
from domain.catalog.errors import WrongPicture
from domain.catalog.media.logo import DrawnLogo, draw_logo
from domain.catalog.media.upload import MOST_BYTES
from domain.shared.errors import ChangedMeanwhile
from domain.shared.logo import LOGO, LOGO_ALT, LOGO_DARK
from domain.shared.preferences import Preferences, hold_decisions, keep, preferences
from web.db import session, transaction
from web.limits import takes_body
from web.settings import base_settings, look_again

bp = Blueprint("logo", __name__, url_prefix="/settings/logo")

FILES = (LOGO, LOGO_DARK)
DECISIONS = (*FILES, LOGO_ALT)


@bp.get("")
@needs("settings:write")
def show():
    """Show the logo on light and on dark ground, with a form to bring another one."""
    present = preferences(session())
    return _page(LogoForm(data=_answers(present)), present, 200)


@bp.post("")
@needs("settings:write")
@takes_body(2 * MOST_BYTES)
def save():
    """Take a logo, or another description of it."""
    form = LogoForm(request.form)
    valid = form.validate()
    taken = {name: one for name in FILES if (one := _read(name, form)) is not None}
    before = preferences(session())
    if LOGO_DARK in taken and LOGO not in taken and not before.values.get(LOGO):
        form.refuse(LOGO, "Bring the logo for light ground too: mail and papers show it.")
    if not valid or form.summary:
        return _page(form, before, 422)
    for one in taken.values():
        for file in one.files:
            current_app.extensions["storage"].put(file.key, file.data, file.content_type)
    decided = {name: one.drawn.written() for name, one in taken.items()} | {LOGO_ALT: form.alt.data or ""}
    try:
        with transaction() as tx:
            hold_decisions(tx, DECISIONS, seen=form.version.data or "", what="logo")
            present = preferences(tx).values
            keep(tx, {name: value for name, value in decided.items() if present.get(name, "") != value})
    except ChangedMeanwhile as refusal:
        return _overtaken(form, refusal, taken)
    look_again()
    flash("Saved. The shop shows it within half a minute.")
    return redirect(url_for(".show"), 303)


@bp.post("/removal")
@needs("settings:write")
def remove():
    """Take the logo off; the shop is known by its name again."""
    form = LogoForm(request.form)
    try:
        with transaction() as tx:
            hold_decisions(tx, DECISIONS, seen=form.version.data or "", what="logo")
            keep(tx, dict.fromkeys((LOGO_DARK,) if request.form.get("which") == "dark" else DECISIONS, ""))
    except ChangedMeanwhile as refusal:
        return _overtaken(None, refusal, {})
    look_again()
    flash("It is taken off.")
    return redirect(url_for(".show"), 303)


def _answers(present: Preferences) -> dict[str, str]:
    return {"alt": present.values.get(LOGO_ALT, ""), "version": present.stamp(DECISIONS)}


def _overtaken(form: LogoForm | None, refusal: ChangedMeanwhile, taken: Mapping[str, DrawnLogo]):
    """Show the page as it is now, with the description if one was typed; browsers do not send a file a second time."""
    look_again()
    present = preferences(session())
    form = LogoForm(data=_answers(present)) if form is None else form
    files = (
        (
            form[name].label.text,
            "as shown on this page" if present.values.get(name) else "",
            "yours: choose the file again",
        )
        for name in taken
    )
    form.overtaken(refusal, _answers(present), *files)
    return _page(form, present, form.status)


def _read(name: str, form: LogoForm) -> DrawnLogo | None:
    file = request.files.get(name)
    if file is None or not file.filename:
        return None
    try:
        return draw_logo(file.stream.read(MOST_BYTES + 1))
    except WrongPicture as error:
        form.refuse(name, str(error))
        return None


def _page(form: LogoForm, present: Preferences, status: int):
    """Draw the pictures from the same reading as the form's version, not from what this process remembers."""
    logo = present.over(base_settings()).logo
    return make_response(render_template("admin/settings/logo.html", form=form, logo=logo), status)
