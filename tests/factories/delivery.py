"""Zones, delivery methods and tax rates for tests."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from domain.orders.models import DeliveryMethod, DeliveryZone, TaxRate, ZonePlace


def make_zone(session: Session, code: str, places: Sequence[str]) -> str:
    """Make a zone of these places, unless it exists, and return its code."""
    if session.get(DeliveryZone, code) is None:
        session.add(DeliveryZone(code=code, name=code.capitalize()))
        session.flush()
        session.add_all(ZonePlace(place=place, zone_code=code) for place in places)
        session.flush()
    return code


def make_method(
    session: Session, code: str, *, places: Sequence[str] = ("IE",), zone: str | None = None, **values: Any
) -> DeliveryMethod:
    """Make a delivery method, in a zone of its own that has these places or in one that exists."""
    zone_code = zone or make_zone(session, f"{code}-zone", places)
    method = DeliveryMethod(**{"code": code, "zone_code": zone_code, "name": code.capitalize(), **values})
    session.add(method)
    session.flush()
    return method


def make_rate(session: Session, country: str, basis_points: float, tax_class: str = "standard", **values: Any) -> None:
    """Make a tax rate; 2300 is 23 %."""
    points = Decimal(str(basis_points))
    session.add(TaxRate(country=country, tax_class=tax_class, basis_points=points, **values))
    session.flush()
