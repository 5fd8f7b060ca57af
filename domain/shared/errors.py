"""The errors a rule of the shop can raise; their messages are read by shoppers and staff."""

from typing import Any


class DomainError(Exception):
    """Something the shop will not do; its message says why in words fit for a page."""

    @property
    def details(self) -> dict[str, Any]:
        """What a program can act on, beside the message; plain values."""
        return {}


class NotFound(DomainError):
    """What was asked for does not exist, or not for this person; pages answer 404."""


class RuleBroken(DomainError):
    """The request is understood and against a rule; pages answer 422."""


class Conflict(DomainError):
    """The request was right a moment ago and no longer is; pages answer 409."""


class ChangedMeanwhile(Conflict):
    """Somebody else saved the same thing after this form was opened."""

    def __init__(self, what: str = "product") -> None:
        super().__init__(f"Somebody else changed this {what} after you opened it. Look at their changes and try again.")
