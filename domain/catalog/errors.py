"""What the catalogue refuses."""

from collections.abc import Mapping
from uuid import UUID

from domain.shared.errors import Conflict, NotFound, RuleBroken


class NoSuchProduct(NotFound):
    """There is no such product, or it is not on sale."""

    def __init__(self) -> None:
        super().__init__("We cannot find this product. It may no longer be sold.")


class NoSuchVariant(NotFound):
    """There is no such variant."""

    def __init__(self) -> None:
        super().__init__("We cannot find this item. It may no longer be sold.")


class NoSuchCategory(NotFound):
    """There is no category at this path."""

    def __init__(self) -> None:
        super().__init__("We cannot find this category. It may have moved.")


class NoSuchBrand(NotFound):
    """There is no such brand."""

    def __init__(self) -> None:
        super().__init__("We cannot find this brand.")


class NoSuchCollection(NotFound):
    """There is no collection at this address, or it is not published."""

    def __init__(self) -> None:
        super().__init__("We cannot find this collection. It may have ended.")


class NoSuchType(NotFound):
    """There is no such product type."""

    def __init__(self) -> None:
        super().__init__("We cannot find this product type.")


class NoSuchPicture(NotFound):
    """The product has no such picture."""

    def __init__(self) -> None:
        super().__init__("We cannot find this picture.")


class StockShort(Conflict):
    """There is less than was asked for; `left` says how many are left of each variant that falls short."""

    def __init__(self, left: Mapping[UUID, int]) -> None:
        self.left = dict(left)
        super().__init__("There are not as many left as you asked for.")


class StockMismatch(Conflict):
    """More was to be given back or taken off than the books hold for these variants."""

    def __init__(self, variant_ids: tuple[UUID, ...]) -> None:
        self.variant_ids = variant_ids
        super().__init__("The stock does not hold this many reserved units. Please check the stock history.")


class BelowReserved(RuleBroken):
    """A count of the shelf is below what is already promised to shoppers."""

    def __init__(self, reserved: int) -> None:
        self.reserved = reserved
        super().__init__(
            f"{reserved} units are reserved for orders. Cancel an order first, or enter at least {reserved}."
        )


class WrongPrice(RuleBroken):
    """A price is negative, or the price before the offer is not above the price."""


class WrongOffer(WrongPrice):
    """A sale price is not below the price, or its window ends before it starts."""


class WrongTree(RuleBroken):
    """A category would stand inside itself, or too deep."""


class WrongCollection(RuleBroken):
    """A collection's rules make no sense."""


class WrongPicture(RuleBroken):
    """An uploaded file is not a picture that the shop takes."""


class WrongMeasure(RuleBroken):
    """A measure is not whole, or in a unit nobody knows."""


class WrongProduct(RuleBroken):
    """A product's own data contradict each other."""


class NoSuchSynonym(NotFound):
    """There is no such group of words."""

    def __init__(self) -> None:
        super().__init__("These words are no longer a row of their own.")


class WrongSynonym(RuleBroken):
    """Words cannot mean the same like this."""


class TakenSku(RuleBroken):
    """Another variant has this SKU."""

    def __init__(self, skus: tuple[str, ...]) -> None:
        self.skus = skus
        super().__init__(f"Another item already has this SKU: {', '.join(skus)}. Choose a different one.")


class TakenSlug(RuleBroken):
    """Another product, category or brand has this address."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"The address “{slug}” is already in use. Choose a different one.")


class CountedMeanwhile(Conflict):
    """The shelf's number moved between the look at it and the count."""

    def __init__(self, seen: int, now: int) -> None:
        self.seen, self.now = seen, now
        super().__init__(f"The stock went from {seen} to {now} while you had this open. Please count again.")


class NoSuchImport(NotFound):
    """There is no such import."""

    def __init__(self) -> None:
        super().__init__("We cannot find this import.")
