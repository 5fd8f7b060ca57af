"""Who is calling, and whether the written table lets them: a token or a key is looked at, a cookie never."""

from datetime import UTC, datetime

from flask import Response, g, request

from domain.users.commands import see_api_key, see_session
from domain.users.commands.api_keys import PREFIX
from domain.users.commands.api_keys import SEEN_EVERY as KEY_SEEN_EVERY
from domain.users.commands.sessions import SEEN_EVERY
from domain.users.errors import BadToken, NoSuchKey
from domain.users.queries import SignInView, staff_by_key
from storefront.access import ACCESS, KEYED, Who
from storefront.api.table import api
from storefront.api.tokens import who_is
from storefront.session import place_of
from web.api.bearer import bearer, refuse_token
from web.api.edges import stand_around
from web.api.openapi import Access
from web.api.pages import publish
from web.api.registry import Operation
from web.csrf import SAFE
from web.db import session, transaction
from web.errors import problem
from web.here import asked, notes
from web.rates import visitor
from web.settings import shop_settings

SCHEMES = {
    "access_token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The `access_token` of a sign-in.",
    },
    "partner_key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key that the shop gave a partner: what it reads is counted by itself.",
    },
}
OPEN = (Who.EVERYBODY, Who.OWN_MAIL)
"""Whoever is let in without a look at any token."""
READS = "products:read"
"""The scope that a partner's key must hold."""
WAYS: dict[Who, Access] = {
    Who.EVERYBODY: Access(optional=True),
    Who.OWN_MAIL: Access(optional=True),
    Who.CART_HOLDER: Access(("access_token",), optional=True, refusals=(401,)),
    Who.ORDER_HOLDER: Access(("access_token",), optional=True, refusals=(401,)),
    Who.BEARER: Access(("access_token",), refusals=(401,)),
}
"""How the contract says who is let in."""
PARTNERS = Access(("partner_key",), optional=True, refusals=(401, 403), words=f"Scope of a partner's key: `{READS}`.")


@api.bp.before_request
def _guard() -> Response | None:
    """Find out who calls, where that matters, and let nobody in whom the table does not."""
    request, on = asked(), notes()
    on.api_sign_in = on.api_known = None
    if request.method == "OPTIONS":
        return None
    endpoint = request.endpoint or ""
    who = ACCESS[endpoint]
    if endpoint in KEYED and "HTTP_AUTHORIZATION" in request.environ:
        key = bearer() or ""
        if key.startswith(PREFIX):
            return _let_partner_in(key)
    if who not in OPEN:
        token = bearer()
        if token is not None:
            try:
                on.api_sign_in = who_is(token)
            except BadToken as refusal:
                return refuse_token(str(refusal))
            _note_presence(on.api_sign_in)
        elif who is Who.BEARER:
            return refuse_token("Sign in, and send the access token.")
    known = on.api_sign_in
    on.api_known = f"shopper {known.shopper.id}" if known else None
    if request.method not in SAFE:
        held = request.headers.get("Cart-Token") or request.headers.get("Order-Key")
        on.api_caller = on.api_known or f"guest {held or visitor()}"
    return None


def _let_partner_in(key: str) -> Response | None:
    """Let a partner read who sends a key of theirs; what they are answered is then kept by no shared cache."""
    now = datetime.now(UTC)
    try:
        found = staff_by_key(session(), key, now=now)
    except NoSuchKey:
        return refuse_token("This key is not good: it may have ended, or was never made. Without any the same is open.")
    if not found.staff.can(READS):
        return problem(403, kind="out-of-scope", message=f"This key does not hold {READS}.", scope=READS)
    if found.last_used_at is None or now - found.last_used_at > KEY_SEEN_EVERY:
        with transaction() as tx:
            see_api_key(tx, key_id=found.id, now=now)
    g.api_known = g.api_caller = f"key {found.id}"
    return None


@api.bp.after_request
def _keep_apart(response: Response) -> Response:
    """Have every read by a key come here, where it is counted: no shared cache keeps the answer."""
    if notes().get("api_known") and response.headers.get("Cache-Control", "").startswith("public"):
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def _note_presence(found: SignInView) -> None:
    now = datetime.now(UTC)
    if now - found.last_seen_at > SEEN_EVERY:
        # A note in passing, as for a browser: it changes nothing that anybody asked for.
        with transaction() as tx:
            see_session(tx, session_id=found.id, place=place_of(request), now=now)


def _way(operation: Operation) -> Access:
    endpoint = f"api.{operation.name}"
    return PARTNERS if endpoint in KEYED else WAYS[ACCESS[endpoint]]


stand_around(api)
publish(api, url=lambda: shop_settings().storefront_url, schemes=SCHEMES, access=_way, template="api/docs.html")
