"""What is refused about wishlists."""

from domain.shared.errors import NotFound, RuleBroken


class NoSuchWishlist(NotFound):
    """There is no such list, or it is no longer shared."""

    def __init__(self) -> None:
        super().__init__("This wishlist is not shared any more.")


class FullWishlist(RuleBroken):
    """A list has as many wishes as one can have."""

    def __init__(self, most: int) -> None:
        super().__init__(f"A wishlist holds {most} things. Take something off first.")
