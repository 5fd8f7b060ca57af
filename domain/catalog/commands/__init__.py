"""What the rest of the shop may change of the catalogue."""

from domain.catalog.commands.bulk import apply_bulk
from domain.catalog.commands.category import create_brand, create_category, set_category_picture
from domain.catalog.commands.collection import (
    change_chosen,
    change_related,
    create_collection,
    fill_collection,
    set_related,
    update_collection,
)
from domain.catalog.commands.duplicate import duplicate_product
from domain.catalog.commands.edit import Answers, Terms, VariantEdit, edit_product, recount
from domain.catalog.commands.first_product import create_first_product
from domain.catalog.commands.picture import Described, add_picture, add_upload, arrange_pictures
from domain.catalog.commands.product import (
    KEEP,
    NewVariant,
    archive,
    create_product,
    free_slug,
    publish,
    unpublish,
    update_product,
)
from domain.catalog.commands.product_type import create_type, update_type
from domain.catalog.commands.rating import hold_rating, set_rating, touch
from domain.catalog.commands.remove import remove_brand, remove_category, remove_collection, remove_type
from domain.catalog.commands.stock import correct, receive, release, reserve, restock, sell
from domain.catalog.commands.synonyms import remove_synonym, save_synonym
from domain.catalog.commands.tree import update_brand, update_category
from domain.catalog.commands.variant import Sale, set_cost, set_price, set_sale, set_selling, turn_prices
from domain.catalog.commands.variants import (
    add_variants,
    begin_product,
    combinations,
    describe_variant,
    remove_variant,
    restore_variant,
    sku_of,
)
from domain.catalog.models.collection import Rule
from domain.catalog.models.product_type import Attribute

__all__ = [
    "KEEP",
    "Answers",
    "Attribute",
    "Described",
    "NewVariant",
    "Rule",
    "Sale",
    "Terms",
    "VariantEdit",
    "add_picture",
    "add_upload",
    "add_variants",
    "apply_bulk",
    "archive",
    "arrange_pictures",
    "begin_product",
    "change_chosen",
    "change_related",
    "combinations",
    "correct",
    "create_brand",
    "create_category",
    "create_collection",
    "create_first_product",
    "create_product",
    "create_type",
    "describe_variant",
    "duplicate_product",
    "edit_product",
    "fill_collection",
    "free_slug",
    "hold_rating",
    "publish",
    "receive",
    "recount",
    "release",
    "remove_brand",
    "remove_category",
    "remove_collection",
    "remove_synonym",
    "remove_type",
    "remove_variant",
    "reserve",
    "restock",
    "restore_variant",
    "save_synonym",
    "sell",
    "set_category_picture",
    "set_cost",
    "set_price",
    "set_rating",
    "set_related",
    "set_sale",
    "set_selling",
    "sku_of",
    "touch",
    "turn_prices",
    "unpublish",
    "update_brand",
    "update_category",
    "update_collection",
    "update_product",
    "update_type",
]
