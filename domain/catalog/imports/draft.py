"""A product as a file tells of it, whatever shop the file came from; None stands for what the file does not say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(slots=True, kw_only=True)
class DraftPicture:
    """A picture at an address; `stored` are its files where they are ours already."""

    line: int
    url: str
    alt: str = ""
    stored: Mapping[str, Any] | None = None


@dataclass(slots=True, kw_only=True)
class DraftVariant:
    """Something that can be bought, amounts in minor units; `picture` is the address of its own picture.

    `sale` is the price of the offer and when it begins and ends, `stock` how many the file says there are;
    `archived_at` is since when it is no longer sold, `measure` how much is in it, the unit, and how much of that the
    price is told for; `none` names what the file says there is none of, as an emptied column of sale prices does.
    """

    line: int
    sku: str
    option_values: tuple[str, ...] = ()
    price: int | None = None
    compare_at: int | None = None
    sale: tuple[int, datetime | None, datetime | None] | None = None
    measure: tuple[Decimal, str, Decimal] | None = None
    cost: int | None = None
    barcode: str | None = None
    grams: int | None = None
    stock: int | None = None
    sell_when_out: bool | None = None
    low_at: int | None = None
    colours: tuple[str, ...] | None = None
    picture: str = ""
    archived_at: datetime | None = None
    none: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class DraftProduct:
    """A product; `slug` is the address it asks for, `by_slug` whether that address says which product it is.

    With `exact`, what is empty in the file is to be empty here too; else it is as if the file did not say it.
    `category` is the way down by names, `category_path` the same by addresses where the file knows them.
    """

    line: int
    slug: str = ""
    by_slug: bool = False
    exact: bool = False
    title: str | None = None
    summary: str | None = None
    description: str | None = None
    status: str | None = None
    brand: str | None = None
    category: tuple[str, ...] | None = None
    category_path: str = ""
    product_type: str | None = None
    type_name: str | None = None
    tags: tuple[str, ...] | None = None
    options: tuple[str, ...] = ()
    attributes: Mapping[str, Any] | None = None
    tax_class: str | None = None
    seo_title: str | None = None
    seo_description: str | None = None
    featured: bool | None = None
    published_at: datetime | None = None
    variants: list[DraftVariant] = field(default_factory=list)
    pictures: Sequence[DraftPicture] = ()
