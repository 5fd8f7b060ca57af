"""What workers do of an import: some of it in each job, so that none takes long and orders never wait behind it."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalog.events import ImportAsked, PicturesWanted
from domain.catalog.imports import run, wanted
from domain.catalog.imports.format import Shop
from domain.catalog.media import NoSuchFile, Storage, make_storage
from domain.catalog.models.imports import COMING, READING, UNDER_WAY, ImportPiece, ProductImport
from domain.shared.db import Sessions, make_engine, make_sessions, transaction
from domain.shared.handlers import Outside
from domain.shared.outbox import record
from domain.shared.preferences import in_force
from domain.shared.settings import Settings

SECONDS = 20.0
"""How long one job goes on with an import before it leaves the rest to the next one."""


@dataclass(frozen=True)
class CarriedOn:
    """How far a job came."""

    import_id: UUID
    finished: bool


def _find(session: Session, event: ImportAsked) -> UUID | None:
    found = session.get(ProductImport, event.import_id)
    return found.id if found is not None and found.state in UNDER_WAY | {COMING} else None


def _carry_on(import_id: UUID, settings: Settings) -> CarriedOn:
    engine = make_engine(settings.database_url, pool_size=2, application_name="cornershop-import")
    try:
        sessions = make_sessions(engine)
        return carry_on(sessions, import_id, in_force(sessions, settings))
    finally:
        engine.dispose()


def carry_on(sessions: Sessions, import_id: UUID, settings: Settings, *, seconds: float = SECONDS) -> CarriedOn:
    """Go on with an import for a while; safe to repeat, as each batch says how far it came."""
    shop, storage = Shop(settings.currency, settings.zone), make_storage(settings)
    means = run.Means(shop=shop, has_file=_holds(storage), until=time.monotonic() + seconds)
    with sessions() as reader:
        state = reader.get_one(ProductImport, import_id).state
    if state in (COMING, READING):
        with tempfile.TemporaryFile() as file:
            _put_together(sessions, import_id, file)
            if not run.read(sessions, import_id, file, means):
                return CarriedOn(import_id, finished=False)
    return CarriedOn(import_id, run.go_on(sessions, import_id, means))


def _put_together(sessions: Sessions, import_id: UUID, file: BinaryIO) -> None:
    number = 0
    while True:
        with transaction(sessions) as tx:
            which = select(ImportPiece.data).where(ImportPiece.import_id == import_id, ImportPiece.number == number)
            data = tx.scalar(which)
        if data is None:
            return
        file.write(data)
        number += 1


def _holds(storage: Storage) -> Callable[[str], bool]:
    def has(key: str) -> bool:
        try:
            storage.open(key).close()
        except NoSuchFile:
            return False
        return True

    return has


def _ask_again(session: Session, done: CarriedOn) -> None:
    if not done.finished:
        record(session, ImportAsked(import_id=done.import_id))


def _take(session: Session, _event: PicturesWanted) -> list[wanted.Wanted] | None:
    return wanted.take_wanted(session)


def _fetch(some: list[wanted.Wanted], settings: Settings) -> list[wanted.Outcome]:
    return wanted.fetch_wanted(some, make_storage(settings))


carry_on_import = Outside("catalog.carry_on_import", _find, _carry_on, _ask_again)
"""On ImportAsked: read, look through or write some of the import, and ask again for the rest."""

fetch_pictures = Outside("catalog.fetch_pictures", _take, _fetch, wanted.settle_wanted)
"""On PicturesWanted: fetch a few pictures, and ask again while there are more."""
