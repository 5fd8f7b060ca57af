"""Postal addresses, in any script; the rules are lenient, because a real address must never be refused."""

import re
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from domain.orders.errors import InvalidAddress
from domain.orders.places import US_STATES, us_state

_POSTCODES = {
    "AT": r"\d{4}", "BE": r"\d{4}", "BG": r"\d{4}", "CH": r"\d{4}", "CY": r"\d{4}", "CZ": r"\d{3} ?\d{2}",
    "DE": r"\d{5}", "DK": r"\d{4}", "EE": r"\d{5}", "ES": r"\d{5}", "FI": r"\d{5}", "FR": r"\d{5}",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", "GR": r"\d{3} ?\d{2}", "HR": r"\d{5}", "HU": r"\d{4}",
    "IT": r"\d{5}", "LT": r"(LT-?)?\d{5}", "LU": r"(L-?)?\d{4}", "LV": r"(LV-?)?\d{4}", "MT": r"[A-Z]{3} ?\d{4}",
    "NL": r"\d{4} ?[A-Z]{2}", "NO": r"\d{4}", "PL": r"\d{2}-?\d{3}", "PT": r"\d{4}(-?\d{3})?", "RO": r"\d{6}",
    "SE": r"\d{3} ?\d{2}", "SI": r"(SI-?)?\d{4}", "SK": r"\d{3} ?\d{2}", "US": r"\d{5}(-\d{4})?",
}  # fmt: skip
"""What a postcode looks like where every address has one (Universal Postal Union); elsewhere anything goes."""

_LENGTHS = {"name": 120, "company": 120, "line1": 200, "line2": 200, "city": 120, "region": 120, "postcode": 20}
_REQUIRED = {
    "name": "Enter a name.",
    "line1": "Enter the street and the house number.",
    "city": "Enter the town or city.",
    "country": "Choose a country.",
}


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a parcel goes; `country` is ISO 3166-1 alpha-2."""

    name: str
    line1: str
    city: str
    country: str
    line2: str = ""
    region: str = ""
    postcode: str = ""
    company: str = ""

    @classmethod
    def read(cls, values: dict[str, Any]) -> Self:
        """Make an address of what a form or a JSON column holds: blanks trimmed, the country in capitals."""
        plain = {field.name: " ".join(str(values.get(field.name) or "").split()) for field in fields(cls)}
        plain["country"] = plain["country"].upper()
        if plain["country"] in _POSTCODES:
            plain["postcode"] = plain["postcode"].upper()
        if plain["country"] == "US":
            plain["region"] = us_state(plain["region"]) or plain["region"]
        return cls(**plain)

    def problems(self) -> dict[str, str]:
        """What is wrong, by field, in words for the shopper; empty if nothing is."""
        found = {name: message for name, message in _REQUIRED.items() if not getattr(self, name)}
        for name, length in _LENGTHS.items():
            value = getattr(self, name)
            if len(value) > length:
                found[name] = f"Use at most {length} characters."
            elif any(not sign.isprintable() for sign in value):
                found[name] = "Remove the signs that cannot be printed on a label."
        if self.country and not re.fullmatch(r"[A-Z]{2}", self.country):
            found["country"] = "Choose a country."
        pattern = _POSTCODES.get(self.country)
        if pattern and not re.fullmatch(pattern, self.postcode) and "postcode" not in found:
            found["postcode"] = "Enter a postcode of this country." if self.postcode else "Enter the postcode."
        if self.country == "US" and self.region not in US_STATES and "region" not in found:
            found["region"] = "Enter the state, such as CA or California." if self.region else "Enter the state."
        return found

    def validate(self) -> Self:
        """Return the address itself; raises InvalidAddress if something is wrong with it."""
        found = self.problems()
        if found:
            raise InvalidAddress(found)
        return self

    def as_dict(self) -> dict[str, str]:
        """The address as a JSON column keeps it."""
        return asdict(self)
