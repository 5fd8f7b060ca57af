"""What happened in the catalogue."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.shared.events import Event


@dataclass(frozen=True, kw_only=True)
class ProductChanged(Event):
    """A product, one of its variants or a price was made or changed."""

    name: ClassVar[str] = "catalog.product_changed"
    product_id: UUID


@dataclass(frozen=True, kw_only=True)
class StockChanged(Event):
    """A variant of these products sold out, came back, or fell to its low mark."""

    name: ClassVar[str] = "catalog.stock_changed"
    product_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class CategoryChanged(Event):
    """A category was renamed or moved, with all below it."""

    name: ClassVar[str] = "catalog.category_changed"
    category_id: UUID


@dataclass(frozen=True, kw_only=True)
class BrandChanged(Event):
    """A brand was renamed or has another address."""

    name: ClassVar[str] = "catalog.brand_changed"
    brand_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceChanged(Event):
    """The category or the brand of these products is no longer what lists say it is."""

    name: ClassVar[str] = "catalog.place_changed"
    product_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class CollectionChanged(Event):
    """A collection was made or changed, or what is in it by hand."""

    name: ClassVar[str] = "catalog.collection_changed"
    collection_id: UUID


@dataclass(frozen=True, kw_only=True)
class PictureAdded(Event):
    """A picture was uploaded and waits for its derivatives."""

    name: ClassVar[str] = "catalog.picture_added"
    picture_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProductsImported(Event):
    """An import made or changed these products; their rows in lists are fresh already."""

    name: ClassVar[str] = "catalog.products_imported"
    product_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class PagesChanged(Event):
    """What stands at these addresses of the storefront has changed; `*` stands for all of them."""

    name: ClassVar[str] = "catalog.pages_changed"
    addresses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ImportAsked(Event):
    """An import is to be carried on: looked through, or written."""

    name: ClassVar[str] = "catalog.import_asked"
    import_id: UUID


@dataclass(frozen=True, kw_only=True)
class PicturesWanted(Event):
    """Pictures of products are to be fetched from where an import says they are."""

    name: ClassVar[str] = "catalog.pictures_wanted"
