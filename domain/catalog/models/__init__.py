"""The catalogue's tables."""

from domain.catalog.models.collection import Collection, CollectionProduct, OldCollectionSlug
from domain.catalog.models.figures import ProductFigures
from domain.catalog.models.imports import ImportNote, ImportPiece, ImportRow, ProductImport, WantedPicture
from domain.catalog.models.listing import FacetCount, Listing, Rating
from domain.catalog.models.product import OldSlug, Picture, Product, RelatedProduct
from domain.catalog.models.product_type import ProductType
from domain.catalog.models.stock import Stock, StockMovement
from domain.catalog.models.tree import Brand, Category, OldBrandSlug, OldPath
from domain.catalog.models.variant import Variant
from domain.catalog.models.words import ListingBuild, Synonym, Word
from domain.catalog.models.worth import ProductWorth, WorthChange

__all__ = [
    "Brand",
    "Category",
    "Collection",
    "CollectionProduct",
    "FacetCount",
    "ImportNote",
    "ImportPiece",
    "ImportRow",
    "Listing",
    "ListingBuild",
    "OldBrandSlug",
    "OldCollectionSlug",
    "OldPath",
    "OldSlug",
    "Picture",
    "Product",
    "ProductFigures",
    "ProductImport",
    "ProductType",
    "ProductWorth",
    "Rating",
    "RelatedProduct",
    "Stock",
    "StockMovement",
    "Synonym",
    "Variant",
    "WantedPicture",
    "Word",
    "WorthChange",
]
