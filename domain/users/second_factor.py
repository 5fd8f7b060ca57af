"""The second factor: six digits from an app (TOTP, RFC 6238), and recovery codes for when the phone is gone.

Nothing here touches the database; shoppers and staff keep a secret, the step of the last code used, and the hashes
of their recovery codes with their own rows.
"""

import secrets
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from io import BytesIO

import pyotp
import segno

STEP = 30
"""How many seconds a code of the app stands for."""
DRIFT = 1
"""How many steps a phone's clock may be early or late."""
CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""No sign that can be taken for another."""


def new_secret() -> str:
    """Make a secret to be shared with the app: 160 random bits in base32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, *, account: str, shop: str) -> str:
    """Write the address that apps read from the QR code; both names show in the app's list."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=shop)


def qr_code(uri: str) -> str:
    """Draw an address as SVG to be put into a page: dark on white in both themes, without any inline style."""
    drawn = BytesIO()
    segno.make(uri, error="m").save(
        drawn, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False, svgns=False,
        title="QR code for your authenticator app",
    )  # fmt: skip
    return drawn.getvalue().decode()


def step_of(secret: str, code: str, *, now: datetime, used: int | None = None) -> int | None:
    """Return the step that a code from the app stands for, or None if it is wrong.

    Keep the step with the account and give it as `used` the next time: a code works once, and so does an older one.
    """
    digits = "".join(code.split())
    if len(digits) != 6 or not digits.isascii() or not digits.isdecimal():
        return None
    app = pyotp.TOTP(secret, interval=STEP)
    present = int(now.timestamp()) // STEP
    found = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        # Every step is compared, so that the time it takes tells nothing.
        if compare_digest(app.generate_otp(step), digits) and (used is None or step > used):
            found = step
    return found


def new_recovery_codes() -> tuple[str, ...]:
    """Make a set of recovery codes, each for one sign-in: ten signs with some 49 random bits, in two groups."""
    return tuple(f"{_signs(5)}-{_signs(5)}" for _ in range(CODES))


def hash_recovery_code(code: str) -> str:
    """Return what is kept of a recovery code, however it was typed; also what a typed one is looked up by."""
    plain = "".join(char for char in code.casefold() if char.isalnum())
    return sha256(b"recovery code " + plain.encode()).hexdigest()


def _signs(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
