"""Delivery and tax as staff set them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.orders.delivery import Method
from domain.orders.errors import NoSuchMethod, NoSuchZone
from domain.orders.models import DeliveryMethod, DeliveryZone, TaxRate, ZonePlace
from domain.orders.tax.rates import CLASSES
from domain.orders.tax.regions import region_name
from domain.shared.stamp import stamp


@dataclass(frozen=True, kw_only=True)
class MethodRow:
    """A way to deliver, and whether it is offered."""

    method: Method
    zone_code: str
    position: int
    active: bool

    @property
    def version(self) -> str:
        """A stamp of all that staff can change of it."""
        return stamp(self.method, self.position, self.active)


@dataclass(frozen=True, kw_only=True)
class ZoneRow:
    """A zone with its places and all its methods."""

    code: str
    name: str
    places: tuple[str, ...]
    methods: tuple[MethodRow, ...]

    @property
    def version(self) -> str:
        """A stamp of its name and places."""
        return stamp(self.name, self.places)

    @property
    def whole_version(self) -> str:
        """A stamp of the zone with its ways to deliver, which go with it."""
        return stamp(self.version, [method.version for method in self.methods])


@dataclass(frozen=True, kw_only=True)
class TaxRateRow:
    """A rate of a place; `in_force` today, or not yet, or no longer. Without a set it was entered by hand."""

    country: str
    region: str
    tax_class: str
    valid_from: date
    name: str
    basis_points: Decimal
    source: str
    tax_set: str
    in_force: bool

    @property
    def version(self) -> str:
        """A stamp of what staff can change of it."""
        return stamp(self.name, f"{self.basis_points:.3f}", self.source, self.tax_set)

    @property
    def class_label(self) -> str:
        """The class in words."""
        return CLASSES.get(self.tax_class, self.tax_class.replace("_", " ").capitalize())


@dataclass(frozen=True, kw_only=True)
class TaxPlace:
    """A country or a region of one, with its rates by class and then by day."""

    country: str
    region: str
    rates: tuple[TaxRateRow, ...]

    @property
    def place(self) -> str:
        """Its short name: `IE`, `US-CA`."""
        return f"{self.country}-{self.region}" if self.region else self.country

    @property
    def region_name(self) -> str:
        """The region in words; empty for a whole country."""
        return region_name(self.country, self.region)

    @property
    def in_force(self) -> tuple[TaxRateRow, ...]:
        """The rates of today."""
        return tuple(rate for rate in self.rates if rate.in_force)


def zone_list(session: Session) -> tuple[ZoneRow, ...]:
    """Every zone with its places and methods, in their order; three statements."""
    zones = session.scalars(select(DeliveryZone).order_by(DeliveryZone.position, DeliveryZone.code)).all()
    places = session.scalars(select(ZonePlace).order_by(ZonePlace.place)).all()
    methods = session.scalars(select(DeliveryMethod).order_by(DeliveryMethod.position, DeliveryMethod.code)).all()
    return tuple(
        ZoneRow(
            code=zone.code,
            name=zone.name,
            places=tuple(place.place for place in places if place.zone_code == zone.code),
            methods=tuple(method_row(method) for method in methods if method.zone_code == zone.code),
        )
        for zone in zones
    )


def one_zone(session: Session, code: str) -> ZoneRow:
    """A zone by its code; raises NoSuchZone."""
    found = next((zone for zone in zone_list(session) if zone.code == code), None)
    if found is None:
        raise NoSuchZone
    return found


def one_method(session: Session, code: str) -> MethodRow:
    """A way to deliver by its code; raises NoSuchMethod."""
    method = session.get(DeliveryMethod, code, populate_existing=True)
    if method is None:
        raise NoSuchMethod
    return method_row(method)


def tax_places(session: Session, *, today: date, country: str | None = None) -> tuple[TaxPlace, ...]:
    """The places that have a tax rate, or those of one country; one statement."""
    statement = select(TaxRate).order_by(TaxRate.country, TaxRate.region, TaxRate.tax_class, TaxRate.valid_from)
    if country:
        statement = statement.where(TaxRate.country == country)
    rows = session.scalars(statement).all()
    latest = {(row.country, row.region, row.tax_class): row.valid_from for row in rows if row.valid_from <= today}
    order = list(CLASSES)
    return tuple(
        TaxPlace(
            country=key[0],
            region=key[1],
            rates=tuple(
                sorted(
                    (_rate_row(row, latest.get((row.country, row.region, row.tax_class))) for row in group),
                    key=lambda row: (order.index(row.tax_class) if row.tax_class in order else 99, row.valid_from),
                )
            ),
        )
        for key, group in groupby(rows, key=lambda row: (row.country, row.region))
    )


def one_tax_rate(session: Session, *, country: str, region: str, tax_class: str, valid_from: date) -> TaxRateRow | None:
    """The rate of one place and class from one day on, or None; one statement."""
    row = session.get(TaxRate, (country, region, tax_class, valid_from), populate_existing=True)
    return _rate_row(row, None) if row else None


def tax_sets_in_use(session: Session) -> tuple[str, ...]:
    """The sets that rates were taken from, by name; one statement."""
    names = select(TaxRate.tax_set).where(TaxRate.tax_set != "").distinct()
    return tuple(sorted(session.scalars(names)))


def _rate_row(row: TaxRate, latest: date | None) -> TaxRateRow:
    return TaxRateRow(
        country=row.country,
        region=row.region,
        tax_class=row.tax_class,
        valid_from=row.valid_from,
        name=row.name,
        basis_points=row.basis_points,
        source=row.source,
        tax_set=row.tax_set,
        in_force=row.valid_from == latest,
    )


def method_row(row: DeliveryMethod) -> MethodRow:
    """Turn the row of a way to deliver into what edges see."""
    return MethodRow(
        zone_code=row.zone_code,
        position=row.position,
        active=row.active,
        method=Method(
            code=row.code,
            name=row.name,
            description=row.description,
            carrier=row.carrier,
            priced_by=row.priced_by,
            price=row.price,
            bands=tuple((band["up_to"], band["price"]) for band in row.bands),
            free_above=row.free_above,
            min_days=row.min_days,
            max_days=row.max_days,
            cut_off=row.cut_off,
        ),
    )
