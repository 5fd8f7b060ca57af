"""The shop's settings as its owner changes them; they are in force at once here, and within seconds everywhere else."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.conflicts import VersionedForm
from admin.forms.settings import LegalForm, SettingsForm
from domain.orders.queries import why_currency_stays
from domain.shared.errors import ChangedMeanwhile
from domain.shared.preferences import (
    NAMES,
    BadPreferences,
    answers,
    hold_decisions,
    preferences,
    save_preferences,
)
from web.db import session, transaction
from web.settings import base_settings, look_again, shop_settings

bp = Blueprint("settings", __name__, url_prefix="/settings")


@bp.get("")
@needs("settings:write")
def show():
    """Show what is in force."""
    return _page(SettingsForm(data=present_answers(SettingsForm)), 200)


@bp.post("")
@needs("settings:write")
def save():
    """Keep how the shop calls itself and counts."""
    form = SettingsForm(request.form)
    return redirect(url_for(".show"), 303) if kept(form) else _page(form, form.status)


@bp.get("/legal")
@needs("settings:write")
def show_legal():
    """Show the legal texts."""
    return _legal_page(LegalForm(data=present_answers(LegalForm)), 200)


@bp.post("/legal")
@needs("settings:write")
def save_legal():
    """Keep the legal texts."""
    form = LegalForm(request.form)
    return redirect(url_for(".show_legal"), 303) if kept(form) else _legal_page(form, form.status)


def present_answers(kind: type[VersionedForm]) -> dict[str, str]:
    """Return what is in force now, as forms show it, with the version for a form of this kind.

    It is read anew: what this process knows can be older than what a colleague saved a moment ago.
    """
    present = preferences(session())
    return answers(present, base_settings()) | {"version": present.stamp(names_of(kind))}


def names_of(kind: type[VersionedForm]) -> list[str]:
    """Return the decisions that a form of this kind asks for."""
    return [name for name in NAMES if hasattr(kind, name)]


def kept(form: VersionedForm, *, confirm: bool = False) -> bool:
    """Keep the answers of a form that were sent, or write into the form why not."""
    sent = {name: str(value or "") for name, value in form.data.items() if name in request.form}
    try:
        with transaction() as tx:
            hold_decisions(tx, names_of(type(form)), seen=form.version.data or "", what="page")
            why = why_currency_stays(tx)
            changed = save_preferences(tx, sent, why_currency_stays=why, settings=base_settings(), confirm=confirm)
    except BadPreferences as refusal:
        for name, problem in refusal.problems.items():
            form.refuse(name, problem)
        return False
    except ChangedMeanwhile as refusal:
        form.overtaken(refusal, present_answers(type(form)))
        return False
    look_again()
    flash("Saved. The shop shows it within half a minute." if changed else "Nothing was changed.")
    return True


def _page(form: SettingsForm, status: int):
    settings = shop_settings()
    return make_response(
        render_template(
            "admin/settings/show.html",
            form=form,
            why_currency_stays=why_currency_stays(session()),
            fixed={
                "Mail goes out by": settings.mail_by.upper(),
                "Text messages": settings.sms_by.upper(),
                "Prices include tax": "yes" if settings.prices_include_tax else "no",
                "Address of the shop": settings.storefront_url,
            },
        ),
        status,
    )


def _legal_page(form: LegalForm, status: int):
    return make_response(render_template("admin/settings/legal.html", form=form), status)
