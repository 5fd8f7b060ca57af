"""What staff changed of a product, in the words of its own pages instead of the database's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from admin.forms.attributes import written_freely
from admin.forms.fields import format_amount
from admin.forms.moments import on_shop_clock
from domain.catalog import queries
from domain.catalog.queries import ProductDetail
from domain.shared.audit import ChangeView
from web.settings import shop_settings

_LEFT_OUT = {
    "version", "id", "created_at", "product_id", "variant_id", "price_turns_at", "derivatives", "original", "state",
}  # fmt: skip
_AMOUNTS = {"price", "compare_at", "sale_price", "cost"}
_THINGS = {
    "products": "Product",
    "variants": "Variant",
    "pictures": "Picture",
    "stock_movements": "Line in the stock's history",
    "old_slugs": "Old address",
}
_LABELS = {
    "slug": "Address",
    "category_id": "Category",
    "brand_id": "Brand",
    "type_id": "Product type",
    "product_type": "Kind as feeds name it",
    "seo_title": "Title for search engines",
    "seo_description": "Description for search engines",
    "published_at": "First published",
    "sku": "SKU",
    "compare_at": "Former price",
    "cost": "Cost to the shop",
    "weight_grams": "Weight in grams",
    "measure_amount": "How much is in it",
    "measure_unit": "Unit",
    "measure_base": "Price shown for",
    "colours": "Swatch",
    "option_values": "Options",
    "sale_starts_at": "Sale starts",
    "sale_ends_at": "Sale ends",
    "archived_at": "Archived",
    "alt": "What it shows",
    "position": "Place",
    "on_hand": "On hand",
    "low_at": "Warn at",
}


@dataclass(frozen=True)
class Told:
    """One thing that was made, changed or removed, with what it said before and after."""

    what: str
    which: str
    verb: str
    lines: tuple[tuple[str, str, str], ...]


class Teller:
    """Tells the changes of one product; `names` are what its places are called now."""

    def __init__(self, product: ProductDetail, names: Mapping[str, str]) -> None:
        self._names = names
        variants = (*product.variants, *product.archived)
        self._variants = {str(one.id): one.label or one.sku for one in variants} if len(variants) > 1 else {}

    def tell(self, changes: Iterable[ChangeView]) -> list[Told]:
        """Return changes with their fields by the names and in the form in which pages show them."""
        told = []
        for change in changes:
            table = change.table.rpartition(".")[2]
            what = _THINGS.get(table, table.replace("_", " ").capitalize())
            lines = tuple(self._lines(what, change))
            told.append(Told(what, self._variants.get(change.key, ""), change.verb, lines))
        return [one for one in told if one.lines]

    def _lines(self, what: str, change: ChangeView) -> Iterator[tuple[str, str, str]]:
        whole = change.verb != "changed"
        for name, before, after in change.values:
            said = (self._written(name, before), self._written(name, after))
            if whole and (before or after) in (0, False):
                continue  # of what is new or gone, only what it says
            if name not in _LEFT_OUT and said[0] != said[1] and (name, what) != ("position", "Variant"):
                yield (_LABELS.get(name, name.replace("_", " ").capitalize()), *said)

    def _written(self, name: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return ""
        if name in _AMOUNTS:
            return format_amount(value, shop_settings().currency)
        if name.endswith("_id"):
            return self._names.get(value, "one that is no longer there")
        if name.endswith("_at") and isinstance(value, str):
            return f"{on_shop_clock(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
        if name == "position":
            return str(value + 1)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return written_freely(value) if isinstance(value, dict) else str(value)


def teller(reading: Session, product: ProductDetail) -> Teller:
    """Return who tells the changes of a product; four statements for the names of what it stands in and shows."""
    named = (queries.category_choices(reading), queries.brand_list(reading), queries.product_types(reading))
    names = {str(one.id): one.name for some in named for one in some}
    return Teller(product, names | {str(one.id): one.alt for one in queries.pictures_of(reading, product.id)})
