"""Order numbers: short enough to read out on the phone, too many to guess or count."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are taken for other signs."""

_LOOK_ALIKES = str.maketrans("OIL", "011")


def new_number() -> str:
    """Draw a number such as CS-7K2M-9QXA: 40 random bits, so that two hardly ever meet and none tells of another."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"CS-{letters[:4]}-{letters[4:]}"


def clean(text: str) -> str:
    """Read a number as people type it: any case, blanks and dashes anywhere, O for 0, I or L for 1."""
    letters = "".join(text.upper().split()).replace("-", "").removeprefix("CS").translate(_LOOK_ALIKES)
    return f"CS-{letters[:4]}-{letters[4:]}"
