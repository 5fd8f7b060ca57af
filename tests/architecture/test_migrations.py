"""The migrations make exactly the tables that the models describe, can be taken back, and disturb nobody."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text

from domain import schema
from domain.shared.db import CONTEXTS
from domain.shared.settings import ROOT, Settings
from migrations.concurrently import make, unhurried
from migrations.locks import FIRST_CHECKED, troubles
from migrations.released import recorded
from migrations.steps import fill


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


def migrations() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config)


def test_no_migration_makes_shoppers_wait_or_breaks_the_version_before() -> None:
    steps = [step for step in list(migrations().walk_revisions())[::-1] if step.revision >= FIRST_CHECKED]
    run = [step.module.upgrade for step in steps]

    found = [troubles(step.revision, run[number], run[:number]) for number, step in enumerate(steps)]

    assert [trouble for troubled in found for trouble in troubled] == []


def test_an_index_that_failed_is_made_when_the_migration_is_run_again(engine: Engine) -> None:
    """A transaction under way makes the first attempt give up; the index that is left is not valid, and made again."""
    valid = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('catalog.ix_again')")
    with engine.connect() as other, engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '7s'"))
        connection.commit()
        context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})

        def attempt(patience: str) -> None:
            with context.begin_transaction(_per_migration=True), Operations.context(context), unhurried():
                op.execute(f"SET lock_timeout = '{patience}'")
                make("ix_again", "products", ["title"], schema="catalog")

        other.execute(text("LOCK TABLE catalog.products IN ROW EXCLUSIVE MODE"))
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            attempt("100ms")
        connection.rollback()
        left_behind = connection.scalar(valid)
        other.rollback()
        connection.execute(text("SET lock_timeout = '7s'"))
        connection.commit()
        attempt("1min")
        mended, patience = connection.scalar(valid), connection.scalar(text("SHOW lock_timeout"))
        connection.execute(text("DROP INDEX catalog.ix_again"))
        connection.commit()

    assert (left_behind, mended, patience) == (False, True, "7s")


def test_rows_are_filled_in_steps_that_end_before_the_next_begins(engine: Engine) -> None:
    """What a failed attempt has done is kept, and the next goes on from there."""
    with engine.connect() as other, engine.connect() as connection:
        connection.execute(text("CREATE TABLE shared.filled AS SELECT n, NULL::int AS x FROM generate_series(1, 7) n"))
        connection.execute(text("SET lock_timeout = '100ms'"))
        connection.commit()
        context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})

        def attempt() -> int:
            with context.begin_transaction(_per_migration=True), Operations.context(context):
                return fill("shared.filled", "x = 2 * n", where="x IS NULL", rows=3)

        other.execute(text("SELECT FROM shared.filled WHERE n = 5 FOR UPDATE"))
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            attempt()
        connection.rollback()
        kept = connection.scalars(text("SELECT n FROM shared.filled WHERE x IS NOT NULL ORDER BY n")).all()
        other.rollback()
        connection.rollback()
        done = attempt(), attempt()
        filled = connection.scalars(text("SELECT x FROM shared.filled ORDER BY n")).all()
        connection.execute(text("DROP TABLE shared.filled"))
        connection.execute(text("RESET lock_timeout"))
        connection.commit()

    assert kept == [1, 2, 3]
    assert done == (4, 0)
    assert filled == [2, 4, 6, 8, 10, 12, 14]


TRADE = """
import sys
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session
from domain import schema
from domain.shared.db import Base
from tests.factories.orders import make_order, pay
from tests.factories.catalog import make_product
with create_engine(sys.argv[1]).connect() as connection, Session(connection) as session:
    for change in sys.argv[2:]:
        session.execute(text(change))
    for mapper in Base.registry.mappers:
        session.execute(select(mapper.class_).limit(1))
    order = make_order(session)
    pay(session, getattr(order, "order_id", order))
    session.flush()
    print("traded")
"""


@pytest.fixture(scope="module")
def version_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code as it was before the newest migration was added, out of the history."""

    def git(*words: str) -> bytes:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)  # noqa: S603, S607
        if done.returncode != 0:
            pytest.skip("the history is not here, so the version before cannot be had")
        return done.stdout

    head = migrations().get_revision("head")
    assert head is not None
    added = git("log", "--format=%H", "--diff-filter=A", "--", str(Path(head.path).relative_to(ROOT))).split()
    if not added:
        pytest.skip("the newest migration is not committed yet")
    archive = git("archive", f"{added[-1].decode()}^", "domain", "migrations", "tests", "cli")
    place = tmp_path_factory.mktemp("before")
    subprocess.run(["tar", "-x", "-C", str(place)], input=archive, check=True)  # noqa: S603, S607
    assert not (place / Path(head.path).relative_to(ROOT)).exists(), "it is really the one before"
    return place


def trade(version: Path, settings: Settings, *changes: str) -> tuple[str, str]:
    """Have a version sell on the present schema, or on one with changes; return what it said. Nothing is kept."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", TRADE, settings.database_url, *changes],
        cwd=version, env={"PYTHONPATH": str(version), "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.strip(), done.stderr


def test_the_version_before_trades_on_the_new_schema(version_before: Path, settings: Settings) -> None:
    """It reads every table and sells, on the schema of now."""
    said, trouble = trade(version_before, settings)

    assert said == "traded", trouble


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("ALTER TABLE reviews.reviews RENAME COLUMN written_at TO said_at", "reviews.written_at does not exist"),
        ("ALTER TABLE orders.orders ADD COLUMN mood text NOT NULL", 'null value in column "mood"'),
        ("ALTER TABLE payments.payments ADD CONSTRAINT never CHECK (false) NOT VALID", 'constraint "never"'),
    ],
)
def test_the_version_before_would_notice(version_before: Path, settings: Settings, change: str, complaint: str) -> None:
    """A schema that breaks it is found: in what it only reads, in what it writes, and in what it cannot know."""
    said, trouble = trade(version_before, settings, change)

    assert said == ""
    assert complaint in trouble


def missed_by_the_release_before(connection: Connection) -> list[str]:
    """Return the tables that the recorded release cannot read or write as the schema is now, and why."""
    new = text(
        "SELECT table_schema || '.' || table_name AS name, array_agg(column_name::text) AS columns"
        " FROM information_schema.columns WHERE is_nullable = 'NO' AND column_default IS NULL"
        " AND is_identity = 'NO' AND is_generated = 'NEVER' AND table_schema = ANY(:schemas) GROUP BY 1"
    )
    needed = {row.name: set(row.columns) for row in connection.execute(new, {"schemas": list(CONTEXTS)})}
    found = []
    for table, columns in recorded()["tables"].items():
        names = ", ".join(f'"{name}"' for name in columns)
        as_typed = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in columns.items())
        # Planned, not run: a column that is gone or of another type is refused, and nothing is written.
        insert = f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {as_typed}"
        try:
            for statement in (f"SELECT {names} FROM {table}", insert):  # noqa: S608 - likewise
                with connection.begin_nested():
                    connection.execute(text(f"EXPLAIN {statement}"))
        except sa.exc.ProgrammingError as refusal:
            found.append(f"{table}: {str(refusal.orig).splitlines()[0]}")
        found += [f"{table}: it does not know {name}" for name in sorted(needed.get(table, set()) - set(columns))]
    return found


def test_the_release_before_reads_and_writes_on_the_new_schema(engine: Engine) -> None:
    """Each table as the recorded release knows it: every column is read, and a row of these columns alone goes in."""
    with engine.connect() as connection:
        assert missed_by_the_release_before(connection) == []


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ("DROP COLUMN email CASCADE", 'orders.orders: column "email" does not exist'),
        ("ALTER COLUMN email TYPE integer USING 0", 'orders.orders: column "email" is of type integer'),
        ("ADD COLUMN mood text NOT NULL", "orders.orders: it does not know mood"),
        ("SET SCHEMA shared", 'orders.orders: relation "orders.orders" does not exist'),
    ],
)
def test_what_the_release_before_would_miss_is_found(engine: Engine, change: str, missed: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(f"ALTER TABLE orders.orders {change}"))
        found = missed_by_the_release_before(connection)
        connection.rollback()

    assert [line[: len(missed)] for line in found] == [missed]


def test_the_record_of_the_release_is_no_newer_than_the_code() -> None:
    assert migrations().get_revision(recorded()["revision"]) is not None
