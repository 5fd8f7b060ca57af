"""Saying where the shop delivers to, how, and for how much."""

import re
from collections.abc import Collection, Sequence
from datetime import time
from typing import Any

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from domain.orders.delivery import FLAT, PRICED_BY
from domain.orders.errors import BadDelivery, NoSuchMethod, NoSuchZone
from domain.orders.models import DeliveryMethod, DeliveryZone, ZonePlace
from domain.orders.queries.rates import method_row, one_method, one_zone
from domain.shared.db import lock, take_turns
from domain.shared.errors import ChangedMeanwhile

MOST_DAYS = 90
MOST_MONEY = 2_000_000_000

_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?|\*")


def save_zone(
    session: Session,
    *,
    code: str | None,
    name: str,
    places: Collection[str],
    position: int | None = None,
    seen: str | None = None,
) -> str:
    """Make a zone or change the one of this code, and return its code; raises BadDelivery.

    A place is a country (`IE`), a region of one (`US-CA`), or `*` for the rest of the world, and is in one zone alone.
    With `seen`, the version that was shown, raises ChangedMeanwhile if the zone is no longer that one.
    """
    name, wanted = " ".join(name.split())[:120], sorted(set(places))
    problems = {}
    if not name:
        problems["name"] = "Enter a name."
    if wrong := [place for place in wanted if not _PLACE.fullmatch(place)]:
        problems["places"] = f"{wrong[0]} is no place. Write a country as IE, a region as US-CA, the rest as *."
    elif not wanted:
        problems["places"] = "Enter at least one place."
    _raise_if(problems)
    # One change of the zones at a time: whoever comes second sees the places that the first has taken.
    take_turns(session, _ZONES)
    if seen is not None and code and one_zone(session, code).version != seen:
        raise ChangedMeanwhile("zone")
    zone = session.get(DeliveryZone, code) if code else None
    taken = session.execute(
        select(ZonePlace.place, DeliveryZone.name)
        .join(DeliveryZone, DeliveryZone.code == ZonePlace.zone_code)
        .where(ZonePlace.place.in_(wanted), ZonePlace.zone_code != (code or ""))
        .order_by(ZonePlace.place)
    ).all()
    if taken:
        raise BadDelivery({"places": f"{taken[0].place} is in the zone “{taken[0].name}” already. Take it out there."})
    if zone is None:
        last = session.scalar(select(func.max(DeliveryZone.position)))
        zone = DeliveryZone(
            code=_free_code(session, DeliveryZone, code or name),
            name=name,
            position=(last if last is not None else -1) + 1 if position is None else position,
        )
        session.add(zone)
    zone.name = name
    session.flush()
    session.execute(delete(ZonePlace).where(ZonePlace.zone_code == zone.code))
    session.add_all(ZonePlace(place=place, zone_code=zone.code) for place in wanted)
    session.flush()
    return zone.code


def remove_zone(session: Session, *, code: str, seen: str | None = None) -> None:
    """Take a zone away with its ways to deliver; its places then belong to the rest of the world, if that is a zone.

    With `seen`, the version of the whole zone that was shown, raises ChangedMeanwhile if it is no longer that one.
    """
    take_turns(session, _ZONES)
    if seen is not None and one_zone(session, code).whole_version != seen:
        raise ChangedMeanwhile("zone")
    session.execute(delete(DeliveryMethod).where(DeliveryMethod.zone_code == code))
    if session.scalar(delete(DeliveryZone).where(DeliveryZone.code == code).returning(DeliveryZone.code)) is None:
        raise NoSuchZone


def save_method(
    session: Session,
    *,
    zone_code: str,
    code: str | None,
    name: str,
    description: str = "",
    carrier: str = "",
    priced_by: str = FLAT,
    price: int = 0,
    bands: Sequence[tuple[int | None, int]] = (),
    free_above: int | None = None,
    min_days: int = 1,
    max_days: int = 3,
    cut_off: time | None = None,
    position: int = 0,
    active: bool = True,
    seen: str | None = None,
) -> str:
    """Make a way to deliver to a zone, or change the one of this code, and return its code; raises BadDelivery.

    With `seen`, the version that was shown, raises ChangedMeanwhile if it is no longer that one.
    """
    name = " ".join(name.split())[:120]
    problems = _problems(name, priced_by, price, bands, free_above, min_days, max_days)
    _raise_if(problems)
    take_turns(session, _ZONES)
    if session.get(DeliveryZone, zone_code) is None:
        raise NoSuchZone
    values: dict[str, Any] = {
        "name": name,
        "description": " ".join(description.split())[:300],
        "carrier": " ".join(carrier.split())[:80],
        "priced_by": priced_by,
        "price": price if priced_by == FLAT else 0,
        "bands": [] if priced_by == FLAT else [{"up_to": up_to, "price": cost} for up_to, cost in bands],
        "free_above": free_above,
        "min_days": min_days,
        "max_days": max_days,
        "cut_off": cut_off,
        "position": position,
        "active": active,
    }
    method = session.get(DeliveryMethod, code) if code else None
    if method is None and code and seen is not None:
        raise NoSuchMethod
    if method is None:
        method = DeliveryMethod(code=_free_code(session, DeliveryMethod, code or name), zone_code=zone_code, **values)
        session.add(method)
    elif method.zone_code != zone_code:
        raise NoSuchMethod
    else:
        method = lock(session, DeliveryMethod, [method.code])[0]
        if seen is not None and method_row(method).version != seen:
            raise ChangedMeanwhile("way to deliver")
        for key, value in values.items():
            setattr(method, key, value)
    session.flush()
    return method.code


def remove_method(session: Session, *, code: str, seen: str | None = None) -> None:
    """Take a way to deliver away; orders that chose it keep its name, carts choose again.

    With `seen`, the version that was shown, raises ChangedMeanwhile if it is no longer that one.
    """
    take_turns(session, _ZONES)
    if seen is not None and one_method(session, code).version != seen:
        raise ChangedMeanwhile("way to deliver")
    if session.scalar(delete(DeliveryMethod).where(DeliveryMethod.code == code).returning(DeliveryMethod.code)) is None:
        raise NoSuchMethod


_ZONES = "the zones of delivery"


def _problems(
    name: str,
    priced_by: str,
    price: int,
    bands: Sequence[tuple[int | None, int]],
    free_above: int | None,
    min_days: int,
    max_days: int,
) -> dict[str, str]:
    found = {}
    if not name:
        found["name"] = "Enter a name."
    if priced_by not in PRICED_BY:
        found["priced_by"] = "Choose what the price depends on."
    elif priced_by == FLAT and not 0 <= price <= MOST_MONEY:
        found["price"] = "Enter a price of zero or more."
    elif priced_by != FLAT:
        limits = [up_to for up_to, _ in bands]
        if not bands:
            found["bands"] = "Enter at least one band."
        elif any(cost < 0 or cost > MOST_MONEY for _, cost in bands):
            found["bands"] = "Enter prices of zero or more."
        elif None in limits[:-1]:
            found["bands"] = "Only the last band can be without a limit."
        elif any(limit is not None and limit <= 0 for limit in limits):
            found["bands"] = "Enter limits above zero."
        elif (known := [limit for limit in limits if limit is not None]) != sorted(set(known)):
            found["bands"] = "Write the bands from the lowest limit to the highest."
    if free_above is not None and not 0 <= free_above <= MOST_MONEY:
        found["free_above"] = "Enter a worth of zero or more, or leave it empty."
    if not 0 <= min_days <= MOST_DAYS:
        found["min_days"] = f"Enter working days from 0 to {MOST_DAYS}."
    elif not min_days <= max_days <= MOST_DAYS:
        found["max_days"] = f"Enter working days from {min_days} to {MOST_DAYS}."
    return found


def _raise_if(problems: dict[str, str]) -> None:
    if problems:
        raise BadDelivery(problems)


def _free_code(session: Session, model: type[DeliveryZone] | type[DeliveryMethod], wanted: str) -> str:
    """A code made of a name, with a number behind it if the plain one is taken."""
    base = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:34] or "other"
    for number in range(1, 1000):
        code = base if number == 1 else f"{base}-{number}"
        if not session.scalar(select(exists().where(model.code == code))):
            return code
    raise BadDelivery({"name": "Choose another name: there are too many of this one."})
