"""Telling the shelf at once what this process has changed; the event's own handler does so again, for every process."""

from collections.abc import Iterable

import structlog
from flask import Flask
from redis import Redis, RedisError

from domain.catalog.events import CategoryChanged, CollectionChanged, PagesChanged, ProductChanged, StockChanged
from domain.catalog.queries.addresses import own_addresses
from domain.shared.events import Event
from domain.shared.pages import EVERY, forget
from web.db import session

log = structlog.get_logger("web")


def init_news(app: Flask, redis: Redis) -> None:
    """Have the pages of changed products forgotten as soon as an app has committed the change.

    Lists follow when their own table has been brought up to date.
    """

    def tell(events: Iterable[Event]) -> None:
        changed, addresses = set(), set()
        for event in events:
            if isinstance(event, ProductChanged):
                changed.add(event.product_id)
            elif isinstance(event, StockChanged):
                changed.update(event.product_ids)
            elif isinstance(event, CategoryChanged | CollectionChanged):
                addresses.add(EVERY)
            elif isinstance(event, PagesChanged):
                addresses.update(event.addresses)
        if changed:
            addresses |= own_addresses(session(), changed)
        if addresses:
            try:
                forget(redis, addresses)
            except RedisError as error:
                log.warning("pages are forgotten later", reason=type(error).__name__)

    app.extensions["after_commit"] = tell
