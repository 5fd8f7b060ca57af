"""What the rest of the shop may change of the catalogue."""

from domain.catalog.commands.category import create_brand, create_category, set_category_picture
from domain.catalog.commands.edit import Terms, VariantEdit, edit_product, recount
from domain.catalog.commands.picture import add_picture
from domain.catalog.commands.product import (
    KEEP,
    NewVariant,
    archive,
    create_product,
    publish,
    set_price,
    set_selling,
    unpublish,
    update_product,
)
from domain.catalog.commands.stock import correct, receive, release, reserve, restock, sell

__all__ = [
    "KEEP",
    "NewVariant",
    "Terms",
    "VariantEdit",
    "add_picture",
    "archive",
    "correct",
    "create_brand",
    "create_category",
    "create_product",
    "edit_product",
    "publish",
    "receive",
    "recount",
    "release",
    "reserve",
    "restock",
    "sell",
    "set_category_picture",
    "set_price",
    "set_selling",
    "unpublish",
    "update_product",
]
