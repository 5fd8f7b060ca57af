"""How orders travel and what tax they bear, as the pages and the quote need it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from domain.orders.models import DeliveryMethod, TaxRate
from domain.orders.quote import DeliveryOption, Method
from domain.orders.quote import delivery_options as options_for


def terms(session: Session, *, country: str | None) -> tuple[tuple[Method, ...], Mapping[str, int]]:
    """The active delivery methods in their order, and a country's tax rates by class; one statement."""
    rates = (
        select(func.jsonb_object_agg(TaxRate.tax_class, TaxRate.basis_points))
        .where(TaxRate.country == literal(country))
        .scalar_subquery()
    )
    rows = session.execute(
        select(DeliveryMethod, rates.label("rates"))
        .where(DeliveryMethod.active)
        .order_by(DeliveryMethod.position, DeliveryMethod.code)
    ).all()
    methods = tuple(
        Method(
            code=row.DeliveryMethod.code,
            name=row.DeliveryMethod.name,
            description=row.DeliveryMethod.description,
            carrier=row.DeliveryMethod.carrier,
            countries=tuple(row.DeliveryMethod.countries),
            price=row.DeliveryMethod.price,
            free_above=row.DeliveryMethod.free_above,
            min_days=row.DeliveryMethod.min_days,
            max_days=row.DeliveryMethod.max_days,
        )
        for row in rows
    )
    return methods, (rows[0].rates or {}) if rows else {}


def delivery_options(
    session: Session, *, country: str | None, subtotal: int, currency: str, now: datetime
) -> tuple[DeliveryOption, ...]:
    """The ways to deliver goods of this worth to a country, with price and dates; one statement."""
    methods, _ = terms(session, country=country)
    return options_for(methods, destination=country, goods=subtotal, currency=currency, now=now)


def delivery_countries(session: Session) -> tuple[str, ...]:
    """The countries that some active method names, in alphabetical order; the others are not delivered to."""
    methods, _ = terms(session, country=None)
    return tuple(sorted({country for method in methods for country in method.countries}))
