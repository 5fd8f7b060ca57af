"""Recovery codes as they are kept: each opens the door once when the phone is gone."""

from collections.abc import Sequence

from domain.users import second_factor
from domain.users.passwords import hash_password, matches


def hashes_of(codes: Sequence[str]) -> list[str]:
    """Return what is kept of recovery codes: slow hashes, as of passwords, for 49 bits are not many."""
    return [hash_password(second_factor.hash_recovery_code(code)) for code in codes]


def without_used(hashes: Sequence[str], code: str) -> list[str] | None:
    """Return the hashes that are left once this recovery code is used; None if it is none of them."""
    if sum(char.isalnum() for char in code) != 10:
        return None
    plain = second_factor.hash_recovery_code(code)
    used = next((kept for kept in hashes if matches(kept, plain)), None)
    return None if used is None else [kept for kept in hashes if kept != used]
