"""Passwords: argon2id, and which ones are accepted (NIST SP 800-63B: length and a list of common ones, no recipes)."""

from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.users.errors import WeakPassword

MIN_LENGTH, MAX_LENGTH = 8, 256

# 19 MiB, two passes, one lane: what OWASP's password storage cheat sheet asks for at least. A web process with a
# few threads stays small, and a sign-in takes some tens of milliseconds.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its salt and parameters in it."""
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Say whether a password is the right one.

    Without a hash, as for an unknown account, a hash of nothing is checked, so that the answer takes as long.
    """
    try:
        return _hasher.verify(password_hash or _nobody(), password[: MAX_LENGTH + 1]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Say whether a hash was made with other parameters than today's and should be made anew."""
    return _hasher.check_needs_rehash(password_hash)


def check_acceptable(password: str, *, email: str) -> None:
    """Raise WeakPassword, saying what to do, for a password that is too short, too long or easily guessed."""
    if len(password) < MIN_LENGTH:
        raise WeakPassword(f"Use at least {MIN_LENGTH} characters. A few words in a row are easy to remember.")
    if len(password) > MAX_LENGTH:
        raise WeakPassword(f"Use at most {MAX_LENGTH} characters.")
    plain = password.casefold()
    if plain in _common() or plain in {email, email.partition("@")[0]} or len(set(plain)) < 4:
        raise WeakPassword("This password is one of the first that others would try. Choose another one.")


@cache
def _common() -> frozenset[str]:
    # Read when somebody first chooses a password: it takes a few megabytes, and most processes never need them.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    lines = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").splitlines()
    newer = {line for line in lines if line and not line.startswith("#")}
    # A word is in one of the lists only, so what is both a password and a name stands with the names.
    known = frozenset(newer).union(*FREQUENCY_LISTS.values())
    return frozenset(word for word in known if len(word) >= MIN_LENGTH)


@cache
def _nobody() -> str:
    return _hasher.hash("")
