"""Slowing down whoever guesses the passwords of staff."""

from uuid import UUID

from redis import Redis

from web.throttle import WINDOW as WINDOW
from web.throttle import Throttle

PER_ACCOUNT, PER_ADDRESS = 10, 50
"""Failures within the window from one network address: for one account, and for all of them together."""


def sign_in_throttle(redis: Redis | None, *, email: str, address: str) -> Throttle:
    """Return what counts the failures of one account from one address; only the slow hash holds others up."""
    account = f"{email.strip().lower()} {address}"
    return Throttle(redis, area="admin:sign-in", limits={account: PER_ACCOUNT, address: PER_ADDRESS})


def code_throttle(redis: Redis | None, *, staff_id: UUID) -> Throttle:
    """Return what counts wrong codes of the second factor: guessing takes the password and no fixed address."""
    return Throttle(redis, area="admin:code", limits={str(staff_id): PER_ACCOUNT})
