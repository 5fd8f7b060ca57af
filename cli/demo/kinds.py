"""The demo shop's product types, what its goods say of themselves in them, and its collections."""

import re
from typing import TYPE_CHECKING, Any

from domain.catalog.commands import Attribute, Rule

if TYPE_CHECKING:
    from cli.demo.catalogue import DemoProduct

MUG, TEXTILE = "Mug", "Textile"

TYPES: dict[str, tuple[tuple[str, ...], tuple[Attribute, ...]]] = {
    MUG: (
        ("Glaze",),
        (
            Attribute(name="Material", required=True),
            Attribute(name="Made in", required=True),
            Attribute(name="Capacity", kind="number", unit="ml"),
            Attribute(name="Dimensions"),
            Attribute(name="Dishwasher safe", kind="yes_no"),
            Attribute(name="Care"),
            Attribute(name="Contents"),
        ),
    ),
    TEXTILE: (
        ("Colour", "Size"),
        (
            Attribute(name="Material", required=True),
            Attribute(name="Made in", required=True),
            Attribute(name="Dimensions"),
            Attribute(name="Care"),
            Attribute(name="Contents"),
        ),
    ),
}
"""The usual options and the attributes of each type."""

_PLACES = {"table/mugs": MUG, "textiles/throws-and-cushions": TEXTILE, "textiles/kitchen-linen": TEXTILE}

COLLECTIONS: tuple[tuple[dict[str, Any], tuple[str, ...]], ...] = (
    (
        {
            "title": "Made in Ireland",
            "description": "Thrown, woven and dipped within a day's drive of the shop.",
            "rules": (Rule(field="attribute", value="Made in=Ireland"),),
        },
        (),
    ),
    (
        {
            "title": "Small presents",
            "description": "Nothing here costs more than a round of drinks, and all of it can go in the post today.",
            "rules": (Rule(field="price_to", value="2000"), Rule(field="in_stock")),
            "sort": "price",
        },
        (),
    ),
    (
        {
            "title": "The first cup of the day",
            "description": "What stands on our own table before the door opens.",
        },
        ("hearth-mug", "keel-teapot", "noon-cup-and-saucer", "lane-jug", "everyday-bowl"),
    ),
)
"""Each collection, with the products that were put into it by hand."""


def type_of(product: "DemoProduct") -> str | None:
    """Return the type of a product, by where it stands; most have none."""
    return _PLACES.get(product.category_path)


def said(product: "DemoProduct") -> dict[str, Any]:
    """Return what a product says of itself, as its type has it."""
    kind = type_of(product)
    if kind is None:
        return dict(product.attributes)
    values: dict[str, Any] = dict(product.attributes)
    if kind == MUG:
        values["Dishwasher safe"] = re.search(r"\b[Dd]ishwasher", values.get("Care", "")) is not None
        if found := re.match(r"([0-9]+) ml", values.get("Capacity", "")):
            values["Capacity"] = {"number": int(found[1]), "unit": "ml"}
    return values
