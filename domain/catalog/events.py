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
