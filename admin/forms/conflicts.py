"""What somebody else saved meanwhile beside what was typed: nothing is lost and nothing overwritten."""

from decimal import Decimal
from typing import Any

from admin.forms.fields import AmountField, format_amount
from web.forms import ShopForm
from web.settings import shop_settings

Difference = tuple[str, str, str]
"""A field's label, what it says now, and what the form says."""


def look_again(form: ShopForm, present: Any) -> tuple[Difference, ...]:
    """Return the fields on which the form and the present state differ; saving again is then a choice."""
    found = []
    for field in form:
        if field.name == "version" or not hasattr(present, field.name):
            continue
        show = _amount if isinstance(field, AmountField) else written
        now, mine = show(getattr(present, field.name)), show(field.data)
        if now != mine:
            found.append((field.label.text, now, mine))
    form["version"].process_data(str(present.version))
    return tuple(found)


def written(value: Any) -> str:
    """Write a value as people compare it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _amount(value: int | None) -> str:
    return "" if value is None else format_amount(value, shop_settings().currency)
