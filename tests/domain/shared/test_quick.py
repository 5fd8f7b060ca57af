"""Statements that go past SQLAlchemy: the same rows, the same errors, and a connection that forgets or is cut."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine, Integer, String, bindparam, literal, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from domain.shared import quick
from domain.shared.db import Sessions, make_engine, make_sessions, transaction
from domain.shared.outbox import OutboxMessage
from domain.shared.quick import Prepared, ReadingSession, glance, one, rows
from domain.shared.settings import Settings
from tests.processes import eventually
from tests.statements import Statements

KINDS = Prepared(
    """
    SELECT CAST(:word AS text), CAST(:number AS bigint), CAST(:id AS uuid), CAST(:at AS timestamptz), :number > 3,
        CAST(:words AS text[]), CAST(NULL AS text), CAST('{"a": [1]}' AS jsonb), '100 % of ' || CAST(:word AS text)
    """,
    "word number id at more words nothing data percent",
)
VALUES = {
    "word": "it's :so 100 %s",
    "number": 2**40,
    "id": UUID(int=7),
    "at": datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    "words": ["a", 'b "c", {d}', "\\"],
}
HALF = Prepared("SELECT 12 / CAST(:by AS int)", "half")


@pytest.fixture
def pool(settings: Settings) -> Iterator[Engine]:
    """A pool of one connection, as an app reads by it."""
    pool = make_engine(settings.database_url, pool_size=1, application_name="quick", autocommit=True)
    yield pool
    pool.dispose()


def halves(pool: Engine, by: int = 2) -> int:
    with ReadingSession(pool) as session:
        return int(rows(session, HALF, {"by": by})[0][0])


def test_the_rows_are_those_of_the_ordinary_way(
    session: Session, pool: Engine, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    with ReadingSession(pool) as reading:
        found = rows(reading, KINDS, VALUES)
    within = rows(session, KINDS, VALUES)
    with statements() as seen:
        ordinary = [tuple(row) for row in rows(session, KINDS, VALUES)]

    assert len(seen) == 1
    assert found == within == ordinary
    assert found[0][:6] == (VALUES["word"], VALUES["number"], VALUES["id"], VALUES["at"], True, VALUES["words"])
    assert found[0].percent == "100 % of it's :so 100 %s"


def test_a_statement_that_sqlalchemy_writes_has_its_own_values_and_columns(session: Session) -> None:
    one_of = Prepared.of(
        select((bindparam("a", type_=Integer) + 1).label("more"), literal({"b": [1]}, JSONB).label("kept")).where(
            bindparam("word", type_=String) == "so"
        )
    )

    found = one(session, one_of, {"a": 2, "word": "so"})
    assert (found.more, found.kept) == (3, {"b": [1]})
    assert one(session, one_of, {"a": 2, "word": "else"}) is None
    with pytest.raises(ValueError, match="fixed text"):
        Prepared.of(select(literal(1)).where(literal(1).in_([1, 2])))


def test_whoever_counts_statements_hears_each(
    engine: Engine, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    with statements() as seen:
        assert halves(engine.execution_options(isolation_level="AUTOCOMMIT")) == 6

    assert len(seen) == 1


def test_one_connection_serves_all_that_a_session_does(pool: Engine) -> None:
    with ReadingSession(pool) as session:
        assert rows(session, HALF, {"by": 3})[0][0] == 4
        assert session.scalar(text("SELECT 1")) == 1
        assert rows(session, HALF, {"by": 4})[0][0] == 3


def test_a_statement_that_the_server_has_forgotten_is_told_anew(pool: Engine) -> None:
    assert halves(pool) == 6
    with pool.connect() as connection:
        connection.execute(text("DEALLOCATE ALL"))

    assert halves(pool) == 6


def test_of_several_forgotten_statements_each_is_told_anew_once(pool: Engine) -> None:
    other = Prepared("SELECT 7", "seven")

    def seven() -> int:
        with ReadingSession(pool) as session:
            return int(rows(session, other, {})[0][0])

    assert halves(pool) == 6
    with pool.connect() as connection:
        connection.execute(text("DEALLOCATE ALL"))
    assert [seven(), halves(pool), seven(), halves(pool)] == [7, 6, 7, 6]


def test_a_statement_told_twice_or_dropped_already_is_no_failure(pool: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "MOST_PREPARED", 1)
    assert halves(pool) == 6
    with pool.connect() as connection:
        connection.execute(text("DEALLOCATE ALL"))
    with ReadingSession(pool) as session:  # takes the place of one that the server has forgotten
        assert rows(session, Prepared("SELECT 7", "seven"), {}) == [(7,)]
    assert halves(pool) == 6

    with pool.connect() as connection:
        connection.connection.info[Prepared][1].clear()  # as if it were not known here what the server knows
    assert halves(pool) == 6


def test_a_failure_is_one_of_sqlalchemy_and_the_connection_goes_on(pool: Engine) -> None:
    with ReadingSession(pool) as session:
        with pytest.raises(DataError) as failure:
            rows(session, HALF, {"by": 0})
        assert rows(session, HALF, {"by": 6})[0][0] == 2

    assert "division by zero" in str(failure.value)


def test_a_table_that_has_changed_fails_one_reader_at_most(pool: Engine, engine: Engine) -> None:
    one = Prepared("SELECT * FROM quick_test", "word")
    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE quick_test AS SELECT 'before' AS word"))
        with ReadingSession(pool) as session:
            assert rows(session, one, {}) == [("before",)]
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE quick_test"))
            connection.execute(text("CREATE TABLE quick_test AS SELECT 7 AS word"))
        with ReadingSession(pool) as session, pytest.raises(Exception, match="cached plan"):
            rows(session, one, {})
        with ReadingSession(pool) as session:
            assert rows(session, one, {}) == [(7,)]
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS quick_test"))


def test_a_connection_that_is_cut_fails_one_reader_at_most(pool: Engine, engine: Engine) -> None:
    def connected() -> int:
        with engine.connect() as connection:
            who = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'quick'")
            return connection.scalar(who) or 0

    with ReadingSession(pool) as session:
        assert rows(session, HALF, {"by": 2})[0][0] == 6
        with engine.connect() as connection:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'quick'")
            )
        eventually(lambda: not connected())
        with pytest.raises(OperationalError) as failure:
            rows(session, HALF, {"by": 2})
        assert failure.value.connection_invalidated
        # The very session goes on by another connection, whichever way its statements take.
        assert rows(session, HALF, {"by": 2})[0][0] == 6
        assert session.scalar(text("SELECT 7")) == 7
    assert halves(pool) == 6


def test_only_so_many_statements_lie_prepared(pool: Engine) -> None:
    many = [Prepared(f"SELECT {number}", "number") for number in range(quick.MOST_PREPARED + 5)]

    with ReadingSession(pool) as session:
        found = [rows(session, one, {})[0][0] for one in [*many, many[0]]]
        lying = session.scalar(text("SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql"))

    assert found == [*range(len(many)), 0]
    assert lying is not None
    assert lying <= quick.MOST_PREPARED + 1


WRITE = Prepared("INSERT INTO shared.claims (message_id, handler, claimed_at) VALUES (:id, :handler, now())")
SEEN = Prepared("SELECT handler FROM shared.claims WHERE message_id = :id ORDER BY handler", "handler")


@pytest.fixture
def message(sessions: Sessions) -> UUID:
    """A recorded event, which handlers can claim."""
    with transaction(sessions) as tx:
        made = OutboxMessage(name="quick.tested", payload={})
        tx.add(made)
    return made.id


def handlers(session: Session, message: UUID) -> list[str]:
    return [row.handler for row in rows(session, SEEN, {"id": message})]


def test_in_a_transaction_statements_are_a_part_of_it(sessions: Sessions, message: UUID) -> None:
    with transaction(sessions) as tx:
        assert not rows(tx, WRITE, {"id": message, "handler": "kept"})
        with sessions() as other:
            assert handlers(other, message) == []
    with sessions() as session:
        rows(session, WRITE, {"id": message, "handler": "lost"})
        session.rollback()
        assert handlers(session, message) == ["kept"]


def test_a_transaction_goes_on_after_a_part_of_it_was_taken_back(sessions: Sessions, message: UUID) -> None:
    for turn in range(8):  # often enough that the driver has prepared each statement before it must forget it
        with transaction(sessions) as tx:
            rows(tx, WRITE, {"id": message, "handler": f"{turn} kept"})
            with pytest.raises(IntegrityError), tx.begin_nested():
                rows(tx, WRITE, {"id": message, "handler": f"{turn} kept"})
            rows(tx, WRITE, {"id": message, "handler": f"{turn} then"})
            assert len(handlers(tx, message)) == 2 * turn + 2


def test_what_was_changed_before_is_seen(sessions: Sessions, message: UUID) -> None:
    name = Prepared("SELECT name FROM shared.outbox WHERE id = :id", "name")
    with transaction(sessions) as tx:
        held = tx.get_one(OutboxMessage, message)
        held.name = "quick.changed"

        assert one(tx, name, {"id": message}).name == "quick.changed"


def test_a_connection_that_is_cut_in_a_transaction_is_replaced(settings: Settings, message: UUID) -> None:
    pool = make_engine(settings.database_url, pool_size=1, application_name="quick-write")
    sessions = make_sessions(pool)
    try:
        end = Prepared("SELECT pg_terminate_backend(pg_backend_pid())", "done")
        with sessions() as session, pytest.raises(OperationalError) as failure:
            rows(session, end, {})
        assert failure.value.connection_invalidated
        with transaction(sessions) as tx:
            assert handlers(tx, message) == []
    finally:
        pool.dispose()


def test_a_glance_writes_nothing_down_and_begins_nothing(sessions: Sessions, message: UUID) -> None:
    with glance(sessions) as reader:
        idle = Prepared("SELECT count(*) AS many FROM pg_stat_activity WHERE state = 'idle in transaction'", "many")
        assert handlers(reader, message) == []
        with glance(sessions) as other:
            assert one(other, idle, {}).many == 0


def test_a_glance_begins_nothing_in_the_ordinary_way_either(pool: Engine) -> None:
    with glance(make_sessions(pool.execution_options(isolation_level="READ COMMITTED"))) as reader:
        assert reader.scalar(text("SELECT 1")) == 1
        driver = reader.connection().connection.dbapi_connection
        assert driver is not None
        assert driver.autocommit
