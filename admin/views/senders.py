"""From whom mail and text messages come, and a letter to oneself to see that they do."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs, staff
from admin.forms.settings import SendersForm, senders_of
from admin.views.settings import present_answers
from domain.notifications.again import send_test
from domain.notifications.samples import LETTERS
from domain.shared.preferences import BadPreferences, save_preferences
from web.db import transaction
from web.settings import base_settings, look_again, shop_settings

bp = Blueprint("senders", __name__, url_prefix="/settings/senders")

TEST_LETTER = "welcome"


@bp.get("")
@needs("settings:write")
def show():
    """Show from whom messages come."""
    return _page(SendersForm(data=senders_of(present_answers())), 200)


@bp.post("")
@needs("settings:write")
def save():
    """Keep from whom messages come."""
    form = SendersForm(request.form)
    try:
        with transaction() as tx:
            changed = save_preferences(tx, form.decisions(), settings=base_settings())
    except BadPreferences as refusal:
        for name, problem in refusal.problems.items():
            form.refuse_decision(name, problem)
        return _page(form, 422)
    look_again()
    flash("Saved. The next message comes from there." if changed else "Nothing was changed.")
    return redirect(url_for(".show"), 303)


@bp.post("/tests")
@needs("settings:write")
def send():
    """Send a letter to oneself, from whom messages come now."""
    with transaction() as tx:
        send_test(tx, template=TEST_LETTER, to=staff().email, context=LETTERS[TEST_LETTER])
    flash(f"A letter is on its way to {staff().email}. See whom it comes from, and where an answer would go.")
    return redirect(url_for(".show"), 303)


def _page(form: SendersForm, status: int):
    settings = shop_settings()
    return make_response(
        render_template(
            "admin/settings/senders.html",
            form=form,
            goes_out=settings.mail_by == "ses" or settings.smtp_host is not None,
            by=settings.mail_by,
            texts=settings.sms_by != "off",
        ),
        status,
    )
