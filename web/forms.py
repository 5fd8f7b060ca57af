"""The form every form is made from: trimmed answers, and a summary of what is wrong."""

import unicodedata
from typing import Any

from wtforms import Form

NAMED_WHOLE = "main"


class ShopForm(Form):
    """A form without a token: `web/csrf.py` knows our own forms by where they come from."""

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
