"""The catalogue's tables."""

from domain.catalog.models.listing import FacetCount, Listing
from domain.catalog.models.product import Brand, Category, OldSlug, Picture, Product, Variant
from domain.catalog.models.stock import Stock, StockMovement

__all__ = [
    "Brand",
    "Category",
    "FacetCount",
    "Listing",
    "OldSlug",
    "Picture",
    "Product",
    "Stock",
    "StockMovement",
    "Variant",
]
