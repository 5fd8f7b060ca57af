"""Indexes that are made and dropped while the shop sells: alone in their revision, and ready to be run again.

An index made concurrently cannot be part of a transaction. Where making it fails, because a lock was waited for too
long or values are not unique, an index remains that is not valid and the revision does not count as run; so each is
dropped before it is made, and nothing else stands in the revision that could not be run twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import op

_PATIENCE = "10min"
"""Nobody waits behind an index that is made concurrently; it waits for the transactions that are under way."""


@contextmanager
def unhurried() -> Iterator[None]:
    """Run what follows outside a transaction, and let it wait for longer than other migrations may."""
    with op.get_context().autocommit_block():
        op.execute("SELECT set_config('shop.lock_timeout', current_setting('lock_timeout'), false)")
        op.execute(f"SET lock_timeout = '{_PATIENCE}'")
        yield
        op.execute("SELECT set_config('lock_timeout', current_setting('shop.lock_timeout'), false)")


def make(name: str, table: str, columns: list[Any], *, schema: str, **options: Any) -> None:
    """Make an index; what an attempt before has left behind goes first."""
    drop(name, table, schema=schema)
    op.create_index(name, table, columns, schema=schema, postgresql_concurrently=True, **options)


def drop(name: str, table: str, *, schema: str) -> None:
    """Drop an index, if it is there."""
    op.drop_index(name, table, schema=schema, postgresql_concurrently=True, if_exists=True)
