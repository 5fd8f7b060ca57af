"""Every kind of message: how it looks with the shop's own orders, a letter to oneself, and a switch."""

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs, staff
from domain.notifications.adapters.templates import Letter, render, render_sms
from domain.notifications.again import send_test
from domain.notifications.kinds import KINDS, kind_of, switch, switched_off
from domain.notifications.previews import Example, example
from domain.notifications.samples import LETTERS, TEXTS
from domain.orders.queries import admin_order
from domain.shared.errors import NotFound, RuleBroken
from web.db import session, transaction
from web.errors import status_of
from web.headers import allow_styles_of
from web.settings import shop_settings

bp = Blueprint("letters", __name__, url_prefix="/notifications/kinds")


@bp.get("")
@needs("notifications:read")
def index():
    """List every kind of message with its switch."""
    return render_template(
        "admin/notifications/kinds.html", kinds=KINDS, off=switched_off(session()), letters=LETTERS, texts=TEXTS
    )


@bp.get("/<template>")
@needs("notifications:read")
def show(template: str):
    """Show a kind of message with a preview on real data."""
    return _page(template)


@bp.get("/<template>/letter")
@needs("notifications:read")
def preview(template: str):
    """Show a letter as its reader gets it; only its own styles, by their hashes, are let into this page."""
    if kind_of(template) and template not in LETTERS:
        raise NotFound("This message is a text message only.")
    html = _letter(template, _example(template)).html
    allow_styles_of(html)
    return make_response(html)


@bp.post("/<template>/tests")
@needs("notifications:send")
def send(template: str):
    """Send a letter to oneself, as the preview shows it."""
    if kind_of(template) and template not in LETTERS:
        raise NotFound("This message is a text message only.")
    shown = _example(template)
    with transaction() as tx:
        send_test(tx, template=template, to=staff().email, context=shown.context)
    flash(f"The letter is on its way to {staff().email}.")
    return redirect(url_for(".show", template=template, **_asked()), 303)


@bp.post("/<template>/switch")
@needs("notifications:write")
def turn(template: str):
    """Switch a kind of message on or off."""
    on = request.form.get("on") == "1"
    try:
        with transaction() as tx:
            switch(tx, template=template, on=on)
    except NotFound:
        raise
    except RuleBroken as refusal:
        return _page(template, refusal=str(refusal), status=status_of(refusal))
    flash(f"“{KINDS[template].title}” is {'sent again' if on else 'not sent any more'}, from now on.")
    return redirect(url_for(".show", template=template), 303)


def _page(template: str, *, refusal: str = "", status: int = 200) -> Response:
    kind = kind_of(template)
    try:
        shown = _example(template)
    except RuleBroken as broken:
        refusal, status, shown = str(broken), status_of(broken), example(session(), template)
    return make_response(
        render_template(
            "admin/notifications/kind.html",
            name=template,
            kind=kind,
            off=template in switched_off(session()),
            letter=_letter(template, shown) if template in LETTERS else None,
            words=render_sms(template, shown.context, shop_settings()) if template in TEXTS else None,
            shown=shown,
            asked=_asked(),
            by_order="order" in LETTERS.get(template, {}) and not kind.holds_link,
            refusal=refusal,
        ),
        status,
    )


def _example(template: str) -> Example:
    asked = _asked()
    number = asked.get("order")
    try:
        message_id = UUID(asked["message"]) if "message" in asked else None
    except ValueError:
        message_id = None
    order_id = None
    if number:
        try:
            order_id = admin_order(session(), number).id
        except NotFound as missing:
            raise RuleBroken(f"There is no order {number}.") from missing
    return example(session(), template, message_id=message_id, order_id=order_id)


def _asked() -> dict[str, str]:
    """What the preview is to be shown with."""
    found = {name: request.values.get(name, "").strip()[:60] for name in ("order", "message")}
    return {name: value for name, value in found.items() if value}


def _letter(template: str, shown: Example) -> Letter:
    return render(template, shown.context, shop_settings(), to=staff().email)
