"""What payments refuse."""

from domain.shared.errors import NotFound, RuleBroken


class NoSuchPayment(NotFound):
    """No payment of this id or reference is known."""

    def __init__(self) -> None:
        super().__init__("This payment is not known here.")


class RefundTooHigh(RuleBroken):
    """More was asked back than was paid and not yet given back; `left` is in minor units."""

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__("This is more than is left of what was paid. Please choose a lower amount.")
