"""What pages show and what hardly ever changes, read once in a while by each process: menu, delivery, promotions."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog
from flask import Flask, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from domain.catalog.queries import CategoryLink, CollectionLink, collection_links, navigation
from domain.orders.delivery import DeliveryOption, Method, Zone, delivery_options, leaving_day, methods_to
from domain.orders.places import Destination
from domain.orders.queries.delivery import countries_of, delivery_zones
from domain.promotions.queries import announcements
from domain.shared.money import Money
from storefront.summary import shop_time
from web.db import session
from web.settings import Followed, shop_settings

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
    forgotten: int = 0

    def get(self) -> T:
        """Return what there is, fresh enough; without a database the last one, as error pages have a header too."""
        now, forgotten = time.monotonic(), self.forgotten
        if now - self.read_at > FRESH:
            if self.read_at > float("-inf"):
                # Noted before reading: while one request reads, the others show what there is.
                self.read_at = now
            try:
                self.value = self.read(session())
                # Forgotten while it was read, it may be what there was before.
                self.read_at = now if self.forgotten == forgotten else float("-inf")
            except SQLAlchemyError as error:
                self.read_at = float("-inf")
                log.warning("not read", what=self.read.__name__, reason=type(error).__name__)
        return self.value

    def forget(self) -> None:
        """Have it read anew when it is next wanted."""
        self.forgotten += 1
        self.read_at = float("-inf")


@dataclass(frozen=True)
class Menu:
    """What the shop leads to from everywhere."""

    categories: tuple[CategoryLink, ...] = ()
    collections: tuple[CollectionLink, ...] = ()


def init_navigation(app: Flask) -> None:
    """Give every page of an app the menu as `nav`, and tell those who keep pages what is on all of them."""
    menu = Kept(Menu(), _menu)
    zones, window = Kept((), delivery_zones), Kept((), _announcements)
    app.extensions["menu"], app.extensions["delivery_zones"], app.extensions["announcements"] = menu, zones, window
    app.context_processor(lambda: {"nav": menu.get().categories, "department": _department(request.path)})

    def shown() -> str:
        """Name what pages show besides the catalogue: it changes with a word of it, with the day, and each hour."""
        followed: Followed = app.extensions["preferences"]
        followed.look()
        now, ways = shop_time(), ways_to(Destination(country=shop_settings().country))
        leaving = [leaving_day(now, way.cut_off) for way in ways]
        return repr((followed.present, menu.get(), ways, leaving, window.get(), now.strftime("%Y-%m-%d %H")))

    def look_again() -> None:
        for kept in (app.extensions["preferences"], menu, zones, window):
            kept.forget()

    app.extensions["shown"], app.extensions["look_again"] = shown, look_again


def _department(path: str) -> str:
    """The top of the tree that a list is in, and nothing on any other page."""
    return path.removeprefix("/c/").partition("/")[0] if path.startswith("/c/") else ""


def _menu(reader: Session) -> Menu:
    return Menu(navigation(reader), collection_links(reader))


def _announcements(reader: Session) -> tuple[str, ...]:
    return announcements(reader, now=shop_time())


def shop_window() -> tuple[str, ...]:
    """Return what the shop announces of its promotions."""
    kept: Kept[tuple[str, ...]] = current_app.extensions["announcements"]
    return kept.get()


def collections() -> tuple[CollectionLink, ...]:
    """Return the collections that shoppers can look at."""
    menu: Kept[Menu] = current_app.extensions["menu"]
    return menu.get().collections


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
