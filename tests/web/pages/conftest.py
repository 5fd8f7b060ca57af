"""A storefront that keeps its pages, and what its workers would do after a change."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from domain.catalog import handlers
from domain.catalog.events import PagesChanged, ProductChanged, StockChanged
from domain.shared.db import Sessions, transaction
from domain.shared.events import Event
from domain.shared.outbox import OutboxMessage, load
from domain.shared.settings import Settings
from storefront import create_app
from tests.storefront.conftest import Goods, put_on_shelves

MUG, BOWL, MUGS, VASES = "/p/harbour-mug", "/p/salt-bowl", "/c/kitchen/mugs", "/c/living/vases"


@pytest.fixture
def goods(sessions: Sessions) -> Goods:
    """The goods of a shop that is ready to sell."""
    with transaction(sessions) as tx:
        return put_on_shelves(tx)


@pytest.fixture
def own(settings: Settings) -> Settings:
    """Settings of a shop that keeps its pages."""
    return settings.model_copy(update={"page_cache": True})


@pytest.fixture
def app(own: Settings, sessions: Sessions, goods: Goods, redis: Redis) -> Flask:
    """A storefront in front of an empty shelf."""
    with transaction(sessions) as tx:
        tx.execute(text("UPDATE shared.outbox SET done_at = now()"))
    return create_app(settings=own, sessions=sessions, gateways={})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies."""
    return app.test_client(use_cookies=False)


@pytest.fixture
def rendered(app: Flask) -> Iterator[list[str]]:
    """The paths that the app has rendered a page for."""
    seen: list[str] = []

    def note(_app: Flask, template: Any, context: dict[str, Any]) -> None:
        if template.name.startswith("storefront/"):
            seen.append(context["current_path"])

    with template_rendered.connected_to(note, app):
        yield seen


@pytest.fixture
def change(own: Settings, sessions: Sessions) -> Callable[..., Any]:
    """Change something in a transaction, then do what the workers would: `with change() as tx: ...`."""

    @contextmanager
    def changed() -> Iterator[Any]:
        with transaction(sessions) as tx:
            yield tx
        for _ in range(2):
            work(sessions, own)

    return changed


def work(sessions: Sessions, own: Settings) -> None:
    """Have the catalogue's handlers deal with the events that wait."""
    with transaction(sessions) as tx:
        waiting = tx.scalars(
            select(OutboxMessage.id).where(OutboxMessage.done_at.is_(None)).order_by(OutboxMessage.position)
        ).all()
        events: list[Event | None] = [load(tx, message_id) for message_id in waiting]
        tx.execute(text("UPDATE shared.outbox SET done_at = now()"))
    for event in events:
        if isinstance(event, PagesChanged):
            with transaction(sessions) as tx:
                addresses = handlers.forget_pages.prepare(tx, event)
            handlers.forget_pages.perform(addresses, own)
        elif isinstance(event, ProductChanged | StockChanged):
            with transaction(sessions) as tx:
                refresh = (
                    handlers.refresh_product_listing
                    if isinstance(event, ProductChanged)
                    else handlers.refresh_stock_listing
                )
                refresh(tx, event)  # type: ignore[arg-type]


def see(client: FlaskClient, *paths: str) -> None:
    """Look at some pages."""
    for path in paths:
        assert client.get(path).status_code == 200


def heads(answer: TestResponse) -> dict[str, str]:
    """What an answer says in its head, but for what belongs to the one request."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}


def name_of(path: str) -> str:
    """The name that the whole page at a path is kept under."""
    return f"localhost whole {path}?"
