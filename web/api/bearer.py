"""The token that comes along with a call (RFC 6750)."""

from flask import Response, request

from web.errors import problem


def bearer() -> str | None:
    """Return the token in the Authorization header; None without the header, and a bad token for another scheme."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def refuse_token(message: str) -> Response:
    """Answer 401 to whoever sends no token, or none that is good."""
    response = problem(401, kind="no-token", message=message)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response
