"""Reading quickly: statements that run often are prepared under a name and asked for by it, straight through libpq.

SQLAlchemy and psycopg's cursor take several times as long to send such a statement as libpq alone does. So a
`ReadingSession` takes one connection in autocommit, and `rows` runs a `Prepared` on it with nothing in between. In any
other session the same statement goes the ordinary way, as it does while somebody listens to statements: traces, and
the tests and measurements that count them.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, cast

from psycopg import Connection as Psycopg
from psycopg import Error, NotSupportedError, OperationalError, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from sqlalchemy import Connection, Engine, PoolProxiedConnection
from sqlalchemy.dialects.postgresql import dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from domain.shared.db import reading

MOST_PREPARED = 200
"""So many statements lie prepared on a connection; one more takes the place of the oldest."""

FORGOTTEN, KNOWN = b"26000", b"42P05"
"""What the server says of a statement it does not know, as psycopg drops all there are after a ROLLBACK, and of one it
knows already. Each name is made of its text, so what is known by it is the same statement."""

_NUMBERED = dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


class Prepared:
    """A reading statement of SQL with the names of its columns, as `reading` takes them, made once."""

    def __init__(self, sql: str, columns: str) -> None:
        self.statement = reading(sql, columns)
        compiled = self.statement.compile(dialect=_NUMBERED)
        self.sql = str(compiled).encode()
        self.values = tuple(compiled.positiontup or ())
        self.formats = [PyFormat.TEXT] * len(self.values)
        self.name = blake2b(self.sql, digest_size=12).hexdigest().encode()


class ReadingSession(Session):
    """A session for reading alone; all of it goes by one connection, which it holds from the first use until closed.

    What goes the ordinary way needs more around it, which is made for whoever comes first.
    """

    _link: PoolProxiedConnection | None = None
    _held: Connection | None = None

    def link(self) -> PoolProxiedConnection:
        """Return the connection as it lies in the pool."""
        if self._link is None:
            try:
                self._link = cast(Engine, self.bind).raw_connection()
            except Error as error:
                raise DBAPIError.instance(None, None, error, Error) from error
        return self._link

    def get_bind(self, *_about: Any, **_more: Any) -> Connection:
        """Return the connection as the ordinary way wants it."""
        if self._held is None:
            self._held = Connection(cast(Engine, self.bind), self.link())
        return self._held

    def close(self) -> None:
        """Give the connection back."""
        if self.in_transaction():  # else nothing has gone the ordinary way, and there is nothing to end
            super().close()
        if self._held is not None:
            self._held.close()
        elif self._link is not None:
            self._link.close()
        self._held = self._link = None


def reading_sessions(engine: Engine) -> sessionmaker[ReadingSession]:
    """Make the factory of an engine's reading sessions; its connections must be in autocommit."""
    return sessionmaker(engine, class_=ReadingSession, expire_on_commit=False, autoflush=False)


def rows(session: Session, statement: Prepared, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    """Return the rows of a statement with these values."""
    if isinstance(session, ReadingSession) and not cast(Engine, session.bind).dispatch.before_cursor_execute:
        return _rows(session, statement, values)
    return session.execute(statement.statement, values).all()


def _rows(session: ReadingSession, statement: Prepared, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    link = session.link()
    raw = cast(Psycopg, link.dbapi_connection)
    try:
        adapter, known = link.info.get(Prepared) or link.info.setdefault(Prepared, (Transformer(raw), {}))
        given = adapter.dump_sequence([values[name] for name in statement.values], statement.formats)
        result = _asked(raw.pgconn, statement, given, known)
        if _state(result) == FORGOTTEN:
            del known[statement.name]  # and no other: some may have been told since
            result = _asked(raw.pgconn, statement, given, known)
        adapter.set_pgresult(_checked(result))
        found: list[tuple[Any, ...]] = adapter.load_rows(0, result.ntuples, tuple)
        return found
    except Error as error:
        # It is cut, or knows the statement for a table that has changed since: the next one is told anew.
        lost = isinstance(error, OperationalError | NotSupportedError)
        if lost:
            session.get_bind().invalidate(error)
        sql = statement.sql.decode()
        raise DBAPIError.instance(
            sql, None, error, Error, hide_parameters=True, connection_invalidated=lost
        ) from error  # fmt: skip


def _asked(
    server: pq.abc.PGconn, statement: Prepared, given: Sequence[Any], known: dict[bytes, None]
) -> pq.abc.PGresult:
    if statement.name not in known:
        if len(known) >= MOST_PREPARED:
            oldest = next(iter(known))
            _checked(server.exec_(b'DEALLOCATE "' + oldest + b'"'), but=FORGOTTEN)
            del known[oldest]
        _checked(server.prepare(statement.name, statement.sql), but=KNOWN)
        known[statement.name] = None
    return server.exec_prepared(statement.name, given)


def _checked(result: pq.abc.PGresult, but: bytes = b"") -> pq.abc.PGresult:
    if result.status not in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        state = _state(result)
        if not state:  # the server has said nothing: it is not there
            raise OperationalError(result.get_error_message())
        if state != but:
            raise error_from_result(result)
    return result


def _state(result: pq.abc.PGresult) -> bytes | None:
    return result.error_field(pq.DiagnosticField.SQLSTATE)
