"""How often one visitor may come through the doors that cost something: signing in, searching, sending forms.

Counted in Redis by Flask-Limiter; while Redis is away each process counts for itself. Pages that caches may keep are
not counted, so that looking around costs no look into Redis.
"""

import ipaddress
import time
from collections.abc import Callable, Collection, Mapping
from functools import wraps
from hashlib import blake2b
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter, RequestLimit

from domain.shared.settings import Settings
from web.csrf import SAFE
from web.errors import problem
from web.here import notes

SIGN_IN, SEARCH, WRITE, API, FREE = "sign-in", "search", "write", "api", "free"
"""The classes of routes: whatever is no GET is WRITE unless an app's table says otherwise; API counts by caller."""

STRANGE = frozenset({SIGN_IN})
"""The classes in which visitors from this very machine are counted too."""

PATIENCE = 1
"""How many seconds Redis may take to answer before a process counts for itself."""


def init_rates(app: Flask, settings: Settings, table: Mapping[str, str], keyed: Collection[str] = ()) -> None:
    """Count the visits to an app's routes; call it when all routes are there.

    `table` names classes by endpoint; `keyed` counts as API for whoever sends a key, and else as the table says.
    """
    if not settings.rate_limits:
        return
    rates = {SIGN_IN: settings.rate_sign_in, SEARCH: settings.rate_search, WRITE: settings.rate_write,
             API: settings.rate_api}  # fmt: skip
    limiter = Limiter(
        visitor,
        storage_uri=_storage(settings.redis_url),
        storage_options={"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE} if settings.redis_url else {},
        strategy="fixed-window",
        key_prefix=f"rate:{app.name}",
        in_memory_fallback_enabled=True,
        swallow_errors=True,
        headers_enabled=False,
        on_breach=_too_often,
    )
    # To an app that it takes for known it adds no hooks, for which every page would pay a fifth of its own weight: the
    # views that are counted ask by themselves.
    app.extensions["limiter"] = {limiter}
    limiter.init_app(app)
    for rule in app.url_map.iter_rules():
        acts = bool((rule.methods or set()) - SAFE)
        kind = table.get(rule.endpoint, WRITE if acts else FREE)
        view = app.view_functions[rule.endpoint]
        if kind != FREE:
            exempt = None if kind in STRANGE else _unknown_from_here if kind == API else from_here
            if rule.endpoint in keyed:
                exempt = _known_or_from_here
            whom = _caller if kind == API else visitor
            counted = limiter.shared_limit(rates[kind], scope=kind, key_func=whom, exempt_when=exempt)(view)
            app.view_functions[rule.endpoint] = _noted(counted)
        if rule.endpoint in keyed:
            by_key = limiter.shared_limit(rates[API], scope=API, key_func=_caller, exempt_when=_unknown)(view)
            app.view_functions[rule.endpoint] = _either(_noted(by_key), app.view_functions[rule.endpoint])


def _noted(counted: Callable[..., Any]) -> Callable[..., Any]:
    """Make a view that is counted say so, as asking the limiter about every answer costs."""

    @wraps(counted)
    def view(**path: Any) -> Any:
        notes().counted = True
        return counted(**path)

    return view


def _either(known: Callable[..., Any], unknown: Callable[..., Any]) -> Callable[..., Any]:
    """Make the view that is one of two: for whoever proved who they are, and for everybody else."""

    @wraps(unknown)
    def view(**path: Any) -> Any:
        return (unknown if _unknown() else known)(**path)

    return view


def visitor() -> str:
    """Return whom to count: an address, or for IPv6 the network that one household or machine has."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
    return str(address)


def from_here() -> bool:
    """Say whether a request comes from this machine: a proxy nobody told us of, a test, a measurement."""
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _caller() -> str:
    """Return whom an API counts: whoever proved who they are, else where they come from."""
    known: str | None = notes().get("api_known")
    return blake2b(known.encode(), digest_size=16).hexdigest() if known else visitor()


def _unknown() -> bool:
    return notes().get("api_known") is None


def _unknown_from_here() -> bool:
    return _unknown() and from_here()


def _known_or_from_here() -> bool:
    return not _unknown() or from_here()


def _too_often(limit: RequestLimit) -> Response:
    wait = max(int(limit.reset_at - time.time()) + 1, 1)
    response = problem(429)
    response.headers["Retry-After"] = str(wait)
    return response


def _storage(redis_url: str | None) -> str:
    """Name the place to count in as the limiter wants it named."""
    if redis_url is None:
        return "memory://"
    return redis_url.replace("unix://", "redis+unix://", 1) if redis_url.startswith("unix://") else redis_url
