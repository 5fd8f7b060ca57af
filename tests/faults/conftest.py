"""A running store for faults, with the goods of the storefront's tests on its shelves."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from cli.embedded import embedded_postgres, embedded_redis, redis
from cli.migrate import migrate
from domain.shared.db import Sessions, make_engine, make_sessions, transaction
from domain.shared.settings import Settings
from tests.faults.store import BACKGROUND, Store, books_are_right, settings_of
from tests.storefront.conftest import Goods, goods, put_on_shelves

__all__ = ["goods"]


@pytest.fixture(scope="package")
def running_store(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Run every part of the store on this run's database and a Redis of its own."""
    var = tmp_path_factory.mktemp("store")
    with ExitStack() as stack:
        url = stack.enter_context(embedded_redis(var))
        store = Store(settings_of(settings, var, redis_url=url), var / "processes.log")
        store.start(stack, "sandbox", "storefront", *BACKGROUND)
        yield store


@pytest.fixture
def store(running_store: Store, goods: Goods, sessions: Sessions, engine: Engine) -> Iterator[Store]:
    """The running store, open and filled; when a test ends its books are right and no part has failed."""
    before = len(running_store.failures())
    yield replace(running_store, name=f"ada-{uuid4().hex}")
    books_are_right(engine)
    assert running_store.failures()[before:] == []


@pytest.fixture
def own_place(settings: Settings, tmp_path: Path) -> Iterator[Store]:
    """A store of which nothing runs yet but a PostgreSQL of its own, filled; its Redis is for the test to start."""
    with embedded_postgres(tmp_path / "database", fast=True) as url:
        migrate(url)
        urls = {"database_url": url, "redis_url": redis.url(tmp_path)}
        yield Store(settings_of(settings, tmp_path, **urls), tmp_path / "processes.log")


@pytest.fixture
def own_engine(own_place: Store) -> Iterator[Engine]:
    """The books of that store, with goods on its shelves."""
    engine = make_engine(own_place.settings.database_url)
    with transaction(make_sessions(engine)) as tx:
        put_on_shelves(tx)
    yield engine
    engine.dispose()
