"""What promotions refuse."""

from domain.shared.errors import Conflict, NotFound, RuleBroken


class NoSuchPromotion(NotFound):
    """There is no such promotion."""

    def __init__(self) -> None:
        super().__init__("There is no such promotion.")


class CodeRefused(RuleBroken):
    """The code is unknown, or does not apply whatever is in the cart; the message says why."""


class TakenCode(RuleBroken):
    """Another promotion has a code already."""

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes
        super().__init__(f"Another promotion has {', '.join(codes)} already. Please choose another code.")


class LimitTooLow(RuleBroken):
    """The new limit in total lies below what is used already."""

    def __init__(self, used: int) -> None:
        self.used = used
        super().__init__(f"It was used {used} times already. Enter at least {used}, or end the promotion.")


class PromotionGone(Conflict):
    """A promotion that the order counted on is used up or was ended this very moment; `name` says which."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"“{name}” is no longer available. Please check your order again.")


class BadTerms(RuleBroken):
    """The terms make no sense; `problems` says why, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__(next(iter(problems.values()), "Please check the terms of this promotion."))
