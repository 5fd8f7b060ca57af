"""What the demo shop charges for tax and delivery."""

from datetime import date

TAX_SOURCE = "European Commission, VAT rates applied in the Member States, as in force in December 2025"
TAX_SOURCE_GB = "HM Revenue & Customs, VAT rates on goods and services, as in force in December 2025"

STANDARD_RATES: dict[str, int] = {
    "AT": 2000, "BE": 2100, "BG": 2000, "CY": 1900, "CZ": 2100, "DE": 1900, "DK": 2500, "EE": 2400, "ES": 2100,
    "FI": 2550, "FR": 2000, "GB": 2000, "GR": 2400, "HR": 2500, "HU": 2700, "IE": 2300, "IT": 2200, "LT": 2100,
    "LU": 1700, "LV": 2100, "MT": 1800, "NL": 2100, "PL": 2300, "PT": 2300, "RO": 2100, "SE": 2500, "SI": 2200,
    "SK": 2300,
}  # fmt: skip
"""The standard rate of each country in basis points."""

CHANGED_ON: dict[str, date] = {
    "EE": date(2025, 7, 1),
    "FI": date(2024, 9, 1),
    "RO": date(2025, 8, 1),
    "SK": date(2025, 1, 1),
}
"""Since when a rate holds, where it changed lately."""

_EUROPE = sorted(STANDARD_RATES)

DELIVERY_METHODS: tuple[dict[str, object], ...] = (
    {
        "code": "standard",
        "name": "Standard post",
        "description": "Tracked, left with a neighbour or at your post office if nobody is in.",
        "carrier": "An Post",
        "countries": _EUROPE,
        "price": 490,
        "free_above": 6000,
        "min_days": 2,
        "max_days": 4,
        "position": 0,
    },
    {
        "code": "express",
        "name": "Express courier",
        "description": "Before the end of the next working day or the one after, signed for at the door.",
        "carrier": "DHL",
        "countries": _EUROPE,
        "price": 1290,
        "free_above": None,
        "min_days": 1,
        "max_days": 2,
        "position": 1,
    },
    {
        "code": "collect",
        "name": "Collect in the shop",
        "description": "We put it aside and write to you when it is ready. Bring your order number.",
        "carrier": "",
        "countries": ["IE"],
        "price": 0,
        "free_above": None,
        "min_days": 0,
        "max_days": 1,
        "position": 2,
    },
)
"""How orders travel; prices in cents, tax included like every price of the shop."""
