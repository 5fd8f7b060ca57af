"""`./shop export`: everything a merchant owns, as JSON Lines: a folder, an archive, or the products alone.

All of it is read in one snapshot, so orders, stock and customers are of the same moment; and a piece at a time, so a
large shop takes no more memory than a small one.
"""

import argparse
import contextlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import text
from sqlalchemy.orm import Session

from cli.errors import CliError
from cli.exports.kinds import KINDS
from cli.imports.archive import MEDIA, PRODUCTS
from domain.catalog.media import NoSuchFile, Storage, make_storage
from domain.catalog.queries.export import exported_products
from domain.shared.db import make_engine, make_sessions
from domain.shared.preferences import in_force
from domain.shared.settings import Settings

FORMAT = 1
FETCH = 500
Open = Callable[[str], contextlib.AbstractContextManager[TextIO]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("path", type=Path, help="a folder; NAME.zip for an archive; NAME.jsonl for the products alone")
    parser.add_argument("--pictures", action="store_true", help="take the pictures' files along too")
    parser.add_argument("--force", action="store_true", help="write over what is there")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write everything out; what is there already is left alone unless it is to be written over."""
    path: Path = args.path
    if path.exists() and (path.is_file() or any(path.iterdir())) and not args.force:
        raise CliError(f"{path} is there already", "Choose another name, or add --force")
    storage = make_storage(settings)
    engine = make_engine(settings.database_url, pool_size=1, application_name="cornershop-export")
    try:
        settings = in_force(make_sessions(engine), settings)
        with (
            engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
            Session(connection) as session,
        ):
            session.execute(text("SET TRANSACTION READ ONLY"))
            counts = _write(session, path, settings, storage if args.pictures else None)
    finally:
        engine.dispose()
    print(f"  {path}: " + ", ".join(f"{count:,} {kind.replace('_', ' ')}" for kind, count in counts.items()) + ".")
    return 0


def _write(session: Session, path: Path, settings: Settings, storage: Storage | None) -> dict[str, int]:
    keys: set[str] = set()
    if path.suffix == ".jsonl":
        with path.open("w", encoding="utf-8") as file:
            return {"products": _products(session, file, settings, keys)}
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            counts = _everything(session, lambda name: _entry(archive, name), settings, keys)
            for key, data in _pictures(storage, keys):
                archive.writestr(MEDIA + key, data, zipfile.ZIP_STORED)
                counts["pictures"] = counts.get("pictures", 0) + 1
        return counts
    path.mkdir(parents=True, exist_ok=True)
    counts = _everything(session, lambda name: (path / name).open("w", encoding="utf-8"), settings, keys)
    for key, data in _pictures(storage, keys):
        (path / MEDIA).mkdir(exist_ok=True)
        (path / MEDIA / key).write_bytes(data)
        counts["pictures"] = counts.get("pictures", 0) + 1
    return counts


@contextlib.contextmanager
def _entry(archive: zipfile.ZipFile, name: str) -> Iterator[TextIO]:
    with archive.open(name, "w", force_zip64=True) as raw, io.TextIOWrapper(raw, encoding="utf-8") as file:
        yield file


def _everything(session: Session, open_file: Open, settings: Settings, keys: set[str]) -> dict[str, int]:
    with open_file(PRODUCTS) as file:
        counts = {"products": _products(session, file, settings, keys)}
    for kind, statement in KINDS.items():
        with open_file(f"{kind}.jsonl") as file:
            rows = session.execute(text(statement).execution_options(yield_per=FETCH)).scalars()
            counts[kind] = _lines(file, rows)
    with open_file("about.json") as file:
        about = {"format": FORMAT, "shop": settings.name, "currency": settings.currency, "country": settings.country,
                 "locale": settings.locale, "timezone": settings.timezone, "address": list(settings.address),
                 "prices_include_tax": settings.prices_include_tax, "tax_number": settings.tax_number,
                 "written_at": datetime.now(UTC).isoformat(timespec="seconds"), "counts": counts}  # fmt: skip
        json.dump(about, file, indent=2, ensure_ascii=False)
    return counts


def _products(session: Session, file: TextIO, settings: Settings, keys: set[str]) -> int:
    def noted() -> Iterator[dict[str, Any]]:
        for product in exported_products(session, currency=settings.currency, base=settings.storefront_url):
            keys.update(one["key"] for picture in product["pictures"] for one in picture["stored"]["derivatives"])
            yield product

    return _lines(file, noted())


def _lines(file: TextIO, rows: Any) -> int:
    count = 0
    for row in rows:
        file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
        count += 1
    return count


def _pictures(storage: Storage | None, keys: set[str]) -> Iterator[tuple[str, bytes]]:
    for key in sorted(keys) if storage else ():
        assert storage is not None
        with contextlib.suppress(NoSuchFile), storage.open(key) as file:
            yield key, file.read()
