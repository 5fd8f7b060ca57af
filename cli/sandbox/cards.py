"""The test cards of the demo gateway and what each of them does."""

from dataclasses import dataclass
from typing import Literal

Effect = Literal["succeed", "fail", "challenge", "abandon", "slow", "error"]


@dataclass(frozen=True)
class Card:
    """A test card; `code` is the gateway's reason where its payment fails."""

    number: str
    label: str
    effect: Effect
    code: str | None = None
    message: str | None = None

    @property
    def digits(self) -> str:
        """The number as a machine keeps it."""
        return self.number.replace(" ", "")


CARDS = (
    Card("4242 4242 4242 4242", "Payment succeeds", "succeed"),
    Card("4000 0000 0000 0002", "Bank declines the card", "fail", "card_declined", "The card was declined."),
    Card(
        "4000 0000 0000 9995", "Not enough money on the card", "fail", "insufficient_funds",
        "The card has insufficient funds.",
    ),
    Card("4000 0027 6000 3184", "Bank asks you to confirm (3-D Secure)", "challenge"),
    Card("4000 0000 0000 0341", "You leave without paying", "abandon"),
    Card("4000 0000 0000 0259", "Bank takes about eight seconds", "slow"),
    Card("4000 0000 0000 0119", "Gateway fails once, the payment arrives later", "error"),
)  # fmt: skip

BY_DIGITS = {card.digits: card for card in CARDS}

SLOW_SECONDS = 8.0
LATE_SECONDS = 4.0


def find(number: str) -> Card | None:
    """Return the test card with this number, however it is spaced."""
    return BY_DIGITS.get("".join(number.split()).replace("-", ""))
