"""How orders travel and what tax they bear, as the pages and the quote need it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, bindparam, func, inspect, select
from sqlalchemy.orm import Session

from domain.orders.models import DeliveryMethod, Order, OrderLine, TaxRate
from domain.orders.quote import DeliveryOption, Method
from domain.orders.quote import delivery_options as options_for
from domain.orders.states import PLACED

# Built once: building it anew takes longer than to run it.
_RATES = (
    select(func.jsonb_object_agg(TaxRate.tax_class, TaxRate.basis_points))
    .where(TaxRate.country == bindparam("country"))
    .scalar_subquery()
)
_HELD = (
    select(func.jsonb_object_agg(OrderLine.variant_id.cast(String), OrderLine.quantity))
    .join(Order, Order.id == OrderLine.order_id)
    .where(Order.cart_id == bindparam("cart_id"), Order.state == PLACED)
    .scalar_subquery()
)
_TERMS = (
    select(*inspect(DeliveryMethod).columns, _RATES.label("rates"), _HELD.label("held"))
    .where(DeliveryMethod.active)
    .order_by(DeliveryMethod.position, DeliveryMethod.code)
)


def terms(session: Session, *, country: str | None) -> tuple[tuple[Method, ...], Mapping[str, int]]:
    """The active delivery methods in their order, and a country's tax rates by class; one statement."""
    methods, rates, _ = terms_for(session, country=country, cart_id=None)
    return methods, rates


def terms_for(
    session: Session, *, country: str | None, cart_id: UUID | None
) -> tuple[tuple[Method, ...], Mapping[str, int], Mapping[UUID, int]]:
    """The same, and how many of each variant an unpaid order of this cart holds; still one statement."""
    rows = session.execute(_TERMS, {"country": country, "cart_id": cart_id}).all()
    methods = tuple(
        Method(
            code=row.code,
            name=row.name,
            description=row.description,
            carrier=row.carrier,
            countries=tuple(row.countries),
            price=row.price,
            free_above=row.free_above,
            min_days=row.min_days,
            max_days=row.max_days,
        )
        for row in rows
    )
    if not rows:
        return (), {}, {}
    return methods, rows[0].rates or {}, {UUID(key): quantity for key, quantity in (rows[0].held or {}).items()}


def delivery_options(
    session: Session, *, country: str | None, subtotal: int, currency: str, now: datetime
) -> tuple[DeliveryOption, ...]:
    """The ways to deliver goods of this worth to a country, with price and dates; one statement."""
    methods, _ = terms(session, country=country)
    return options_for(methods, destination=country, goods=subtotal, currency=currency, now=now)


def delivery_countries(session: Session) -> tuple[str, ...]:
    """The countries that some active method names, in alphabetical order; the others are not delivered to."""
    methods, _ = terms(session, country=None)
    return countries_of(methods)


def countries_of(methods: Iterable[Method]) -> tuple[str, ...]:
    """The countries that these methods name, in alphabetical order."""
    return tuple(sorted({country for method in methods for country in method.countries}))
