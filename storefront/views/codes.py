"""Codes: entering one and taking it out, in the cart and on the page that places the order."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.orders.commands import enter_code, remove_code
from domain.promotions.errors import CodeRefused
from storefront.code import CodeState, refused_code
from storefront.forms.code import CodeForm
from storefront.session import current_cart_id
from storefront.summary import shop_time
from storefront.throttle import offer_throttle
from storefront.views.cart import answer_cart
from storefront.views.checkout import answer_review
from web.db import transaction
from web.htmx import wants_partial
from web.settings import shop_settings

bp = Blueprint("codes", __name__)


@bp.post("/cart/code")
def enter() -> AnyResponse:
    """Put a code in the cart; one that cannot apply is refused with the reason, and the cart stays as it was."""
    cart_id, settings = current_cart_id(), shop_settings()
    if cart_id is None:
        return redirect(url_for("cart.show"), 303)
    form = CodeForm(request.form)
    typed = form.code.data or ""
    if not form.validate():
        return _answer(refused_code(form.summary[0][1], typed=typed), status=422)
    throttle = offer_throttle(cart_id)
    wait = throttle.seconds_to_wait()
    if wait:
        minutes = -(-wait // 60)
        words = f"Too many codes that did not fit. Please wait {minutes} minute{'s' if minutes > 1 else ''}."
        answer = _answer(refused_code(words, typed=typed), status=429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    try:
        with transaction() as tx:
            enter_code(
                tx,
                cart_id=cart_id,
                code=typed,
                currency=settings.currency,
                country=settings.country,
                locale=settings.locale,
                now=shop_time(),
            )
    except CodeRefused as refusal:
        throttle.note_failure()
        return _answer(refused_code(str(refusal), typed=typed), status=422)
    return _done()


@bp.post("/cart/code/removal")
def remove() -> AnyResponse:
    """Take the code out of the cart."""
    cart_id = current_cart_id()
    if cart_id is not None:
        with transaction() as tx:
            remove_code(tx, cart_id=cart_id)
    return _done()


def _done() -> AnyResponse:
    if wants_partial():
        return answer_cart(current_cart_id(), code=CodeState(changed=True))
    return redirect(url_for("checkout.review" if _on_review() else "cart.show"), 303)


def _answer(code: CodeState, *, status: int) -> AnyResponse:
    """Show the page the code was typed on once more, with what is wrong."""
    if _on_review():
        return answer_review(code=code, status=status)
    return answer_cart(current_cart_id(), code=code, status=status)


def _on_review() -> bool:
    return request.form.get("back") == "review"
