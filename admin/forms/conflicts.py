"""What somebody else saved meanwhile beside what was typed: nothing is lost and nothing overwritten."""

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from wtforms import Field, FieldList, HiddenField, SelectFieldBase

from admin.forms.fields import AmountField, format_amount
from domain.shared.errors import ChangedMeanwhile
from web.forms import ShopForm
from web.settings import shop_settings

Difference = tuple[str, str, str]
"""A field's label, what it says now, and what the form says."""


class VersionedForm(ShopForm):
    """A form that knows what it was made from, and keeps its answers when somebody else was faster.

    `differences` are None unless it was refused for that; templates show them by `as_it_is`.
    """

    version = HiddenField()
    differences: tuple[Difference, ...] | None = None

    @property
    def status(self) -> int:
        """The status with which its page answers a refusal."""
        return 422 if self.differences is None else 409

    def overtaken(self, refusal: ChangedMeanwhile, present: Any, *further: Difference) -> None:
        """Say that somebody else was faster, and show their answers beside those that were typed."""
        self.refuse("", str(refusal))
        differing = tuple(one for one in further if one[1] != one[2])
        self.differences = look_again(self, present) + differing


def look_again(form: ShopForm, present: Any) -> tuple[Difference, ...]:
    """Return the fields on which the form and the present state differ; saving again is then a choice."""
    if isinstance(present, Mapping):
        present = SimpleNamespace(**present)
    found = []
    for field in form:
        if field.name == "version" or isinstance(field, FieldList) or not hasattr(present, field.name):
            continue
        now, mine = _shown(field, getattr(present, field.name)), _shown(field, field.data)
        if now != mine:
            found.append((field.description or field.label.text, now, mine))
    form["version"].process_data(str(present.version))
    return tuple(found)


def _shown(field: Field, value: Any) -> str:
    """Write a value as a field's reader knows it."""
    if isinstance(field, AmountField):
        return "" if value is None else format_amount(value, shop_settings().currency)
    if hasattr(field, "written"):
        return str(field.written(value))
    if isinstance(field, SelectFieldBase):
        words = {str(choice.value): str(choice.label).strip() for choice in field.choices or ()}
        chosen = value if isinstance(value, list | tuple | set | frozenset) else [value]
        return ", ".join(sorted(words.get(str(one), written(one)) for one in chosen))
    return written(value)


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
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value).replace("\r\n", "\n").strip()
