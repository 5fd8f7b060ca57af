"""Telling whether something is still what somebody has seen, where no version of it is counted."""

import hashlib

from domain.shared.errors import ChangedMeanwhile


def stamp(*values: object) -> str:
    """Return a short text that is another one as soon as any of the values is."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:24]


def check_seen(seen: str | None, *values: object, what: str) -> None:
    """Raise ChangedMeanwhile unless `seen` is the stamp of these values; it is None where nobody was shown them.

    Only who holds a lock on what the values are read from may go on by the answer.
    """
    if seen is not None and seen != stamp(*values):
        raise ChangedMeanwhile(what)
