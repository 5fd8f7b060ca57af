"""Whose key this is, and whether it reaches as far as the route's permission: a cookie is never looked at."""

from dataclasses import replace

from flask import Response, current_app, g, request

from admin.access import EVERYBODY, needs, permission_of
from admin.api.table import api
from domain.shared.db import utcnow
from domain.users.commands import see_api_key
from domain.users.commands.api_keys import SEEN_EVERY
from domain.users.errors import NoSuchKey
from domain.users.queries import KeyView, staff_by_key
from web.api.bearer import bearer, refuse_token
from web.api.edges import stand_around
from web.api.openapi import Access
from web.api.pages import publish
from web.api.registry import Operation
from web.db import session, transaction
from web.errors import problem
from web.settings import shop_settings

SCHEMES = {
    "api_key": {"type": "http", "scheme": "bearer", "description": "A key, made in the admin under Staff, Keys."}
}


@api.bp.before_request
def _guard() -> Response | None:
    """Let nobody in whose key does not hold the permission that the route names."""
    g.staff = g.api_known = None
    needed = permission_of(current_app, request.endpoint or "")
    if needed == EVERYBODY or request.method == "OPTIONS":
        return None
    try:
        found = staff_by_key(session(), bearer() or "", now=utcnow())
    except NoSuchKey:
        return refuse_token("Send a key that is good: it may have ended, or was never made.")
    if needed is None or not found.staff.can(needed):
        return problem(403, kind="out-of-scope", message=f"This key does not hold {needed}.", scope=needed)
    _note_use(found)
    g.api_known = g.api_caller = f"key {found.id}"
    g.staff = replace(found.staff, name=f"{found.name} (key of {found.staff.name})"[:200])
    return None


def _note_use(found: KeyView) -> None:
    now = utcnow()
    if found.last_used_at is None or now - found.last_used_at > SEEN_EVERY:
        # A note in passing, before anybody acts: it is no deed of theirs.
        with transaction() as tx:
            see_api_key(tx, key_id=found.id, now=now)


def _way(operation: Operation) -> Access:
    scope = getattr(operation.view, "permission", "")
    return Access(("api_key",), refusals=(401, 403), words=f"Scope: `{scope}`.")


stand_around(api)
publish(
    api,
    url=lambda: shop_settings().admin_url,
    schemes=SCHEMES,
    access=_way,
    template="admin/api/docs.html",
    mark=needs(EVERYBODY),
)
