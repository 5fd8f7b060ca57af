"""What the catalogue does after its own events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalog.commands import listing
from domain.catalog.commands.picture import Waiting, finish_picture, note_failure, waiting_picture
from domain.catalog.commands.tree import tell_of_products
from domain.catalog.events import (
    BrandChanged,
    CategoryChanged,
    CollectionChanged,
    PagesChanged,
    PictureAdded,
    PlaceChanged,
    ProductChanged,
    ProductsImported,
    StockChanged,
)
from domain.catalog.media import make_storage
from domain.catalog.media.upload import derive
from domain.catalog.queries.addresses import list_addresses, own_addresses
from domain.shared.handlers import Outside
from domain.shared.outbox import record
from domain.shared.pages import EVERY, forget_at
from domain.shared.preferences import ShopChanged
from domain.shared.settings import Settings


def refresh_product_listing(session: Session, event: ProductChanged) -> None:
    """Show a changed product in lists and searches as it now is."""
    _refresh(session, [event.product_id])


def refresh_stock_listing(session: Session, event: StockChanged) -> None:
    """Show in lists and searches which products can be bought now."""
    _refresh(session, event.product_ids)


def tell_products_of_category(session: Session, event: CategoryChanged) -> None:
    """Have the products of a category and all below it listed where they now stand, some at a time."""
    tell_of_products(session, category_id=event.category_id)


def tell_products_of_brand(session: Session, event: BrandChanged) -> None:
    """Have the products of a brand listed under its present name, some at a time."""
    tell_of_products(session, brand_id=event.brand_id)


def refresh_placed_listing(session: Session, event: PlaceChanged) -> None:
    """Show products in lists and searches under their present category and brand."""
    _refresh(session, event.product_ids)


def change_every_page(
    session: Session, _event: CategoryChanged | CollectionChanged | ProductsImported | ShopChanged
) -> None:
    """Say that every page may have changed: what is in the menu, the shop's name, or too much to name."""
    record(session, PagesChanged(addresses=(EVERY,)))


def _refresh(session: Session, product_ids: Sequence[UUID]) -> None:
    """Bring lists up to date, and say where that shows: in the lists of before, and in those of now."""
    before = list_addresses(session, product_ids)
    listing.refresh(session, product_ids)
    shown = before | list_addresses(session, product_ids) | own_addresses(session, product_ids)
    record(session, PagesChanged(addresses=tuple(sorted(shown))))


def _addresses(_session: Session, event: PagesChanged) -> tuple[str, ...]:
    return event.addresses


def _forget(addresses: tuple[str, ...], settings: Settings) -> None:
    """Have kept pages rendered anew; done twice, they are rendered once more."""
    if settings.redis_url is not None:
        forget_at(settings.redis_url, addresses)


def _nothing(_session: Session, _result: None) -> None:
    """Write nothing down: there is nothing to remember of a page that was forgotten."""


forget_pages = Outside(name="catalog.forget_pages", prepare=_addresses, perform=_forget, finish=_nothing)
"""Sees to it that no kept page shows what was before: after the commit, as until then the old pages are true."""


@dataclass(frozen=True)
class Derived:
    """The files that were made of an upload."""

    picture_id: UUID
    files: tuple[dict[str, Any], ...]


def _find_waiting(session: Session, event: PictureAdded) -> Waiting | None:
    return waiting_picture(session, event.picture_id)


def _make_files(waiting: Waiting, settings: Settings) -> Derived:
    """Make and store them; each is named by its content, so that a second run stores the same again."""
    storage = make_storage(settings)
    with storage.open(waiting.key) as original:
        data = original.read()
    files = []
    for file in derive(data):
        storage.put(file.key, file.data, file.content_type)
        files.append({"width": file.width, "height": file.height, "format": file.format, "key": file.key})
    return Derived(waiting.picture_id, tuple(files))


def _show_files(session: Session, derived: Derived) -> None:
    finish_picture(session, picture_id=derived.picture_id, derivatives=derived.files)


def _note_failure(session: Session, waiting: Waiting) -> None:
    note_failure(session, picture_id=waiting.picture_id)


make_derivatives = Outside("catalog.make_derivatives", _find_waiting, _make_files, _show_files, _note_failure)
"""On PictureAdded: make what browsers load of an upload, and show it."""
