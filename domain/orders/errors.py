"""What an order refuses."""

from typing import Any

from domain.shared.errors import ChangedMeanwhile, Conflict, NotFound, RuleBroken


class NoSuchOrder(NotFound):
    """The number is unknown, or the link is not for this order; both answer alike."""

    def __init__(self) -> None:
        super().__init__("We cannot find this order. Please use the link in your confirmation mail.")


class EmptyCart(RuleBroken):
    """There is nothing to order."""

    def __init__(self) -> None:
        super().__init__("Your cart is empty.")


class IncompleteCheckout(RuleBroken):
    """An answer is missing; `step` says on which page it is asked."""

    def __init__(self, step: str) -> None:
        self.step = step
        super().__init__("Please complete this step first.")

    @property
    def details(self) -> dict[str, Any]:
        """Name the step."""
        return {"step": self.step}


class QuoteChanged(Conflict):
    """The total is no longer what the shopper agreed to."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(
            message or "A price or a delivery cost has changed since you checked your order. Please check it again."
        )


class OutOfStock(Conflict):
    """Somebody else was faster; `skus` says for what, with what is left of each."""

    def __init__(self, left: dict[str, int]) -> None:
        self.left = left
        super().__init__("Some items in your cart are no longer available in this quantity. Nothing was charged.")

    @property
    def details(self) -> dict[str, Any]:
        """Say how many are left, by SKU."""
        return {"left": self.left}


class WrongState(Conflict):
    """The order has moved on in the meantime."""

    def __init__(self, number: str, state: str, wanted: str) -> None:
        self.state = state
        super().__init__(f"Order {number} is {state}, so it can no longer be marked as {wanted}.")


class NothingToShip(RuleBroken):
    """No unit of the order is left to ship, or more was asked for than is left."""

    def __init__(self) -> None:
        super().__init__("Choose at least one unit to ship, and no more than are left to ship.")


class CannotPay(Conflict):
    """The order is paid, cancelled, or a payment for it is still open."""


class InvalidAddress(RuleBroken):
    """Something is wrong with an address; `problems` says what, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__(next(iter(problems.values()), "Please check the address."))


class RateThere(ChangedMeanwhile):
    """There is a rate of this place and class from this day on, and it was not shown as what will be replaced."""

    def __init__(self) -> None:
        Conflict.__init__(
            self, "There is a rate for this place, class and day already. Compare, and save again to replace it."
        )


class BadTaxRate(RuleBroken):
    """Something is wrong with a tax rate or a set of them; `problems` says what, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__(next(iter(problems.values())))


class BadDelivery(RuleBroken):
    """Something is wrong with a zone or a way to deliver; `problems` says what, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__(next(iter(problems.values())))


class NoSuchZone(NotFound):
    """There is no such zone."""

    def __init__(self) -> None:
        super().__init__("There is no such zone. Somebody may have removed it.")


class NoSuchMethod(NotFound):
    """There is no such way to deliver."""

    def __init__(self) -> None:
        super().__init__("There is no such way to deliver. Somebody may have removed it.")


class PartlyShipped(Conflict):
    """Some of the order has left the house, so it can no longer be cancelled as a whole."""

    def __init__(self) -> None:
        super().__init__("A part of this order has been shipped. Refund what will not be sent instead of cancelling.")


class NothingToRefund(Conflict):
    """Nothing of what was paid is left to give back."""

    def __init__(self) -> None:
        super().__init__("Everything that was paid for this order has been given back already.")


class CannotRefund(RuleBroken):
    """The amount to give back makes no sense."""


class CannotReturn(RuleBroken):
    """Goods cannot be sent back in this way; the message says why."""


class NoSuchReturn(NotFound):
    """There is no such return."""

    def __init__(self) -> None:
        super().__init__("We cannot find this return.")


class ReturnDecided(Conflict):
    """Somebody else has dealt with the return in the meantime."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(f"This return is already {state}.")


class TooLateToCancel(Conflict):
    """The order is being packed or on its way, so its buyer can no longer cancel it."""

    def __init__(self) -> None:
        super().__init__("We have begun to pack this order, so it can no longer be cancelled. You can return it later.")


class NoSuchPaper(NotFound):
    """The order has no such invoice or credit note."""

    def __init__(self) -> None:
        super().__init__("There is no such paper for this order. An invoice is issued when the order is paid.")


class OrdersUnderWay(RuleBroken):
    """An account cannot be deleted while its orders still need its addresses."""

    def __init__(self) -> None:
        super().__init__("One of your orders is still under way. Delete your account once it has arrived.")


class TooManyTags(RuleBroken):
    """An order has as many tags as it may have."""

    def __init__(self, most: int) -> None:
        super().__init__(f"An order has at most {most} tags. Take one off first.")


class BuyerBlocked(RuleBroken):
    """The shop takes no orders from this address."""

    def __init__(self) -> None:
        super().__init__("We cannot take this order. Please write to us, and we will sort it out together.")


class NotReady(RuleBroken):
    """The shop cannot open yet; `missing` names the steps without which no order could be placed and paid."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__("The shop cannot open yet: some steps are still missing.")
