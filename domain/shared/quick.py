"""Asking quickly: statements that run often go straight to psycopg, with nothing of SQLAlchemy in between.

SQLAlchemy takes several times as long to send such a statement as the driver does. `rows` and `one` run a `Prepared` in
one of two ways. A `ReadingSession` has one connection in autocommit, on which statements are prepared under a name and
asked for by it, through libpq alone. In any other session they go by psycopg's own cursor, as a part of the session's
transaction: psycopg begins it, and knows what a rollback has made the server forget. While somebody listens to
statements (traces, and the tests and measurements that count them) all of it goes the ordinary way.
"""

from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any, cast

from psycopg import Connection as Psycopg
from psycopg import Error, NotSupportedError, OperationalError, RawCursor, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from sqlalchemy import BindParameter, Connection, Engine, Executable, PoolProxiedConnection
from sqlalchemy.dialects.postgresql import dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.sql import ClauseElement

from domain.shared.db import Sessions, reading

MOST_PREPARED = 200
"""So many statements lie prepared on a connection; one more takes the place of the oldest."""

FORGOTTEN, KNOWN = b"26000", b"42P05"
"""What the server says of a statement it does not know, as psycopg drops all there are after a ROLLBACK, and of one it
knows already. Each name is made of its text, so what is known by it is the same statement."""

_NUMBERED = dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


class Prepared:
    """A statement that is compiled once, with the order of its values; made of what `reading` takes."""

    def __init__(self, sql: str, columns: str = "", *parameters: BindParameter[Any]) -> None:
        self._compile(reading(sql, columns, *parameters), columns.split())

    @classmethod
    def of(cls, statement: Executable) -> "Prepared":
        """Make one of a statement that SQLAlchemy writes."""
        made = cls.__new__(cls)
        made._compile(statement, [column.key for column in getattr(statement, "exported_columns", ())])
        return made

    def _compile(self, statement: Executable, columns: Sequence[str]) -> None:
        self.statement = statement
        compiled = cast(ClauseElement, statement).compile(dialect=_NUMBERED)
        self.sql = str(compiled).encode()
        self.text = self.sql.decode()
        if "POSTCOMPILE" in self.text:
            raise ValueError("A list of values is passed as one array: a prepared statement has a fixed text.")
        self.values = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]
        self.fixed = {name: value for name, value in compiled.params.items() if value is not None}
        """The values that are written in the statement itself."""
        kinds = {name: bind.type.dialect_impl(_NUMBERED) for bind, name in compiled.bind_names.items()}  # type: ignore[attr-defined]
        self.writers = [kinds[name].bind_processor(_NUMBERED) for name in self.values]
        made: Any = namedtuple("Row", tuple(columns), rename=True)  # type: ignore[misc]
        self.row = made._make
        self.formats = [PyFormat.TEXT] * len(self.values)
        self.name = blake2b(self.sql, digest_size=12).hexdigest().encode()

    def given(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the values in the order of the statement, as the driver takes them."""
        values = {**self.fixed, **values} if self.fixed else values
        return [
            write(values[name]) if write else values[name]
            for name, write in zip(self.values, self.writers, strict=True)
        ]


class ReadingSession(Session):
    """A session for reading alone; all of it goes by one connection, which it holds from the first use until closed.

    What goes the ordinary way needs more around it, which is made for whoever comes first.
    """

    _link: PoolProxiedConnection | None = None
    _held: Connection | None = None

    def link(self) -> PoolProxiedConnection:
        """Return the connection as it lies in the pool; in place of one that was cut another one."""
        if self._link is not None and not self._link.is_valid:
            self.close()
        if self._link is None:
            try:
                self._link = cast(Engine, self.bind).raw_connection()
            except Error as error:
                raise DBAPIError.instance(None, None, error, Error) from error
        return self._link

    def get_bind(self, *_about: Any, **_more: Any) -> Connection:
        """Return the connection as the ordinary way wants it."""
        link = self.link()
        if self._held is None:
            made = Connection(cast(Engine, self.bind), link)
            self._held = made.execution_options(isolation_level="AUTOCOMMIT")
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


@contextmanager
def glance(sessions: Sessions) -> Iterator[Session]:
    """Open a session for reading alone: its statements travel without BEGIN and COMMIT."""
    with ReadingSession(sessions.kw["bind"], autoflush=False) as session:
        yield session


def rows(session: Session, statement: Prepared, values: Mapping[str, Any]) -> Sequence[Any]:
    """Return the rows of a statement with these values, each a tuple that knows its columns' names."""
    if isinstance(session, ReadingSession):
        if not cast(Engine, session.bind).dispatch.before_cursor_execute:
            return _rows(session, statement, values)
        connection = session.get_bind()
    else:
        session.flush()  # what was changed before is seen by the statement, as it is in the ordinary way
        connection = session.connection()
        if not connection.dispatch.before_cursor_execute:
            return _in_transaction(connection, statement, values)
    result = connection.execute(statement.statement, values)
    return result.all() if result.returns_rows else ()


def one(session: Session, statement: Prepared, values: Mapping[str, Any]) -> Any:
    """Return the first row of a statement with these values, or None."""
    found = rows(session, statement, values)
    return found[0] if found else None


def _in_transaction(connection: Connection, statement: Prepared, values: Mapping[str, Any]) -> Sequence[Any]:
    link = connection.connection
    raw = cast(Psycopg, link.dbapi_connection)
    cursor: RawCursor[Any] = link.info.get(RawCursor) or link.info.setdefault(RawCursor, RawCursor(raw))
    try:
        cursor.execute(statement.sql, statement.given(values))
        if cursor.pgresult is None or not cursor.pgresult.nfields:
            return ()
        return [statement.row(row) for row in cursor.fetchall()]
    except Error as error:
        if raw.closed:
            connection.invalidate(error)
        raise _as_sqlalchemy(error, statement, lost=raw.closed) from error


def _as_sqlalchemy(error: Error, statement: Prepared, *, lost: bool) -> Exception:
    return cast(
        Exception,
        DBAPIError.instance(
            statement.text, None, error, Error, hide_parameters=True, connection_invalidated=lost
        ),
    )  # fmt: skip


def _rows(session: ReadingSession, statement: Prepared, values: Mapping[str, Any]) -> Sequence[Any]:
    link = session.link()
    raw = cast(Psycopg, link.dbapi_connection)
    try:
        adapter, known = link.info.get(Prepared) or link.info.setdefault(Prepared, (Transformer(raw), {}))
        given = adapter.dump_sequence(statement.given(values), statement.formats)
        result = _asked(raw.pgconn, statement, given, known)
        if _state(result) == FORGOTTEN:
            del known[statement.name]  # and no other: some may have been told since
            result = _asked(raw.pgconn, statement, given, known)
        adapter.set_pgresult(_checked(result))
        found: list[tuple[Any, ...]] = adapter.load_rows(0, result.ntuples, statement.row)
        return found
    except Error as error:
        # It is cut, or knows the statement for a table that has changed since: the next one is told anew.
        lost = isinstance(error, OperationalError | NotSupportedError)
        if lost:
            link.invalidate(error)
        raise _as_sqlalchemy(error, statement, lost=lost) from error


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
