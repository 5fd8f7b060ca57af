"""What the rest of the shop may read of the catalogue."""

from domain.catalog.queries.buyables import BUYABLE_NAMES, Buyable, buyable_by_sku, buyable_sql, buyables, to_buyable
from domain.catalog.queries.card import Card
from domain.catalog.queries.categories import (
    CategoryLink,
    CategoryTile,
    CategoryView,
    brand_ids,
    category_ids,
    navigation,
)
from domain.catalog.queries.facets import Facet, FacetValue
from domain.catalog.queries.home import HomePage, home
from domain.catalog.queries.level import low_stock, stock_level
from domain.catalog.queries.listing import SORTS, ListingPage, ListingRequest, listing
from domain.catalog.queries.picture import PictureView, Source
from domain.catalog.queries.product import OptionValue, OptionView, ProductPage, VariantView, old_slug, product_page
from domain.catalog.queries.products import (
    ProductDetail,
    ProductList,
    ProductRow,
    VariantDetail,
    product_detail,
    product_list,
)
from domain.catalog.queries.scope import (
    CategoryChoice,
    categories_in,
    category_choices,
    products_in,
    products_of_skus,
    skus_of_products,
)
from domain.catalog.queries.stock import Movement, StockLevel, StockLevels, movements, stock_levels

__all__ = [
    "BUYABLE_NAMES",
    "SORTS",
    "Buyable",
    "Card",
    "CategoryChoice",
    "CategoryLink",
    "CategoryTile",
    "CategoryView",
    "Facet",
    "FacetValue",
    "HomePage",
    "ListingPage",
    "ListingRequest",
    "Movement",
    "OptionValue",
    "OptionView",
    "PictureView",
    "ProductDetail",
    "ProductList",
    "ProductPage",
    "ProductRow",
    "Source",
    "StockLevel",
    "StockLevels",
    "VariantDetail",
    "VariantView",
    "brand_ids",
    "buyable_by_sku",
    "buyable_sql",
    "buyables",
    "categories_in",
    "category_choices",
    "category_ids",
    "home",
    "listing",
    "low_stock",
    "movements",
    "navigation",
    "old_slug",
    "product_detail",
    "product_list",
    "product_page",
    "products_in",
    "products_of_skus",
    "skus_of_products",
    "stock_level",
    "stock_levels",
    "to_buyable",
]
