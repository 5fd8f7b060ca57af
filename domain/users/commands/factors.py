"""The second factor of staff: setting it up, proving it, and starting over when it is lost."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from domain.shared.db import lock_one
from domain.users import second_factor
from domain.users.commands.sign_ins import end_all
from domain.users.commands.staff import check_below
from domain.users.errors import NoSuchStaff, WrongCode
from domain.users.models import StaffMember
from domain.users.recovery import hashes_of, without_used


def begin_second_factor(session: Session, *, staff_id: UUID) -> str:
    """Return the secret to be set up; the same one until it is proved, so that a reload does not spoil it."""
    staff = _locked(session, staff_id)
    if staff.totp_confirmed_at:
        raise WrongCode
    if staff.totp_secret is None:
        staff.totp_secret = second_factor.new_secret()
    return staff.totp_secret


def confirm_second_factor(session: Session, *, staff_id: UUID, code: str, now: datetime) -> tuple[str, ...]:
    """Turn the second factor on with a first code and return the recovery codes, which are shown this once."""
    staff = _locked(session, staff_id)
    step = staff.totp_secret and second_factor.step_of(staff.totp_secret, code, now=now, used=None)
    if not step or staff.totp_confirmed_at:
        raise WrongCode
    codes = second_factor.new_recovery_codes()
    staff.totp_confirmed_at, staff.totp_step = now, int(step)
    staff.recovery_hashes = hashes_of(codes)
    return codes


def prove_second_factor(session: Session, *, staff_id: UUID, code: str, now: datetime) -> None:
    """Accept a code of the app or a recovery code, each only once; raises WrongCode."""
    staff = _locked(session, staff_id)
    if staff.totp_secret is None or staff.totp_confirmed_at is None or staff.blocked_at:
        raise WrongCode
    step = second_factor.step_of(staff.totp_secret, code, now=now, used=staff.totp_step)
    if step is not None:
        staff.totp_step = step
        return
    left = without_used(staff.recovery_hashes, code)
    if left is None:
        raise WrongCode
    staff.recovery_hashes = left


def renew_recovery_codes(session: Session, *, staff_id: UUID, code: str, now: datetime) -> tuple[str, ...]:
    """Put fresh recovery codes in the place of all former ones; takes a present code."""
    prove_second_factor(session, staff_id=staff_id, code=code, now=now)
    codes = second_factor.new_recovery_codes()
    _locked(session, staff_id).recovery_hashes = hashes_of(codes)
    return codes


def reset_second_factor(session: Session, *, staff_id: UUID, giver: Collection[str] = ("*",)) -> None:
    """Forget somebody's second factor and end their sign-ins: they set a new one up when they sign in next."""
    staff = _locked(session, staff_id)
    check_below(session, giver, staff.role)
    staff.totp_secret = staff.totp_confirmed_at = staff.totp_step = None
    staff.recovery_hashes = []
    end_all(session, staff)


def _locked(session: Session, staff_id: UUID) -> StaffMember:
    staff = lock_one(session, StaffMember, staff_id)
    if staff is None:
        raise NoSuchStaff
    return staff
