"""Steps that several journeys share."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from cli.shopper import Shopper
from tests.journeys.conftest import KINDS, Kind, Opener
from tests.journeys.pages import Shop
from tests.journeys.store import Store


def new_address() -> str:
    """Return an address nobody has used, so that journeys can run again on the same store."""
    return f"ada-{uuid4().hex[:12]}@example.com"


def unused(word: str) -> str:
    """Return a word that nothing in the store is called yet, for titles, addresses and SKUs."""
    return f"{word} {uuid4().hex[:8]}"


def with_a_mug(open_page: Opener, kind: Kind = KINDS[2]) -> Shop:
    """Return a shopper who has a mug in the cart."""
    shop = Shop(open_page(kind))
    shop.open_first_product_to_buy("/search?q=mug")
    shop.add_to_cart()
    return shop


@dataclass(frozen=True)
class Bought:
    """An order that is paid, who made it, and the address of its page."""

    number: str
    email: str
    url: str


def buy(store: Store, items: Mapping[str, int], *, email: str = "", **answers: str) -> Bought:
    """Buy so many of each SKU as a guest who needs no browser, for journeys that begin where an order is there."""
    email = email or new_address()
    guest = Shopper(store.base_url)
    for sku, quantity in items.items():
        guest.post("/cart/lines", {"sku": sku, "quantity": str(quantity)})
    url = guest.pay(guest.check_out(email=email, **answers)).url
    return Bought(url.partition("?")[0].rpartition("/")[2], email, url)
