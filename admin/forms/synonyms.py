"""The answers of the synonyms' pages."""

from typing import Any

from wtforms import BooleanField, StringField

from admin.forms.conflicts import VersionedForm


class TermsField(StringField):
    """Terms with commas between them; its data are a tuple."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        typed = str(valuelist[0])[:2000] if valuelist else ""
        self.data = tuple(term for term in (" ".join(part.split()) for part in typed.split(",")) if term)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ", ".join(self.data or ())


class SynonymForm(VersionedForm):
    """A group of terms that mean the same."""

    terms = TermsField("Terms")
    one_way = BooleanField("One way: the first finds the others, not the reverse")
