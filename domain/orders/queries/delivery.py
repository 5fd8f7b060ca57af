"""How orders travel and what tax they bear, as the pages and the quote need it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, bindparam, func, inspect, select
from sqlalchemy.orm import Session

from domain.orders.models import DeliveryMethod, Order, OrderLine, TaxRate
from domain.orders.queries.promotions import HAS_ORDERED, OFFERS
from domain.orders.quote import DeliveryOption, Method
from domain.orders.quote import delivery_options as options_for
from domain.orders.states import PLACED
from domain.promotions.queries import offer_values
from domain.shared.db import utcnow

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
    select(
        *inspect(DeliveryMethod).columns,
        _RATES.label("rates"),
        _HELD.label("held"),
        OFFERS.label("offers"),
        HAS_ORDERED.label("has_ordered"),
    )
    .where(DeliveryMethod.active)
    .order_by(DeliveryMethod.position, DeliveryMethod.code)
)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a quote rests on, beside the goods: `rates` are a country's tax rates by class.

    `held` is how many of each variant an unpaid order of the cart holds, `offers` the promotions that could apply, and
    `has_ordered` whether the shopper has ordered before.
    """

    methods: tuple[Method, ...] = ()
    rates: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[UUID, int] = field(default_factory=dict)
    offers: Sequence[dict[str, Any]] = ()
    has_ordered: bool = False


def terms(session: Session, *, country: str | None) -> tuple[tuple[Method, ...], Mapping[str, int]]:
    """The active delivery methods in their order, and a country's tax rates by class; one statement."""
    found = terms_for(session, country=country)
    return found.methods, found.rates


def terms_for(
    session: Session,
    *,
    country: str | None,
    cart_id: UUID | None = None,
    email: str | None = None,
    code: str | None = None,
    now: datetime | None = None,
) -> Terms:
    """The terms for a cart, its shopper and the code in it; still one statement."""
    values = offer_values(code=code, email=email, now=now or utcnow())
    rows = session.execute(_TERMS, {"country": country, "cart_id": cart_id, "email": email, **values}).all()
    if not rows:
        return Terms()
    return Terms(
        methods=tuple(
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
        ),
        rates=rows[0].rates or {},
        held={UUID(key): quantity for key, quantity in (rows[0].held or {}).items()},
        offers=rows[0].offers or (),
        has_ordered=rows[0].has_ordered,
    )


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
