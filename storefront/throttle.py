"""Slowing down whoever guesses passwords or has mails sent to others; a real shopper hardly ever notices."""

from uuid import UUID

from flask import current_app, request

from web.throttle import Throttle

PER_ACCOUNT, PER_PLACE = 8, 40
"""Failures within the window, for one account from anywhere and for all accounts from one network address."""
MAILS, MAILS_PER_PLACE = 5, 20
"""Mails within the window to one address, and to all addresses from one network address."""
OFFERS, OFFERS_PER_PLACE = 10, 30
"""Refused codes within the window: for one cart, and for all carts of one network address together."""
FIRST_PAUSE = 15
"""Seconds of the first pause; each further failure doubles it."""


def sign_in_throttle(account: str) -> Throttle:
    """Return what counts the failures to sign in to an account, known or not."""
    limits = {f"account {account.strip().lower()}": PER_ACCOUNT, f"address {_address()}": PER_PLACE}
    return Throttle(current_app.extensions["redis"], area="shop:sign-in", limits=limits, first_pause=FIRST_PAUSE)


def code_throttle(shopper_id: UUID) -> Throttle:
    """Return what counts the wrong codes and passwords of a shopper who has shown one secret already."""
    limits = {f"code {shopper_id}": PER_ACCOUNT}
    return Throttle(current_app.extensions["redis"], area="shop:code", limits=limits, first_pause=FIRST_PAUSE)


def mail_throttle(email: str) -> Throttle:
    """Return what counts the mails with links that are asked for an address."""
    limits = {f"mail {email.strip().lower()}": MAILS, f"address {_address()}": MAILS_PER_PLACE}
    return Throttle(current_app.extensions["redis"], area="shop:mails", limits=limits)


def offer_throttle(cart_id: UUID) -> Throttle:
    """Return what counts the refused codes for something off."""
    limits = {f"cart {cart_id}": OFFERS, f"address {_address()}": OFFERS_PER_PLACE}
    return Throttle(current_app.extensions["redis"], area="shop:codes", limits=limits)


def in_words(seconds: int) -> str:
    """Say how long to wait."""
    if seconds < 90:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{-(-seconds // 60)} minutes"


def _address() -> str:
    return request.remote_addr or "unknown"
