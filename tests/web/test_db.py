"""Reading without transactions, writing with one, one connection a thread, and a database that comes back."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from domain.shared.db import Sessions
from domain.shared.settings import Settings
from tests.processes import eventually
from tests.web.conftest import make
from web.app import make_app
from web.db import session, transaction


@pytest.fixture
def one(settings: Settings) -> Settings:
    """Settings with a pool of a single connection."""
    return settings.model_copy(update={"database_pool_size": 1})


def test_reading_takes_part_in_no_transaction(one: Settings) -> None:
    with make_app("tests.web", settings=one).app_context():
        started = {session().scalar(text("SELECT transaction_timestamp()")) for _ in range(2)}

    assert len(started) == 2


def test_a_thread_that_has_read_can_write_with_one_connection(one: Settings) -> None:
    with make_app("tests.web", settings=one).app_context():
        session().execute(text("SELECT 1"))
        with transaction() as tx:
            started = {tx.scalar(text("SELECT transaction_timestamp()")) for _ in range(2)}
        assert session().scalar(text("SELECT 2")) == 2

    assert len(started) == 1


def test_a_transaction_that_fails_leaves_nothing(settings: Settings, sessions: Sessions) -> None:
    insert = text("INSERT INTO users.roles (name, description, permissions) VALUES ('test', 'x', '{}')")

    def twice() -> None:
        with transaction() as tx:
            tx.execute(insert)
            tx.execute(insert)

    with make_app("tests.web", settings=settings, sessions=sessions).app_context():
        with pytest.raises(IntegrityError):
            twice()
        assert session().scalar(text("SELECT count(*) FROM users.roles WHERE name = 'test'")) == 0


def test_pages_look_through_large_tables_from_the_beginning(one: Settings) -> None:
    """Else the second page of a search with too many answers could be of other answers than the first."""
    with make_app("tests.web", settings=one).app_context():
        assert session().scalar(text("SHOW synchronize_seqscans")) == "off"
        assert session().scalar(text("SHOW statement_timeout")) != "0"


def connected(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(
            text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tests.web'")
        ) or 0  # fmt: skip


def test_a_page_survives_a_restart_of_the_database(one: Settings, engine: Engine) -> None:
    client = make(one).test_client()
    assert client.get("/pages/database").text == "1"

    with engine.connect() as connection:
        gone = connection.scalar(
            text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'tests.web'")
        )

    assert gone
    # The signal is sent; the connection is closed when the server has acted upon it.
    eventually(lambda: not connected(engine))
    assert client.get("/pages/database").text == "1"
