"""How Alembic reaches the database: a connection handed over by the caller, one schema per context."""

from alembic import context
from sqlalchemy import Connection, text

from domain.schema import metadata
from domain.shared.db import CONTEXTS


def include_name(name: str | None, type_: str, _parents: object) -> bool:
    """Look at the shop's own schemas only."""
    return type_ != "schema" or name in CONTEXTS


def run(connection: Connection) -> None:
    """Run the migrations on this connection; the bookkeeping table lives in the shared schema."""
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS shared"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_schemas=True,
        include_name=include_name,
        version_table_schema="shared",
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    _watch(connection)


def _watch(connection: Connection) -> None:
    """Let the audit log hear of the tables that these migrations have made."""
    if connection.scalar(text("SELECT to_regprocedure('shared.watch_tables()')")):
        connection.execute(text("SELECT shared.watch_tables()"))
    connection.commit()


run(context.config.attributes["connection"])
