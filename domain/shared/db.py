"""The database: engine, session, base classes, transactions and the one way to lock a row."""

import select as select_io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, TypeVar
from uuid import UUID

from psycopg import Column, Cursor
from sqlalchemy import (
    BindParameter,
    DateTime,
    Engine,
    MetaData,
    Select,
    TextualSelect,
    bindparam,
    column,
    create_engine,
    event,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, Session, mapped_column, sessionmaker
from uuid_utils.compat import uuid7

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

CONTEXTS = (
    "shared", "users", "catalog", "cart", "wishlist", "promotions", "payments", "orders", "reviews", "recommendations",
    "notifications", "analytics",
)  # fmt: skip
"""The PostgreSQL schemas, one for each context that owns tables."""


def utcnow() -> datetime:
    """Return the present moment, with its time zone."""
    return datetime.now(UTC)


class Base(MappedAsDataclass, DeclarativeBase):
    """The root of every table; a table names its schema, which is its context."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own declaration
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(none_as_null=True),
        dict[str, str]: JSONB(none_as_null=True),
        list[dict[str, Any]]: JSONB(none_as_null=True),
    }


class Entity(Base, kw_only=True):
    """A row with an identity of its own: a time-ordered id and the moment it was made."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    created_at: Mapped[datetime] = mapped_column(default_factory=utcnow)


class _Columns(Sequence[Column]):
    """The columns of a result, made when somebody looks: of a statement that ran before, SQLAlchemy knows them."""

    def __init__(self, cursor: "LightCursor", count: int) -> None:
        self._cursor, self._count = cursor, count
        self._made: Sequence[Any] = ()

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        if not self._made:
            self._made = Cursor.description.__get__(self._cursor) or ()
        return self._made[index]


class LightCursor(Cursor[Any]):
    """psycopg's cursor, which does not describe every column of every result anew."""

    @property
    def description(self) -> Any:
        """The columns of the present result, or None without one."""
        result = self.pgresult
        return _Columns(self, result.nfields) if result and result.nfields else super().description


def make_engine(
    url: str,
    *,
    pool_size: int = 5,
    max_overflow: int = 0,
    application_name: str = "cornershop",
    autocommit: bool = False,
    statement_timeout: int | None = None,
) -> Engine:
    """Make an engine whose pool is bounded, so that processes times threads never exceed what the server admits.

    With `autocommit` a statement outside an explicit transaction travels alone, without BEGIN and ROLLBACK: for apps
    that read much more than they write.
    """
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=10,
        # What people typed stays out of error messages, and so out of the log.
        hide_parameters=True,
        connect_args={"application_name": application_name, "connect_timeout": 5, "cursor_factory": LightCursor},
        # Where nothing was begun there is nothing to roll back when a connection returns to the pool.
        skip_autocommit_rollback=True,
        **({"isolation_level": "AUTOCOMMIT"} if autocommit else {}),
    )
    event.listen(engine, "checkout", _drop_if_closed)
    if statement_timeout is not None:
        event.listen(engine, "connect", partial(_serve_pages, statement_timeout))
    return engine


def _serve_pages(seconds: int, connection: Any, _record: Any) -> None:
    """Let the server give up on a statement that takes longer, once for each new connection.

    And have each look through a large table begin at its beginning: where only so many of too many answers are taken,
    the next page would otherwise be of others.
    """
    before, connection.autocommit = connection.autocommit, True
    connection.execute(f"SET statement_timeout = '{int(seconds)}s'; SET synchronize_seqscans = off")
    connection.autocommit = before


def _drop_if_closed(connection: Any, _record: Any, _proxy: Any) -> None:
    """Replace a pooled connection that the server has closed, as after a restart.

    A server that goes away leaves something to read on the socket. Looking there costs microseconds; asking it with
    a statement, as `pool_pre_ping` does, costs a third of a page.
    """
    if connection.closed:
        raise InvalidatePoolError
    poll = select_io.poll()
    poll.register(connection.fileno(), select_io.POLLIN)
    if poll.poll(0):
        raise InvalidatePoolError


Sessions = sessionmaker[Session]


def make_sessions(engine: Engine) -> Sessions:
    """Make the factory of sessions; objects stay readable after the commit, so pages render without new queries."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(sessions: Sessions) -> Iterator[Session]:
    """Open a session, commit at the end of the block, roll back if it raises; only edges call this."""
    with sessions() as session, session.begin():
        yield session


def reading(sql: str, columns: str, *parameters: BindParameter[Any]) -> TextualSelect:
    """Make a statement of SQL whose result has these columns, in this order, their names with blanks between them.

    Undeclared, SQLAlchemy works the columns of a text out of each result anew, which takes longer than most rows.
    """
    return text(sql).bindparams(*parameters).columns(*(column(name) for name in columns.split()))


T = TypeVar("T", bound=Base)


def lock(session: Session, model: type[T], ids: Sequence[Any], *options: Any) -> list[T]:
    """Lock rows for update in the order of their keys and return them as they now are, in that order.

    The rows are read again even if the session holds them: without that a lock returns what was read before it.
    Rows that do not exist are left out; eager-load options are passed on and lock only the named table.
    """
    return list(session.scalars(_locking(model, options), {"ids": sorted(set(ids))}).unique())


@lru_cache(maxsize=256)
def _locking(model: type[T], options: tuple[Any, ...]) -> Select[T]:
    """Build a lock's statement, once for each model and options that are themselves made once."""
    key = model.__mapper__.primary_key[0]
    return (
        select(model)
        .where(key.in_(bindparam("ids", expanding=True)))
        .order_by(key)
        .options(*options)
        .with_for_update(of=model)
        .execution_options(populate_existing=True)
    )


def lock_one(session: Session, model: type[T], id_: Any, *options: Any) -> T | None:
    """Lock one row for update and return it as it now is, or None."""
    rows = lock(session, model, [id_], *options)
    return rows[0] if rows else None


def take_turns(session: Session, over: str) -> None:
    """Let one transaction at a time go on from here to its end, of all that name the same thing.

    For what no single row stands for; a row is locked by `lock`.
    """
    session.execute(_TAKE_TURNS, {"over": over})


_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtextextended(:over, 0))")
