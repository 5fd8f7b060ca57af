"""What a cart refuses."""

from domain.shared.errors import NotFound, RuleBroken


class InvalidQuantity(RuleBroken):
    """A quantity below one was asked for."""

    def __init__(self) -> None:
        super().__init__("Choose a quantity of 1 or more.")


class TooMany(RuleBroken):
    """More than a line or a cart holds."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"At most {limit} of one item fit in a cart. For more, please write to us.")


class CannotBuy(RuleBroken):
    """The item is sold out or not sold any more."""


class NoSuchItem(NotFound):
    """The SKU is unknown or no longer for sale."""

    def __init__(self) -> None:
        super().__init__("We no longer sell this item.")


class NoSuchCart(NotFound):
    """The cart is gone: paid for, or left alone for too long."""

    def __init__(self) -> None:
        super().__init__("Your cart is empty.")
