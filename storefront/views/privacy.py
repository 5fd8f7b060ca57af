"""All that is kept about a shopper: to be taken along, and to be deleted."""

import json
from dataclasses import asdict

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask import session as signed_cookie
from flask_login import login_required, logout_user
from werkzeug.wrappers import Response as AnyResponse

from domain.cart.commands.forget import forget_carts
from domain.notifications.forget import forget_recipient
from domain.notifications.mine import messages_to_take_along
from domain.orders.commands.forget import forget_orders
from domain.orders.errors import OrdersUnderWay
from domain.orders.queries.mine import orders_to_take_along, returns_to_take_along
from domain.reviews.commands import forget_reviews
from domain.reviews.queries import reviews_to_take_along
from domain.users.commands import delete_account
from domain.users.errors import WrongPassword
from domain.users.queries import address_book, sign_ins
from domain.users.queries.customers import customer
from domain.wishlist.commands import forget_wishlist
from domain.wishlist.queries import wishes_to_take_along
from storefront.forms.profile import PresentPasswordForm
from storefront.session import forget_browser, signed_in_shopper
from storefront.throttle import code_throttle, in_words
from web.db import session, transaction
from web.settings import shop_settings

bp = Blueprint("privacy", __name__, url_prefix="/account/data")


@bp.get("")
@login_required
def show() -> AnyResponse:
    """Offer both."""
    return _page(PresentPasswordForm())


@bp.get("/export.json")
@login_required
def export() -> Response:
    """Give a shopper all that is kept about them, in one file that other shops can read too."""
    shopper = signed_in_shopper()
    kept = {
        "account": {
            "email": shopper.email,
            "name": shopper.name,
            "verified": shopper.verified,
            "second_step": shopper.second_factor,
            "note_of_the_shop": customer(session(), shopper.id).note,
        },
        "addresses": [row.address | {"default": row.is_default} for row in address_book(session(), shopper.id)],
        "sign_ins": [asdict(row) for row in sign_ins(session(), shopper.id)],
        "orders": orders_to_take_along(session(), shopper.id),
        "returns": returns_to_take_along(session(), shopper.id),
        **messages_to_take_along(session(), shopper_id=shopper.id, email=shopper.email),
        "reviews": reviews_to_take_along(session(), shopper.id),
        "wishlist": wishes_to_take_along(session(), shopper.id, currency=shop_settings().currency),
    }
    answer = current_app.response_class(json.dumps(kept, default=str, indent=2, ensure_ascii=False))
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@bp.post("/deletion")
@login_required
def delete() -> AnyResponse:
    """Delete the account for good; orders stay in the books without the name."""
    form, shopper = PresentPasswordForm(request.form), signed_in_shopper()
    throttle = code_throttle(shopper.id)
    waiting = throttle.seconds_to_wait()
    if waiting:
        form.refuse("present", f"That was tried many times. Please wait {in_words(waiting)}, then try again.")
    elif form.validate():
        try:
            with transaction() as tx:
                verified = shopper.email if shopper.verified else None
                order_ids = forget_orders(tx, shopper_id=shopper.id, email=verified)
                forget_reviews(tx, shopper_id=shopper.id, email=verified)
                forget_wishlist(tx, shopper_id=shopper.id)
                forget_carts(tx, shopper_id=shopper.id)
                forget_recipient(tx, email=shopper.email, shopper_id=shopper.id, order_ids=order_ids)
                delete_account(tx, shopper_id=shopper.id, password=form.present.data)
        except WrongPassword as refusal:
            throttle.note_failure()
            form.refuse("present", str(refusal))
        except OrdersUnderWay as refusal:
            form.refuse("main", str(refusal))
        else:
            logout_user()
            signed_cookie.clear()
            forget_browser()
            return redirect(url_for(".gone"), 303)
    return _page(form, status=429 if waiting else 422)


@bp.get("/gone")
def gone() -> str:
    """Say that the account is deleted."""
    return render_template("storefront/account/gone.html")


def _page(form: PresentPasswordForm, *, status: int = 200) -> AnyResponse:
    return make_response(render_template("storefront/account/data.html", form=form), status)
