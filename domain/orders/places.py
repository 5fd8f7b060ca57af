"""Where a parcel goes, as far as tax and delivery care: a country, and the part of it that has rules of its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

US_STATES: dict[str, str] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "AA": "Armed Forces Americas", "AE": "Armed Forces Europe", "AP": "Armed Forces Pacific",
    "AS": "American Samoa", "GU": "Guam", "MP": "Northern Mariana Islands", "PR": "Puerto Rico",
    "UM": "United States Minor Outlying Islands", "VI": "US Virgin Islands",
}  # fmt: skip
"""The states of the USA by their postal codes, with what the post treats like one (US Postal Service)."""

_STATE_OF = {re.sub(r"[^a-z]", "", name.lower()): code for code, name in US_STATES.items()} | {
    "washingtondc": "DC",
    "usvirginislands": "VI",
}

_BY_POSTCODE: dict[str, tuple[tuple[str, str], ...]] = {
    "DE": (("BUS", "78266"), ("HEL", "27498")),
    "ES": (("CN", r"(35|38)\d{3}"), ("CE", r"51\d{3}"), ("ML", r"52\d{3}")),
    "FI": (("AX", r"22\d{3}"),),
    "GR": (("ATH", r"630 ?86"),),
    "IT": (("CAM", "22061"), ("LIV", r"23041|23030")),
    "PT": (("20", r"9[5-9]\d{2}(-?\d{3})?"), ("30", r"9[0-4]\d{2}(-?\d{3})?")),
}
"""Places within EU states where another tax is borne, or none, known by the postcode.

Canary Islands, Ceuta, Melilla; Büsingen, Heligoland; Åland; Mount Athos; Campione d'Italia, Livigno; Azores, Madeira.
"""


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A country by ISO 3166-1, and a part of it such as a US state, or nothing."""

    country: str
    region: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What a zone may call it, the closest name first; `*` is the rest of the world."""
        regional = (f"{self.country}-{self.region}",) if self.region else ()
        return (*regional, self.country, "*")


def us_state(text: str) -> str | None:
    """The postal code of a US state that somebody has written, by code or by name."""
    words = re.sub(r"[^a-z]", "", text.lower())
    return words.upper() if words.upper() in US_STATES else _STATE_OF.get(words)


def destination_of(address: Mapping[str, Any] | None, *, otherwise: str) -> Destination:
    """Where an address is; without one, in the country that is assumed until it is known."""
    if not address or not address.get("country"):
        return Destination(country=otherwise)
    country = str(address["country"])
    if country == "US":
        return Destination(country=country, region=us_state(str(address.get("region") or "")) or "")
    postcode = str(address.get("postcode") or "")
    found = (region for region, pattern in _BY_POSTCODE.get(country, ()) if re.fullmatch(pattern, postcode))
    return Destination(country=country, region=next(found, ""))
