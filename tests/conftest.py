"""The real parts every test stands on: a PostgreSQL built by the migrations, a Redis, settings and both apps."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from cli.embedded import embedded_postgres, embedded_redis
from cli.migrate import migrate
from domain import schema
from domain.shared.db import Sessions, make_engine, make_sessions
from domain.shared.settings import Settings
from tests.statements import Statements, statements_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from redis import Redis

# No property fails by the clock, and one session or client serves all of a property's examples.
_HEALTH = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture]
hypothesis.settings.register_profile("shop", hypothesis.settings(deadline=None, suppress_health_check=_HEALTH))
hypothesis.settings.load_profile("shop")


@pytest.fixture(scope="session")
def var() -> Iterator[Path]:
    """A place of this run's own for data, sockets and pictures."""
    with tempfile.TemporaryDirectory(prefix="cornershop-test-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def settings(var: Path) -> Iterator[Settings]:
    """Settings that point at a PostgreSQL and a Redis started for this run, migrated to head."""
    with ExitStack() as stack:
        database_url = stack.enter_context(embedded_postgres(var, fast=True))
        redis_url = stack.enter_context(embedded_redis(var))
        migrate(database_url)
        _open(database_url)
        yield Settings(
            database_url=database_url,
            redis_url=redis_url,
            secret_key=SecretStr("a secret for tests only"),
            demo_gateway_secret=SecretStr("a gateway secret for tests only"),
            var=var,
            storefront_url="http://localhost",
            admin_url="http://localhost",
            # Tests put things on the shelves past every command: a page kept by the one before would be wrong.
            page_cache=False,
        )


def _open(database_url: str) -> None:
    """Let shoppers into the shop: a new one waits for its owner to say so."""
    engine = make_engine(database_url, pool_size=1)
    empty(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[Engine]:
    """The engine of this run; wide enough for the tests that race."""
    engine = make_engine(settings.database_url, pool_size=20, max_overflow=80)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose work is rolled back: commits inside the test only release savepoints."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        outer.rollback()


@pytest.fixture
def sessions(engine: Engine) -> Iterator[Sessions]:
    """A factory of sessions that really commit, for races and whole apps; every table is emptied afterwards."""
    yield make_sessions(engine)
    empty(engine)


def empty(engine: Engine) -> None:
    """Empty the shop's tables and let their numbers begin anew.

    A test fills a few tables with a few rows. Deleting those takes a tenth of what truncating every table does, as no
    files are made; foreign keys and triggers are passed over meanwhile.
    """
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '20s'"))
        filled = connection.scalars(_FILLED).all()
        if filled:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.exec_driver_sql("; ".join(f"DELETE FROM {name}" for name in filled))  # noqa: S608
            connection.execute(_BEGIN_ANEW)


_FILLED = text(
    " UNION ALL ".join(
        f"SELECT '{table.schema}.{table.name}' WHERE EXISTS (SELECT FROM {table.schema}.{table.name})"  # noqa: S608
        for table in schema.metadata.sorted_tables
    )
)
_BEGIN_ANEW = text(
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences"
    " WHERE last_value IS NOT NULL"
)


@pytest.fixture
def redis(settings: Settings) -> Iterator["Redis"]:
    """A connection to a Redis that is empty before and after the test."""
    from redis import Redis

    assert settings.redis_url
    connection = Redis.from_url(settings.redis_url)
    connection.flushall()
    yield connection
    connection.flushall()
    connection.close()


@pytest.fixture
def statements(engine: Engine) -> Callable[[], AbstractContextManager[Statements]]:
    """Count SQL statements: `with statements() as seen: ...; assert len(seen) == 2`."""
    return lambda: statements_of(engine)


@pytest.fixture
def storefront(settings: Settings, sessions: Sessions) -> "FlaskClient":
    """A client of the storefront on this run's database."""
    from storefront import create_app

    return create_app(settings=settings, sessions=sessions).test_client()


@pytest.fixture
def admin(settings: Settings, sessions: Sessions, redis: "Redis") -> "FlaskClient":
    """A client of the admin on this run's database; nobody is signed in."""
    from admin import create_app

    return create_app(settings=settings, sessions=sessions, redis=redis).test_client()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the journeys drive a store that runs elsewhere."""
    group = parser.getgroup("journeys")
    group.addoption("--base-url", help="the storefront of a running store; without it the journeys start one")
    group.addoption("--admin-url", help="the admin of that store (default http://localhost:8001)")
    group.addoption("--sandbox-url", help="the demo gateway and mailbox of that store (default http://localhost:8002)")
