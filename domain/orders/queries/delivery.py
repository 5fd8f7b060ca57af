"""How orders travel and what tax they bear, as the pages and the quote need it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from domain.orders.delivery import DeliveryOption, Method, Zone, methods_to
from domain.orders.delivery import delivery_options as options_for
from domain.orders.models import Order, OrderLine, TaxRate
from domain.orders.places import Destination
from domain.orders.queries.promotions import HAS_ORDERED, OFFERS
from domain.orders.states import PLACED
from domain.orders.tax.rates import Rate, rates_from
from domain.promotions.queries import offer_values
from domain.shared.db import utcnow
from domain.shared.quick import Prepared, one

# Built once: building it anew takes longer than to run it.
_IN_FORCE = (
    select(TaxRate.region, TaxRate.tax_class, TaxRate.name, TaxRate.basis_points.cast(String).label("basis_points"))
    .ext(distinct_on(TaxRate.region, TaxRate.tax_class))
    .where(
        TaxRate.country == bindparam("country"),
        TaxRate.region.in_(["", bindparam("region")]),
        TaxRate.valid_from <= bindparam("today"),
    )
    .order_by(TaxRate.region, TaxRate.tax_class, TaxRate.valid_from.desc())
    .subquery()
)
_RATES = select(
    func.jsonb_agg(
        func.jsonb_build_array(_IN_FORCE.c.region, _IN_FORCE.c.tax_class, _IN_FORCE.c.name, _IN_FORCE.c.basis_points)
    )
).scalar_subquery()
_HELD = (
    select(func.jsonb_object_agg(OrderLine.variant_id.cast(String), OrderLine.quantity))
    .join(Order, Order.id == OrderLine.order_id)
    .where(Order.cart_id == bindparam("cart_id"), Order.state == PLACED)
    .scalar_subquery()
)
_ZONES: ColumnElement[Any] = literal_column(
    "(SELECT jsonb_agg(jsonb_build_object("
    "'code', z.code, 'name', z.name,"
    " 'places', (SELECT jsonb_agg(p.place) FROM orders.zone_places p WHERE p.zone_code = z.code),"
    " 'methods', (SELECT jsonb_agg(to_jsonb(m) ORDER BY m.position, m.code) FROM orders.delivery_methods m"
    " WHERE m.zone_code = z.code AND m.active)"
    ") ORDER BY z.position, z.code)::text FROM orders.delivery_zones z)"
)
_ALL_ZONES = select(_ZONES.label("zones"))
_TERMS = Prepared.of(
    select(
        _ZONES.label("zones"),
        _RATES.label("rates"),
        _HELD.label("held"),
        OFFERS.label("offers"),
        HAS_ORDERED.label("has_ordered"),
    )
)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a quote rests on, beside the goods: `methods` go to the destination, `rates` by class hold there today.

    `held` is how many of each variant an unpaid order of the cart holds, `offers` the promotions that could apply, and
    `has_ordered` whether the shopper has ordered before.
    """

    zones: tuple[Zone, ...] = ()
    methods: tuple[Method, ...] = ()
    rates: Mapping[str, Rate] = field(default_factory=dict)
    held: Mapping[UUID, int] = field(default_factory=dict)
    offers: Sequence[dict[str, Any]] = ()
    has_ordered: bool = False


def delivery_zones(session: Session) -> tuple[Zone, ...]:
    """Every zone with its active methods, both in their order; one statement."""
    return _zones(session.scalar(_ALL_ZONES))


def terms_for(
    session: Session,
    *,
    destination: Destination,
    cart_id: UUID | None = None,
    email: str | None = None,
    code: str | None = None,
    now: datetime | None = None,
) -> Terms:
    """The terms for a cart, its shopper and the code in it; one statement. The rates are those of the day of `now`."""
    now = now or utcnow()
    values = offer_values(code=code, email=email, now=now) | {
        "country": destination.country,
        "region": destination.region,
        "today": now.date(),
        "cart_id": cart_id,
        "email": email,
    }
    row = one(session, _TERMS, values)
    zones = _zones(row.zones)
    return Terms(
        zones=zones,
        methods=methods_to(zones, destination),
        rates=rates_from(row.rates or ()),
        held={UUID(key): quantity for key, quantity in (row.held or {}).items()},
        offers=row.offers or (),
        has_ordered=row.has_ordered,
    )


def delivery_options(
    session: Session, *, destination: Destination, goods: int, grams: int = 0, currency: str, now: datetime
) -> tuple[DeliveryOption, ...]:
    """The ways to deliver goods of this worth and weight to a place, with price and dates; one statement."""
    methods = methods_to(delivery_zones(session), destination)
    return options_for(methods, goods=goods, grams=grams, currency=currency, now=now)


def delivery_countries(session: Session) -> tuple[str, ...]:
    """The countries that are delivered to, in alphabetical order; none at all stands for every country."""
    return countries_of(delivery_zones(session))


def countries_of(zones: Iterable[Zone]) -> tuple[str, ...]:
    """The countries of zones with a way to deliver; none at all where one of these is the rest of the world."""
    places = {place for zone in zones if zone.methods for place in zone.places}
    return () if "*" in places else tuple(sorted({place[:2] for place in places}))


@lru_cache(maxsize=8)
def _zones(written: str | None) -> tuple[Zone, ...]:
    """Read zones as _ZONES writes them; the same text, as it nearly always is, is read but once."""
    rows: list[dict[str, Any]] = json.loads(written or "[]")
    return tuple(
        Zone(
            code=row["code"],
            name=row["name"],
            places=frozenset(row["places"] or ()),
            methods=tuple(_method(method) for method in row["methods"] or ()),
        )
        for row in rows
    )


def _method(row: dict[str, Any]) -> Method:
    return Method(
        code=row["code"],
        name=row["name"],
        description=row["description"],
        carrier=row["carrier"],
        priced_by=row["priced_by"],
        price=row["price"],
        bands=tuple((band["up_to"], band["price"]) for band in row["bands"]),
        free_above=row["free_above"],
        min_days=row["min_days"],
        max_days=row["max_days"],
        cut_off=time.fromisoformat(row["cut_off"]) if row["cut_off"] else None,
    )
