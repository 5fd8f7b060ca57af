"""The contract and its readable page, as every API publishes them about itself."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from flask import Response, render_template

from domain.shared.errors import DomainError
from web.api.answers import written
from web.api.openapi import Access, contract
from web.api.registry import Api, Operation
from web.cache import public
from web.errors import kind_of, status_of

OWN_KINDS = {
    "invalid": (422, "A field or a parameter is not as the contract says; `errors` names each."),
    "not-json": (415, "The body is not JSON, or is not sent as application/json."),
    "no-token": (401, "The operation needs a token, and none was sent that is valid now."),
    "second-factor-required": (401, "The account has a second step: sign in again with `code`."),
    "second-factor-on": (409, "The account has a second step already."),
    "out-of-scope": (403, "The key does not reach this far."),
    "key-needed": (400, "What moves money is done for nobody without an Idempotency-Key."),
    "key-in-use": (409, "The first request with this Idempotency-Key is still being worked on: ask again."),
    "key-reused": (422, "This Idempotency-Key was used for another request."),
    "match-needed": (428, "An edit says by If-Match which version it is of."),
    "changed-meanwhile": (412, "Somebody changed it since: read it again, then decide."),
}
"""The kinds of problems that are the API's own, with their status; all others are refusals of the shop."""


def publish(api: Api, *, url: Callable[[], str], schemes: Mapping[str, Any], access: Callable[[Operation], Access],
            template: str, mark: Callable[[Any], Any] = lambda view: view) -> None:  # fmt: skip
    """Add `/openapi.json` and `/docs` to an API; neither needs a sign-in."""

    @cache
    def made(address: str) -> dict[str, Any]:
        return contract(api, url=address, schemes=schemes, access=access)

    def openapi() -> Response:
        """Send the contract."""
        return written(made(url()), status=200)

    def docs() -> str:
        """Show the contract to people."""
        return render_template(template, contract=made(url()), problems=sorted(_problems()), title=api.title)

    for rule, view in (("/openapi.json", openapi), ("/docs", docs)):
        api.bp.add_url_rule(rule, view.__name__, mark(public(shared=300)(view)), methods=["GET"])


def _problems() -> Iterator[tuple[str, int, str]]:
    for kind, (status, words) in OWN_KINDS.items():
        yield kind, status, words
    waiting = [DomainError]
    while waiting:
        found = waiting.pop()
        waiting += found.__subclasses__()
        if found.__module__.startswith("domain.") and found.__module__ != "domain.shared.errors":
            yield kind_of(found), status_of(found.__new__(found)), (found.__doc__ or "").strip().partition("\n")[0]
