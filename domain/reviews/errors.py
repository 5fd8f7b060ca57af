"""What is refused about reviews."""

from domain.shared.errors import Conflict, NotFound, RuleBroken


class NoSuchReview(NotFound):
    """There is no such review, or it is not shown."""

    def __init__(self) -> None:
        super().__init__("We cannot find this review. Its author may have taken it back.")


class NotABuyer(RuleBroken):
    """Whoever asks has not bought the product, or has sent it back."""

    def __init__(self) -> None:
        super().__init__("Reviews come from people who bought the product here. We find no such order of yours.")


class BadReview(RuleBroken):
    """A review says too little or too much."""


class AlreadyReviewed(BadReview):
    """There is a review of the product from the same address, and it does not belong to this order."""

    def __init__(self) -> None:
        super().__init__("There is a review of this product from this address already. To change it, use the link of "
                         "the order it was written with, or sign in.")  # fmt: skip


class OwnReview(RuleBroken):
    """Nobody votes for what they wrote themselves."""

    def __init__(self) -> None:
        super().__init__("This is your own review. Others say whether it helped them.")


class NoReason(RuleBroken):
    """A review is refused without a word to its author."""

    def __init__(self) -> None:
        super().__init__("Say why: the author of the review reads it.")


class EditedMeanwhile(Conflict):
    """A review was changed, taken back or decided on after staff had read it."""

    def __init__(self) -> None:
        super().__init__("A review was changed after you opened this page. Please read it again.")
