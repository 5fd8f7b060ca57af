"""The second step of a shopper's sign-in: an option, with recovery codes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from domain.users import second_factor
from domain.users.commands.profile import check_password, locked
from domain.users.commands.shoppers import notice
from domain.users.errors import WrongCode
from domain.users.queries import ShopperView, shopper_view
from domain.users.recovery import hashes_of, without_used


def begin_shopper_factor(session: Session, *, shopper_id: UUID) -> str:
    """Return the secret to be set up; the same one until it is proved, so that a reload does not spoil it."""
    shopper = locked(session, shopper_id)
    if shopper.totp_confirmed_at:
        raise WrongCode
    if shopper.totp_secret is None:
        shopper.totp_secret = second_factor.new_secret()
    return shopper.totp_secret


def confirm_shopper_factor(session: Session, *, shopper_id: UUID, code: str, now: datetime) -> tuple[str, ...]:
    """Turn the second step on with a first code; return the recovery codes, which are shown this once."""
    shopper = locked(session, shopper_id)
    if shopper.totp_secret is None or shopper.totp_confirmed_at:
        raise WrongCode
    step = second_factor.step_of(shopper.totp_secret, code, now=now)
    if step is None:
        raise WrongCode
    codes = second_factor.new_recovery_codes()
    shopper.totp_confirmed_at, shopper.totp_step, shopper.recovery_hashes = now, step, hashes_of(codes)
    notice(session, shopper, "second factor on")
    return codes


def prove_shopper_factor(session: Session, *, shopper_id: UUID, code: str, now: datetime) -> ShopperView:
    """Accept a code of the app or a recovery code, each only once; raises WrongCode."""
    shopper = locked(session, shopper_id)
    if shopper.totp_secret is None or shopper.totp_confirmed_at is None or shopper.blocked_at:
        raise WrongCode
    step = second_factor.step_of(shopper.totp_secret, code, now=now, used=shopper.totp_step)
    if step is not None:
        shopper.totp_step = step
        return shopper_view(shopper)
    left = without_used(shopper.recovery_hashes, code)
    if left is None:
        raise WrongCode
    shopper.recovery_hashes = left
    return shopper_view(shopper)


def drop_shopper_factor(session: Session, *, shopper_id: UUID, password: str) -> None:
    """Turn the second step off; raises WrongPassword."""
    shopper = locked(session, shopper_id)
    check_password(shopper, password)
    shopper.totp_secret = shopper.totp_confirmed_at = shopper.totp_step = None
    shopper.recovery_hashes = []
    notice(session, shopper, "second factor off")
