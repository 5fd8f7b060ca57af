"""The migrations make exactly the tables that the models describe, and can be taken back."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, text

from domain import schema
from domain.shared.db import CONTEXTS
from domain.shared.settings import ROOT, Settings


def test_the_migrations_match_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, _: kind != "schema" or name in CONTEXTS,
                "version_table_schema": "shared",
                "compare_server_default": True,
            },
        )
        assert compare_metadata(context, schema.metadata) == []


def test_the_migrations_can_be_taken_back_and_applied_again(settings: Settings) -> None:
    admin = create_engine(settings.database_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE back_and_forth"))
    try:
        engine = create_engine(admin.url.set(database="back_and_forth"))
        config = Config()
        config.set_main_option("script_location", str(ROOT / "migrations"))
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            for step in (command.upgrade, command.downgrade, command.upgrade):
                step(config, "base" if step is command.downgrade else "head")
                connection.commit()
            tables = connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = ANY(:names)"),
                                       {"names": list(CONTEXTS)})  # fmt: skip
        engine.dispose()
    finally:
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE back_and_forth WITH (FORCE)"))
        admin.dispose()
    assert tables == len(schema.metadata.tables) + 1  # and Alembic's own
