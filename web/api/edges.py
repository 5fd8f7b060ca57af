"""What stands around every call: which other sites' pages may call, and how often anybody may."""

import time

from flask import Response, current_app, request
from flask_limiter import Limiter

from web.api.registry import Api
from web.here import notes
from web.settings import shop_settings

SENT = "Authorization, Content-Type, Cart-Token, Order-Key, Idempotency-Key, If-Match, If-None-Match"
SHOWN = "ETag, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed, X-Request-Id"
HOUR = 3600


def stand_around(api: Api) -> None:
    """Have every answer of an API say who may read it from a page, and how much may still be asked."""
    api.bp.after_request(_allow_origins)
    api.bp.after_request(_tell_limits)


def _allow_origins(response: Response) -> Response:
    """Let pages of the sites that the shop trusts read answers (CORS); no cookie ever goes with it."""
    allowed = shop_settings().api_origins
    if not allowed:
        return response
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin in allowed:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = SHOWN
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET")
            response.headers["Access-Control-Allow-Headers"] = SENT
            response.headers["Access-Control-Max-Age"] = str(HOUR)
    return response


def _tell_limits(response: Response) -> Response:
    """Say what is left of each limit that this call counted against (draft-ietf-httpapi-ratelimit-headers)."""
    if "counted" not in notes():
        return response
    limiters: set[Limiter] = current_app.extensions.get("limiter", set())
    policies, left = [], []
    for limit in (found for limiter in limiters for found in limiter.current_limits):
        name = limit.request_args[-1]
        policies.append(f'"{name}";q={limit.limit.amount};w={limit.limit.get_expiry()}')
        left.append(f'"{name}";r={max(limit.remaining, 0)};t={max(int(limit.reset_at - time.time()), 0)}')
    if policies:
        response.headers["RateLimit-Policy"] = ", ".join(policies)
        response.headers["RateLimit"] = ", ".join(left)
    return response
