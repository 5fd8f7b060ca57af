"""The form every form is made from: trimmed answers, and a summary of what is wrong."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from markupsafe import Markup, escape
from wtforms import Field, Form
from wtforms.fields.choices import SelectChoice
from wtforms.meta import DefaultMeta
from wtforms.widgets import Input

NAMED_WHOLE = "main"


class _Meta(DefaultMeta):
    """Writes the plain inputs in one go; the stock way sorts, cleans and formats each attribute on its own."""

    def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
        """Write a field; what has a widget of its own is left to that."""
        widget = field.widget
        if type(widget).__call__ is not Input.__call__:
            written: Markup = super().render_field(field, render_kw)
            return written
        given = {"type": widget.input_type, "id": field.id, "name": field.name, "value": field._value()}
        flags = vars(field.flags)
        given |= {name: flags[name] for name in widget.validation_attrs if name in flags}
        given |= (field.render_kw or {}) | {_hyphened(name): value for name, value in render_kw.items()}
        parts = [
            f" {name}" if value is True else f' {name}="{escape(value)}"'
            for name, value in given.items()
            if value is not False
        ]
        return Markup(f"<input{''.join(parts)}>")  # noqa: S704 - each value is escaped


@cache
def _hyphened(name: str) -> str:
    """Write an attribute's name as HTML has it: a template cannot pass on one with a hyphen."""
    plain = name.rstrip("_")
    return plain.replace("_", "-") if plain.startswith(("aria_", "data_")) else plain


def to_choose(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """Turn pairs of value and words into what a field offers to choose from."""
    return [SelectChoice(value, words) for value, words in pairs]


def is_offered(field: Field) -> bool:
    """Whether an answer is one of those that the field offers."""
    return field.data in {choice.value for choice in field.choices}


class ShopForm(Form):
    """A form without a token: `web/csrf.py` knows our own forms by where they come from."""

    Meta = _Meta

    def __init__(self, formdata: Any = None, obj: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, obj=obj, **kwargs)

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        """What is wrong, in the order of the fields: the id of the field and the message."""
        whole = tuple((NAMED_WHOLE, message) for message in self.form_errors)
        return whole + tuple((field.id, str(message)) for field in self for message in field.errors[:1])

    def refuse(self, field: str, message: str) -> None:
        """Add what the shop itself says to a field, or to the whole form if it has no such field."""
        if field in self._fields:
            self._fields[field].errors = [*self._fields[field].errors, message]
        else:
            self.form_errors.append(message)


def clean(value: str | None) -> str | None:
    """Trim an answer, drop control characters and write letters with marks in one way (NFC)."""
    if value is None:
        return None
    kept = "".join(char if unicodedata.category(char) not in ("Cc", "Cs") else " " for char in value)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def on_day(text: str | None) -> date | None:
    """Read a day as addresses and date fields write it; None for anything else."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
