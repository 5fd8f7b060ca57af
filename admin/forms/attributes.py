"""Attributes as fields: typed ones each in a field of its kind, free ones in one text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.catalog.commands import Attribute
from web.forms import clean


@dataclass(frozen=True)
class AttributeField:
    """One attribute with what is said of it, as its field shows it."""

    id: str
    attribute: Attribute
    value: str


def attribute_fields(attributes: Sequence[Attribute], values: Mapping[str, Any]) -> tuple[AttributeField, ...]:
    """Return a field for each attribute of a type, filled with what a product says."""
    return tuple(
        AttributeField(f"attribute-{place}", attribute, _written(values.get(attribute.name)))
        for place, attribute in enumerate(attributes)
    )


def asked_fields(attributes: Sequence[Attribute], answers: Mapping[str, str]) -> tuple[AttributeField, ...]:
    """Return the same fields as they came back."""
    return tuple(
        AttributeField(f"attribute-{place}", attribute, clean(answers.get(f"attribute-{place}")) or "")
        for place, attribute in enumerate(attributes)
    )


def read_fields(fields: Sequence[AttributeField]) -> dict[str, Any]:
    """Return what was answered, for the catalogue to check."""
    return {field.attribute.name: _read(field) for field in fields if field.value}


def written_freely(values: Mapping[str, Any]) -> str:
    """Write free attributes as lines of a name and a value."""
    return "\n".join(f"{name}: {_written(value)}" for name, value in values.items())


def read_freely(text: str) -> dict[str, str]:
    """Read lines of a name and a value; raises ValueError for a line that has no colon."""
    found = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon or not name.strip() or not value.strip():
            raise ValueError(f"Write “{line.strip()[:40]}” as a name, a colon and what it is, as in Material: Oak.")
        found[clean(name) or ""] = clean(value) or ""
    return found


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        if "number" in value:
            return str(value["number"])
        return " ".join(part for part in (value.get("name", ""), value.get("colour", "")) if part)
    return ", ".join(map(_written, value)) if isinstance(value, list) else str(value)


def _read(field: AttributeField) -> Any:
    if field.attribute.kind == "yes_no":
        return {"yes": True, "no": False}.get(field.value, field.value)
    if field.attribute.kind == "number":
        return field.value.replace(",", ".")
    if field.attribute.kind == "colour":
        name, _, colour = field.value.rpartition(" ")
        return {"name": name, "colour": colour}
    return field.value
