"""All that is kept about a shopper: to be taken along, and to be deleted."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask import session as signed_cookie
from flask_login import login_required, logout_user
from werkzeug.wrappers import Response as AnyResponse

from domain.orders.errors import OrdersUnderWay
from domain.users.errors import WrongPassword
from storefront.forms.profile import PresentPasswordForm
from storefront.privacy import forget, kept_about, written_out
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
    return written_out(kept_about(session(), signed_in_shopper(), currency=shop_settings().currency))


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
                forget(tx, shopper, password=form.present.data)
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
