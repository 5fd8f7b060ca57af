"""What the demo shop charges for tax and delivery: an Irish shop that ships everywhere."""

from datetime import time
from typing import Any

TAX_SETS = ("eu", "uk")

_EUROPE = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip

ZONES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ireland", "Ireland", ("IE",)),
    ("europe", "European Union and United Kingdom", _EUROPE),
    ("world", "Rest of the world", ("*",)),
)
"""Code, name and places of each zone."""

_TRACKED = "Tracked, left with a neighbour or at your post office if nobody is in."
_SIGNED = "Signed for at the door."

DELIVERY_METHODS: tuple[dict[str, Any], ...] = (
    {
        "zone_code": "ireland",
        "code": "standard",
        "name": "Standard post",
        "description": _TRACKED,
        "carrier": "An Post",
        "price": 490,
        "free_above": 6000,
        "min_days": 2,
        "max_days": 4,
        "position": 0,
    },
    {
        "zone_code": "ireland",
        "code": "express",
        "name": "Express courier",
        "description": "Before the end of the next working day or the one after, signed for at the door.",
        "carrier": "DHL",
        "price": 1290,
        "min_days": 1,
        "max_days": 2,
        "cut_off": time(14),
        "position": 1,
    },
    {
        "zone_code": "ireland",
        "code": "collect",
        "name": "Collect in the shop",
        "description": "We put it aside and write to you when it is ready. Bring your order number.",
        "price": 0,
        "min_days": 0,
        "max_days": 1,
        "position": 2,
    },
    {
        "zone_code": "europe",
        "code": "europe-standard",
        "name": "Standard post",
        "description": _TRACKED,
        "carrier": "An Post",
        "priced_by": "weight",
        "bands": (
            (2_000, 790), (5_000, 1090), (10_000, 1690),
            (30_000, 2990),
        ),
        "free_above": 12000,
        "min_days": 3,
        "max_days": 6,
        "position": 0,
    },
    {
        "zone_code": "europe",
        "code": "europe-express",
        "name": "Express courier",
        "description": _SIGNED,
        "carrier": "DHL",
        "priced_by": "worth",
        "bands": ((15000, 2490), (None, 1490)),
        "min_days": 1,
        "max_days": 3,
        "cut_off": time(12),
        "position": 1,
    },
    {
        "zone_code": "world",
        "code": "world-standard",
        "name": "Airmail parcel",
        "description": "Tracked. Customs duty and tax may be due when it arrives.",
        "carrier": "An Post",
        "priced_by": "weight",
        "bands": ((1_000, 1690), (5_000, 3490), (20_000, 7490)),
        "min_days": 6,
        "max_days": 14,
        "position": 0,
    },
)  # fmt: skip
"""How orders travel; prices in cents, tax included like every price of the shop; weights in grams."""
