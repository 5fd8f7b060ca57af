"""Steps that several journeys share."""

from uuid import uuid4

from tests.journeys.conftest import KINDS, Kind, Opener
from tests.journeys.pages import Shop


def new_address() -> str:
    """Return an address nobody has used, so that journeys can run again on the same store."""
    return f"ada-{uuid4().hex[:12]}@example.com"


def with_a_mug(open_page: Opener, kind: Kind = KINDS[2]) -> Shop:
    """Return a shopper who has a mug in the cart."""
    shop = Shop(open_page(kind))
    shop.open_first_product_to_buy("/search?q=mug")
    shop.add_to_cart()
    return shop
