"""What a browser without an account holds by a cookie of its own: a cart, or a wishlist."""

from dataclasses import dataclass
from uuid import UUID

from flask import Response, request

from web.settings import shop_settings

THIRTY_DAYS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that a browser holds.

    `count` names a second cookie, which tells the script on a cached page that there is something to ask about;
    it holds a number and nothing else.
    """

    name: str
    count: str
    kept_for: int

    @property
    def cookie(self) -> str:
        """The name of the cookie."""
        return f"__Host-{self.name}" if shop_settings().secure_cookies else self.name

    def current(self) -> UUID | None:
        """Return what the browser holds; None for nothing, or for a cookie that is not ours."""
        try:
            return UUID(request.cookies.get(self.cookie, ""))
        except ValueError:
            return None

    def remember(self, response: Response, held: UUID | None, count: int, *, forget: bool = False) -> Response:
        """Keep it in the browser, and how much is in it; `forget` drops what the browser has."""
        secure = shop_settings().secure_cookies
        if held is not None:
            response.set_cookie(
                self.cookie, str(held), max_age=self.kept_for, secure=secure, httponly=True, samesite="Lax"
            )
        elif forget and self.cookie in request.cookies:
            response.delete_cookie(self.cookie, secure=secure, httponly=True, samesite="Lax")
        if count:
            response.set_cookie(self.count, str(count), max_age=self.kept_for, secure=secure, samesite="Lax")
        elif self.count in request.cookies:
            response.delete_cookie(self.count, secure=secure, samesite="Lax")
        return response
