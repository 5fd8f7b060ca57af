"""Kinds of products, and the attributes that each product of a kind has."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.catalog.errors import WrongProduct
from domain.shared.db import Entity

TEXT, NUMBER, YES_NO, COLOUR = "text", "number", "yes_no", "colour"
KINDS = (TEXT, NUMBER, YES_NO, COLOUR)
MOST_ATTRIBUTES = 40
LONGEST_NAME, LONGEST_TEXT = 80, 500
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """What a kind of product says of itself under one name; a number has a unit, which may be empty."""

    name: str
    kind: str = TEXT
    unit: str = ""
    required: bool = False

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LONGEST_NAME or "=" in self.name:
            raise WrongProduct("Give every attribute a name, without the sign “=”.")
        if self.kind not in KINDS:
            raise WrongProduct(f"{self.name}: choose text, number, yes or no, or colour.")
        if self.unit and self.kind != NUMBER:
            raise WrongProduct(f"{self.name}: only a number has a unit.")

    def read(self, value: Any) -> Any:
        """Return a value as it is kept; raises WrongProduct for one of another kind.

        Kept values speak for themselves: a text, true or false, `{"number": 350, "unit": "ml"}`, or
        `{"colour": "#6f8560", "name": "Moss"}`.
        """
        if self.kind == YES_NO:
            if not isinstance(value, bool):
                raise WrongProduct(f"{self.name}: say yes or no.")
            return value
        if self.kind == NUMBER:
            return {"number": self._number(value), "unit": self.unit}
        if self.kind == COLOUR:
            return self._colour(value)
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise WrongProduct(f"{self.name}: write a text of at most {LONGEST_TEXT} characters.")
        return value.strip()

    def _number(self, value: Any) -> int | float:
        if isinstance(value, Mapping):
            if value.get("unit", self.unit) != self.unit:
                raise WrongProduct(f"{self.name}: give the number in {self.unit or 'units'}.")
            value = value.get("number")
        try:
            number = Decimal(str(value).strip()) if not isinstance(value, bool) else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) > 10**12:
            raise WrongProduct(f"{self.name}: enter a number such as 12 or 12.5.")
        return int(number) if number == number.to_integral_value() else float(number)

    def _colour(self, value: Any) -> dict[str, str]:
        given = value if isinstance(value, Mapping) else {"colour": value}
        colour = str(given.get("colour", "")).strip().lower()
        if not _COLOUR.fullmatch(colour):
            raise WrongProduct(f"{self.name}: give the colour as # and six digits, as in #6f8560.")
        return {"colour": colour, "name": str(given.get("name", "")).strip()[:LONGEST_NAME]}


class ProductType(Entity, kw_only=True):
    """A kind of product: which options its variants usually differ in, and which attributes it has."""

    __tablename__ = "product_types"
    __table_args__ = (CheckConstraint("cardinality(options) <= 3", name="three_options"), {"schema": "catalog"})

    name: Mapped[str] = mapped_column(String(80), unique=True)
    options: Mapped[list[str]] = mapped_column(ARRAY(String(80)), default_factory=list)
    attributes: Mapped[list[dict[str, Any]]] = mapped_column(default_factory=list)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration

    def define(self, attributes: Sequence[Attribute]) -> None:
        """Say which attributes products of this kind have, each name once."""
        names = [attribute.name.casefold() for attribute in attributes]
        if len(set(names)) < len(names):
            raise WrongProduct("Two attributes have the same name.")
        if len(names) > MOST_ATTRIBUTES:
            raise WrongProduct(f"A product type can have at most {MOST_ATTRIBUTES} attributes.")
        self.attributes = [asdict(attribute) for attribute in attributes]

    @property
    def definitions(self) -> tuple[Attribute, ...]:
        """Return the attributes in their order."""
        return tuple(Attribute(**values) for values in self.attributes)

    def check(self, values: Mapping[str, Any], *, complete: bool) -> dict[str, Any]:
        """Return a product's attributes as they are kept; raises WrongProduct for one that is wrong or unknown.

        `complete` wants every attribute that must be said.
        """
        definitions = self.definitions
        unknown = sorted(values.keys() - {attribute.name for attribute in definitions})
        if unknown:
            raise WrongProduct(f"The product type {self.name} has no attribute {', '.join(unknown)}.")
        kept = {}
        for attribute in definitions:
            value = values.get(attribute.name)
            if value is None or (isinstance(value, str) and not value.strip()):
                if attribute.required and complete:
                    raise WrongProduct(f"{attribute.name}: products of the type {self.name} must say this.")
                continue
            kept[attribute.name] = attribute.read(value)
        return kept


def free_attributes(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a product without a type as they are kept: plain words under any name."""
    kept = {str(name).strip(): value for name, value in values.items()}
    if len(kept) > MOST_ATTRIBUTES or not all(0 < len(name) <= LONGEST_NAME and "=" not in name for name in kept):
        raise WrongProduct(f"Give at most {MOST_ATTRIBUTES} attributes, each with a name without the sign “=”.")
    return {name: value for name, value in kept.items() if value not in ("", None)}
