"""What pages show and what hardly ever changes, read once in a while by each process: menu, delivery, promotions."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from domain.catalog.queries import CategoryLink, navigation
from domain.orders.delivery import DeliveryOption, Method, Zone, delivery_options, methods_to
from domain.orders.places import Destination
from domain.orders.queries.delivery import countries_of, delivery_zones
from domain.promotions.queries import announcements
from domain.shared.money import Money
from storefront.summary import shop_time
from web.db import session
from web.settings import shop_settings

FRESH = 30
"""For how many seconds something is shown without reading it again."""

log = structlog.get_logger("storefront")
T = TypeVar("T")


@dataclass
class Kept(Generic[T]):
    """Something read from the database and shown for a while; `read_at` on the monotonic clock."""

    value: T
    read: Callable[[Session], T]
    read_at: float = float("-inf")

    def get(self) -> T:
        """Return what there is, fresh enough; without a database the last one, as error pages have a header too."""
        now = time.monotonic()
        if now - self.read_at > FRESH:
            if self.read_at > float("-inf"):
                # Noted before reading: while one request reads, the others show what there is.
                self.read_at = now
            try:
                self.value = self.read(session())
                self.read_at = now
            except SQLAlchemyError as error:
                self.read_at = float("-inf")
                log.warning("not read", what=self.read.__name__, reason=type(error).__name__)
        return self.value


def init_navigation(app: Flask) -> None:
    """Give every page of an app the menu as `nav`."""
    nothing: tuple[CategoryLink, ...] = ()
    menu = Kept(nothing, navigation)
    app.extensions["delivery_zones"] = Kept((), delivery_zones)
    app.extensions["announcements"] = Kept((), _announcements)
    app.context_processor(lambda: {"nav": menu.get()})


def _announcements(reader: Session) -> tuple[str, ...]:
    return announcements(reader, now=shop_time())


def shop_window() -> tuple[str, ...]:
    """Return what the shop announces of its promotions."""
    kept: Kept[tuple[str, ...]] = current_app.extensions["announcements"]
    return kept.get()


def home_delivery(goods: Money, *, grams: int) -> tuple[DeliveryOption, ...]:
    """Return the ways to deliver goods of this worth and weight in the shop's own country, with price and dates."""
    return delivery_options(
        ways_to(Destination(country=shop_settings().country)),
        goods=goods.amount,
        grams=grams,
        currency=goods.currency,
        now=shop_time(),
    )


def delivery_countries() -> frozenset[str]:
    """Return the countries we deliver to; none at all stands for every country."""
    return frozenset(countries_of(_kept_zones()))


def ways_to(destination: Destination) -> tuple[Method, ...]:
    """Return the ways to deliver to a place, whatever is sent; without any we do not deliver there."""
    return methods_to(_kept_zones(), destination)


def _kept_zones() -> tuple[Zone, ...]:
    kept: Kept[tuple[Zone, ...]] = current_app.extensions["delivery_zones"]
    return kept.get()
