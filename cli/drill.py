"""`./shop drill`: prove that the shop comes back from a backup.

It writes a backup of the live database, which goes on selling meanwhile; starts a PostgreSQL that has nothing, as after
a total loss; restores the backup there; compares every table with what the live one held at the moment of the backup;
and audits the books. The restored server is thrown away in the end, the backup kept only if asked for.
"""

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

import domain.schema  # noqa: F401 - so that every table is known
from cli.audit.command import audit
from cli.embedded import embedded_postgres
from cli.embedded.postgres import binary
from cli.errors import CliError
from domain.shared.db import CONTEXTS, Base
from domain.shared.settings import Settings

Say = Callable[[str], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keep the backup there, for pg_restore")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Drill, and return 0 if what came back is what there was."""
    if args.keep and args.keep.exists():
        raise CliError(f"{args.keep} is there already", "Name a file that is not")
    with tempfile.TemporaryDirectory(prefix="cornershop-drill-") as place:
        file = args.keep or Path(place) / "shop.dump"
        found = drill(settings.database_url, file, Path(place) / "lost", print)
    for wrong in found:
        print(f"BAD  {wrong}")
    print("Everything came back." if not found else f"{len(found)} things did not come back as they were.")
    return 1 if found else 0


def drill(url: str, file: Path, place: Path, say: Say) -> list[str]:
    """Back a database up into a file, restore it on a server made under `place`, and return what differs."""
    started = time.monotonic()
    before = back_up(url, file)
    say(f"Backed up {sum(before.values()):,} rows of {len(before)} tables: {file.stat().st_size / 1e6:.1f} MB "
        f"in {time.monotonic() - started:.1f} s.")  # fmt: skip
    started = time.monotonic()
    with embedded_postgres(place) as empty:
        restore(empty, file)
        say(f"Restored on a new server in {time.monotonic() - started:.1f} s, its start included.")
        with _connect(empty) as connection:
            after = _rows(connection)
            wrong = [f"{name}: {before[name]} rows before, {after.get(name, 0)} after" for name in before
                     if before[name] != after.get(name)]  # fmt: skip
            books = audit(connection, grace=10**9)
            wrong += [f"{promise}: {where}: {what}" for promise, rows in books.items() for where, what in rows]
            say(f"Audited the books: {len(books)} checks.")
    return wrong


def back_up(url: str, file: Path) -> dict[str, int]:
    """Write a backup of one moment, and return how many rows each table had at that moment."""
    with _connect(url) as connection:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        _program("pg_dump", url, "--format=custom", f"--snapshot={snapshot}", f"--file={file}",
                 *(f"--schema={context}" for context in CONTEXTS), "--extension=*")  # fmt: skip
        return _rows(connection)


def restore(url: str, file: Path) -> None:
    """Restore a backup into an empty database; raises CliError at the first thing that does not fit."""
    _program("pg_restore", url, "--exit-on-error", "--no-owner", "--dbname", _plain(url), str(file), dbname=False)


def _rows(connection: Connection) -> dict[str, int]:
    names = [f"{table.schema}.{table.name}" for table in Base.metadata.sorted_tables]
    return {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in names}  # noqa: S608


def _connect(url: str) -> Connection:
    return create_engine(url, poolclass=NullPool).connect()


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _program(name: str, url: str, *words: str, dbname: bool = True) -> None:
    argv = [str(binary(name)), *words, *(["--dbname", _plain(url)] if dbname else [])]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CliError(f"{name} failed ({last})", "Check the room on the disk, and that the server is no newer than 18")
