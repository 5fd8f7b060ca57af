"""The demo shop's promotions: one that works by itself, and one by a code that its window names."""

from domain.promotions.kinds import BUY_GET, PERCENT

CANDLES = "light/candles"

OFFERS: tuple[tuple[str | None, tuple[str, ...], dict[str, object]], ...] = (
    (
        CANDLES,
        (),
        {
            "name": "Three candles for the price of two",
            "kind": BUY_GET,
            "buy": 2,
            "get": 1,
            "automatic": True,
            "announcement": "For the long evenings: three candles for the price of two.",
        },
    ),
    (
        None,
        ("WELCOME10",),
        {
            "name": "Welcome: 10 % off your first order",
            "kind": PERCENT,
            "basis_points": 1000,
            "first_order": True,
            "limit_per_customer": 1,
            "announcement": "New here? The code WELCOME10 takes 10 % off your first order.",
        },
    ),
)
"""The path of the category it is for (None: everything), its codes, and its terms."""
