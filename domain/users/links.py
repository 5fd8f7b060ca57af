"""Links that prove by a signature whom they were sent to, so that no row, queue or log needs to hold their key."""

from itsdangerous import BadData, URLSafeTimedSerializer

INVITATION = "staff-invitation"
LOOK_IN = "look-in"
"""What lets staff see a shop that is not open yet."""
REGISTRATION, RESET, ADDRESS = "registration", "reset", "address"
"""What a shopper's link is for, as its row says too."""


def sign(secret_key: str, *, purpose: str, subject: str) -> str:
    """Return a token for one purpose and one subject; what it opens decides how long and how often."""
    return URLSafeTimedSerializer(secret_key, salt=f"link:{purpose}").dumps(subject)


def read(secret_key: str, token: str, *, purpose: str, max_age: int) -> str | None:
    """Return the subject of a token, or None if it is not ours, not for this or too old (in seconds)."""
    try:
        subject = URLSafeTimedSerializer(secret_key, salt=f"link:{purpose}").loads(token, max_age=max_age)
    except BadData:
        return None
    return subject if isinstance(subject, str) else None
