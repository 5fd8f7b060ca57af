"""The way in for staff before the shop opens."""

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from domain.users.links import LOOK_IN, read
from storefront.opening import let_in
from web.settings import shop_settings

bp = Blueprint("opening", __name__)

FRESH = 600
"""For how many seconds a link from the admin works."""


@bp.get("/look-in")
def look_in() -> Response:
    """Let whoever comes from the admin see the shop as shoppers will."""
    token = request.args.get("token", "")
    if read(shop_settings().secret_key.get_secret_value(), token, purpose=LOOK_IN, max_age=FRESH) is None:
        abort(403, description="This link has been open for too long. Press “Look into the shop” in the admin again.")
    let_in()
    return redirect("/", 303)
