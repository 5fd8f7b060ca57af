"""The shop's settings as its owner changes them; they are in force at once here, and within seconds everywhere else."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.settings import LegalForm, SettingsForm
from domain.catalog.queries import has_products
from domain.shared.preferences import BadPreferences, answers, save_preferences
from web.db import session, transaction
from web.forms import ShopForm
from web.settings import base_settings, look_again, shop_preferences, shop_settings

bp = Blueprint("settings", __name__, url_prefix="/settings")


@bp.get("")
@needs("settings:write")
def show():
    """Show what is in force."""
    present = answers(shop_preferences(), base_settings())
    return _page(SettingsForm(data=present), LegalForm(data=present), 200)


@bp.post("")
@needs("settings:write")
def save():
    """Keep how the shop calls itself and counts."""
    form = SettingsForm(request.form)
    return _keep(form, form, LegalForm(data=answers(shop_preferences(), base_settings())))


@bp.post("/legal")
@needs("settings:write")
def save_legal():
    """Keep the legal texts."""
    form = LegalForm(request.form)
    return _keep(form, SettingsForm(data=answers(shop_preferences(), base_settings())), form)


def _keep(given: ShopForm, form: SettingsForm, legal: LegalForm):
    try:
        with transaction() as tx:
            changed = save_preferences(
                tx,
                {name: str(value or "") for name, value in given.data.items() if name in request.form},
                currency_is_fixed=has_products(tx),
                settings=base_settings(),
            )
    except BadPreferences as refusal:
        for name, problem in refusal.problems.items():
            given.refuse(name, problem)
        return _page(form, legal, 422)
    look_again()
    flash("Saved. The shop shows it within half a minute." if changed else "Nothing was changed.")
    return redirect(url_for("settings.show"), 303)


def _page(form: SettingsForm, legal: LegalForm, status: int):
    settings = shop_settings()
    return make_response(
        render_template(
            "admin/settings/show.html",
            form=form,
            legal=legal,
            currency_is_fixed=has_products(session()),
            fixed={
                "Ways to be paid": ", ".join(settings.gateways),
                "Mail goes out by": settings.mail_by.upper(),
                "Text messages": settings.sms_by.upper(),
                "Prices include tax": "yes" if settings.prices_include_tax else "no",
                "Country of the shop": settings.country,
                "Address of the shop": settings.storefront_url,
            },
        ),
        status,
    )
