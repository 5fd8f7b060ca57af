"""What goods cost by weight, volume or length, as the law of the EU asks to be shown beside the price."""

from decimal import ROUND_HALF_UP, Decimal

from domain.catalog.errors import WrongMeasure

UNITS = ("g", "kg", "ml", "cl", "l", "cm", "m", "m²", "piece")
"""What goods may be measured in."""

Measure = tuple[Decimal | None, str | None, Decimal | None]
"""How much is in it, the unit, and for how much of that its price is shown; all None where it has no measure."""

_LARGER = {"g": (1000, "kg"), "ml": (1000, "l"), "cl": (100, "l"), "cm": (100, "m")}


def check_measure(amount: Decimal | None, unit: str | None, base: Decimal | None) -> None:
    """Raise WrongMeasure unless a measure is whole, as in 400 g with the price for 1000 g, or absent."""
    if amount is None and unit is None and base is None:
        return
    if amount is None or base is None or amount <= 0 or base <= 0:
        raise WrongMeasure("Enter how much is in it, and for how much of that the price is shown.")
    if unit not in UNITS:
        raise WrongMeasure(f"Choose one of these units: {', '.join(UNITS)}.")


def price_for(price: int, amount: Decimal, base: Decimal) -> int:
    """Return what `base` costs where `amount` costs `price`, in minor units rounded half up."""
    return int((price * base / amount).quantize(Decimal(1), ROUND_HALF_UP))


def base_words(base: Decimal, unit: str) -> str:
    """Write what the price is for: 1000 g are `1 kg`, 100 ml stay `100 ml`, one metre is `1 m`."""
    size, larger = _LARGER.get(unit, (0, ""))
    if size and base % size == 0:
        base, unit = base / size, larger
    return f"{base.normalize():f} {unit}"
