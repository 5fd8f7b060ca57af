"""What a shopper says about messages: leaving a topic, preferences, the telephone, and how an order was."""

from datetime import UTC, datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from domain.notifications import phones, topics
from domain.notifications.commands import mark_read
from domain.notifications.opinions import SCORES, keep_opinion, opinion
from domain.notifications.queries import notices
from domain.orders.queries.access import order_by_link
from domain.shared.errors import RuleBroken
from domain.users.queries import ShopperView
from storefront.session import current_shopper
from web.csrf import csrf_exempt
from web.db import session, transaction
from web.headers import keep_address_private
from web.settings import shop_settings

bp = Blueprint("messages", __name__)


@bp.get("/messages/unsubscribe")
def ask_to_leave() -> str:
    """Ask whether an address leaves a topic: links in mail are opened by machines, so opening one changes nothing."""
    email, topic = _signed()
    return render_template("storefront/messages/unsubscribe.html", email=email, topic=topic, done=False)


@bp.post("/messages/unsubscribe")
@csrf_exempt
def leave() -> str:
    """Leave a topic, from the page or by the mail program's own button (RFC 8058); the signature is the proof."""
    email, topic = _signed()
    with transaction() as tx:
        topics.say(tx, email=email, topic=topic.name, wanted=False)
    return render_template("storefront/messages/unsubscribe.html", email=email, topic=topic, done=True)


@bp.get("/account/messages")
@login_required
def index() -> str:
    """Show a shopper's notices, which letters they get, and where text messages go."""
    return _page(problem=None)


@bp.post("/account/messages/read")
@login_required
def read() -> AnyResponse:
    """Take every notice as read."""
    with transaction() as tx:
        mark_read(tx, shopper_id=_shopper().id)
    return redirect(url_for(".index"), 303)


@bp.post("/account/messages/preferences")
@login_required
def prefer() -> AnyResponse:
    """Keep which letters a shopper gets."""
    with transaction() as tx:
        for topic in topics.TOPICS:
            topics.say(tx, email=_shopper().email, topic=topic.name, wanted=topic.name in request.form)
    return redirect(url_for(".index", kept=1), 303)


@bp.post("/account/messages/phone")
@login_required
def give_phone() -> AnyResponse | tuple[str, int]:
    """Send a code to a number, so that nobody gets text messages who did not ask for them."""
    try:
        with transaction() as tx:
            phones.ask_for_code(
                tx, shopper_id=_shopper().id, number=request.form.get("number", ""), country=shop_settings().country,
                now=datetime.now(UTC),
            )  # fmt: skip
    except RuleBroken as refusal:
        return _page(problem=str(refusal)), 422
    return redirect(url_for(".index"), 303)


@bp.post("/account/messages/phone/code")
@login_required
def verify_phone() -> AnyResponse | tuple[str, int]:
    """Take the code back."""
    with transaction() as tx:
        right = phones.verify(tx, shopper_id=_shopper().id, code=request.form.get("code", ""), now=datetime.now(UTC))
    if not right:
        return _page(problem="This code does not fit, or it is too old. Please ask for a new one."), 422
    return redirect(url_for(".index"), 303)


@bp.post("/account/messages/phone/removal")
@login_required
def forget_phone() -> AnyResponse:
    """Send no more text messages."""
    with transaction() as tx:
        phones.forget_phone(tx, shopper_id=_shopper().id)
    return redirect(url_for(".index"), 303)


@bp.get("/orders/<number>/opinion")
def ask_opinion(number: str) -> str:
    """Ask how content the shopper is; the answer that the letter's link proposes is chosen already."""
    keep_address_private()
    order_id = order_by_link(session(), number, access_key=_key())
    given = opinion(session(), order_id)
    proposed = request.args.get("score", type=int) or (given[0] if given else None)
    return _opinion(number, score=proposed, words=given[1] if given else "", done=False)


@bp.post("/orders/<number>/opinion")
def give_opinion(number: str) -> str:
    """Keep the answer."""
    keep_address_private()
    score, words = request.form.get("score", type=int), request.form.get("words", "")
    with transaction() as tx:
        order_id = order_by_link(tx, number, access_key=_key())
        keep_opinion(tx, order_id=order_id, score=score or 0, words=words)
    return _opinion(number, score=score, words=words, done=True)


def _signed() -> tuple[str, topics.Topic]:
    email, topic = request.args.get("to", ""), topics.BY_NAME.get(request.args.get("topic", ""))
    secret = shop_settings().secret_key.get_secret_value()
    if topic is None or not topics.is_signed(secret, request.args.get("signed", ""), email=email, topic=topic.name):
        abort(404, description="This link is not whole. Please use the one in our mail as it is.")
    return email, topic


def _shopper() -> ShopperView:
    shopper = current_shopper()
    assert shopper
    return shopper


def _page(*, problem: str | None) -> str:
    shopper, settings = _shopper(), shop_settings()
    return render_template(
        "storefront/account/messages.html",
        notices=notices(session(), shopper_id=shopper.id, settings=settings),
        choices=topics.choices(session(), shopper.email),
        phone=phones.phone_of(session(), shopper.id),
        sms=settings.sms_by != "off",
        problem=problem,
        kept=request.args.get("kept") == "1",
    )


def _opinion(number: str, **values: object) -> str:
    back = url_for("orders.show", number=number, key=_key())
    reviews = url_for("reviews.of_order", number=number, key=_key())
    return render_template(
        "storefront/messages/opinion.html", number=number, scores=SCORES, back=back, reviews=reviews, **values
    )


def _key() -> str:
    return request.args.get("key", "")
