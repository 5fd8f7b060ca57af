"""A shop that is not open yet or closed for a while: shoppers read so, and staff look in by a link from the admin."""

import time
from functools import cache

from flask import Flask, Response, g, make_response, render_template, request
from flask import session as signed_cookie

from storefront.api.table import api
from web.cache import KEEPING
from web.errors import is_api, problem
from web.htmx import wants_partial
from web.settings import shop_preferences

LOOKS_IN = "looks_in"
"""The name in the cookie under which it says since when its owner may look in, in seconds."""
LOOK = 12 * 3600
"""For how many seconds somebody may look in."""
ALWAYS = frozenset({"static", "media", "healthz", "readyz"})
ALWAYS_OF = frozenset({"meta", "legal", "webhooks", "opening"})
"""Single routes, and whole rooms, that are there before the shop opens."""
STAY = frozenset({"orders", "aftercare", "account", "address_book", "messages", "privacy", "profile", "registration",
                  "second_step", "sign_ins"})  # fmt: skip
"""The rooms that stay open while a shop is closed for a while: of orders that are placed, accounts and mail."""
STAY_OF_API = frozenset({"Account", "Account safety", "Addresses", "Orders", "Privacy", "Registration", "Sign-in"})
"""The areas of the API that stay open then."""
LATER = 3600
"""Seconds after which a program may ask again."""
_NOT_YET = ("Not open yet", "This shop is not open yet. Please come back soon.")


def init_opening(app: Flask) -> None:
    """Keep shoppers outside until the shop opens."""
    app.before_request(_closed)
    app.after_request(_for_nobody_else)


def let_in() -> None:
    """Let this browser look in for a while."""
    signed_cookie[LOOKS_IN] = int(time.time())


def _closed() -> Response | None:
    present = shop_preferences()
    if present.open:
        return None
    if request.endpoint in ALWAYS or request.blueprint in ALWAYS_OF:
        return None
    if present.closed and (request.blueprint in STAY or request.endpoint in _calls_that_stay()):
        return None
    request.environ.pop(KEEPING, None)
    if not is_api() and time.time() - signed_cookie.get(LOOKS_IN, 0) < LOOK:
        g.looks_in = True
        return None
    if request.blueprint == "seen":
        return make_response("", 204)  # whoever stands before the door has not visited the shop
    if request.method != "GET" or is_api() or wants_partial():
        words = ("Closed", present.closed_message) if present.closed else _NOT_YET
        response = problem(503, title=words[0], message=words[1])
        response.headers["Retry-After"] = str(LATER)
        return response
    page = render_template("storefront/opening/soon.html", message=present.closed_message if present.closed else "")
    response = make_response(page, 503 if present.closed else 200)
    if present.closed:
        # Search engines keep the pages that they know, and ask again.
        response.headers["Retry-After"] = str(LATER)
    response.headers["Cache-Control"] = "no-store"
    return response


@cache
def _calls_that_stay() -> frozenset[str]:
    return frozenset(f"{api.bp.name}.{one.name}" for one in api.operations if one.area in STAY_OF_API)


def _for_nobody_else(response: Response) -> Response:
    """Let no cache keep what whoever looks in sees."""
    if g.get("looks_in"):
        response.headers["Cache-Control"] = "no-store"
        response.headers.pop("ETag", None)
    return response
