"""From whom mail and text messages come, and a letter to oneself to see that they do."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs, staff
from admin.forms.settings import SendersForm, senders_of
from domain.notifications.again import send_test
from domain.notifications.samples import LETTERS
from domain.shared.errors import ChangedMeanwhile
from domain.shared.preferences import (
    BadPreferences,
    Preferences,
    answers,
    hold_decisions,
    preferences,
    save_preferences,
)
from web.db import session, transaction
from web.settings import base_settings, look_again, shop_settings

bp = Blueprint("senders", __name__, url_prefix="/settings/senders")

TEST_LETTER = "welcome"
DECISIONS = ("mail_from", "mail_reply_to", "sms_sender")


@bp.get("")
@needs("settings:write")
def show():
    """Show from whom messages come."""
    return _page(SendersForm(data=_present()), 200)


@bp.post("")
@needs("settings:write")
def save():
    """Keep from whom messages come."""
    form = SendersForm(request.form)
    try:
        with transaction() as tx:
            hold_decisions(tx, _shown(preferences(tx)), seen=form.version.data or "", what="page")
            changed = save_preferences(tx, form.decisions(), settings=base_settings())
    except BadPreferences as refusal:
        for name, problem in refusal.problems.items():
            form.refuse_decision(name, problem)
        return _page(form, form.status)
    except ChangedMeanwhile as refusal:
        form.overtaken(refusal, _present())
        return _page(form, form.status)
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


def _shown(present: Preferences) -> tuple[str, ...]:
    """Return the decisions that the page is drawn from: mail comes in the shop's name until a sender is decided."""
    return DECISIONS if "mail_from" in present.values else (*DECISIONS, "name")


def _present() -> dict[str, str]:
    present = preferences(session())
    return senders_of(answers(present, base_settings())) | {"version": present.stamp(_shown(present))}


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
