"""An import from its file to the shop, batch by batch: each is one transaction that also says how far it came.

So whoever is interrupted, or has no more time, leaves a shop that is whole, and the next one goes on from there.
"""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchImport, TakenSlug
from domain.catalog.events import ImportAsked, PicturesWanted, ProductsImported
from domain.catalog.imports import stage
from domain.catalog.imports.apply import Write, refresh_lists
from domain.catalog.imports.draft import DraftProduct
from domain.catalog.imports.format import Shop
from domain.catalog.imports.known import hold_known
from domain.catalog.imports.notes import REFUSED, BadValue, Notes
from domain.catalog.imports.places import read_places
from domain.catalog.imports.plan import STOCK_OF_ALL, Change, Rules, plan
from domain.catalog.imports.reading import FORMATS, Source, recognise
from domain.catalog.models.imports import (
    COMING,
    DONE,
    LOOKED,
    LOOKING,
    READING,
    STOPPED,
    UNDER_WAY,
    WRITING,
    ImportNote,
    ImportPiece,
    ImportRow,
    ProductImport,
)
from domain.shared.audit import Deed, begin_audit, leave_rows_out, who_did
from domain.shared.db import Sessions, lock_one, transaction, utcnow
from domain.shared.outbox import record

ROWS, PRODUCTS = 2_000, 250
"""How many rows are read, and how many products written, in one transaction."""
_ANALYZE = text("ANALYZE catalog.products, catalog.variants, catalog.stock, catalog.listings")
WORTH_ANALYZING = 1_000

ASKED_BY, FINISHED = ("imports.upload", "imports.start", "imports.go_on"), "imports.finish"
"""In the log of deeds: what asks for an import, and what a worker notes at its end."""

Report = Callable[[str, int, int], None]
"""Called with the step, how far it is and, where that is known, of how much."""


@dataclass(frozen=True)
class Means:
    """What taking products in needs beside the database; `has_file` says whether a picture's file is stored."""

    shop: Shop
    has_file: Callable[[str], bool] = lambda key: False
    report: Report = lambda step, done, of: None
    until: float = float("inf")

    def is_over(self) -> bool:
        """Say whether the time is up, by the monotonic clock."""
        return time.monotonic() >= self.until


def begin(session: Session, *, file_name: str, by: str, rules: Rules, mark: str = "") -> UUID:
    """Note that a file comes in; `mark` is a digest of it, by which an interrupted import is found again."""
    options = {**asdict(rules), "mark": mark}
    made = ProductImport(file_name=file_name[-200:], by=by, options=options)
    session.add(made)
    session.flush()
    return made.id


def rules_of(options: dict[str, Any]) -> Rules:
    """Return what the merchant asked of an import."""
    return Rules(**{field.name: options[field.name] for field in fields(Rules) if field.name in options})


def read(sessions: Sessions, import_id: UUID, file: BinaryIO, means: Means, *, then: str = LOOKING) -> bool:
    """Read a file into rows and go on to `then`; False if the time was up before. A file of no kind we know fails."""
    try:
        return _read(sessions, import_id, file, means, then)
    except BadValue as wrong:
        with transaction(sessions) as tx:
            found = _of(tx, import_id)
            found.fail(f"{wrong.message} {wrong.advice}")
            _write_down(tx, found, f"{found.file_name[-80:]}: nothing was taken in. {wrong.message}")
        return True


def _read(sessions: Sessions, import_id: UUID, file: BinaryIO, means: Means, then: str) -> bool:
    source = recognise(file)
    with transaction(sessions) as tx:
        found = _of(tx, import_id)
        if found.state not in (COMING, READING):
            return True
        found.state, found.format, found.encoding = READING, source.format.name, source.encoding
        found.unread, skip = list(source.unread), found.rows
    if not _keep_all(sessions, import_id, source, file, Notes(), skip, means):
        return False
    with transaction(sessions) as tx:
        found = _of(tx, import_id)
        found.rows, found.products = stage.group_rows(tx, import_id)
        found.begin(then)
        tx.execute(delete(ImportPiece).where(ImportPiece.import_id == import_id))
    return True


def _keep_all(
    sessions: Sessions, import_id: UUID, source: Source, file: BinaryIO, notes: Notes, skip: int, means: Means
) -> bool:
    rows, before, count = source.rows(file, notes), None, skip
    for row in itertools.islice(rows, skip):
        before = source.format.names(row, before)
    notes.take()
    while batch := list(itertools.islice(rows, ROWS)):
        count += len(batch)
        with transaction(sessions) as tx:
            before = stage.keep_rows(tx, import_id, batch, source.format, before)
            stage.keep_notes(tx, import_id, READING, notes.take())
            found = _of(tx, import_id)
            found.rows, found.moved_at = count, utcnow()
        means.report("read", count, 0)
        if means.is_over():
            return False
    with transaction(sessions) as tx:
        stage.keep_notes(tx, import_id, READING, notes.take())
    return True


def keep_piece(session: Session, *, import_id: UUID, number: int, data: bytes) -> None:
    """Keep a piece of a file that comes in, until a worker reads it."""
    session.add(ImportPiece(import_id=import_id, number=number, data=data))


def ask(session: Session, import_id: UUID) -> None:
    """Have a worker carry an import on."""
    _of(session, import_id).moved_at = utcnow()
    record(session, ImportAsked(import_id=import_id))


def start_writing(session: Session, import_id: UUID, *, selling: bool = True) -> bool:
    """Go on from the preview to the import itself; False if it is not the time for that.

    Without `selling`, how known SKUs are sold stays whatever the file says of it.
    """
    found = _of(session, import_id)
    if found.state != LOOKED:
        return False
    session.execute(delete(ImportNote).where(ImportNote.import_id == import_id, ImportNote.step == LOOKING))
    if not selling:
        found.options = {**found.options, "selling": False}
    found.begin(WRITING)
    return True


def stop(session: Session, import_id: UUID) -> str:
    """Go no further, and say what was taken in, in numbers, which stays; or that there was nothing to stop."""
    found = _of(session, import_id)
    name = found.file_name[-80:]
    if found.state not in UNDER_WAY | {LOOKED, COMING}:
        return f"{name}: it had ended already, so nothing was stopped"
    came = found.outcome if found.state == WRITING else f"{name}: nothing was taken in"
    found.state, found.moved_at = STOPPED, utcnow()
    _forget_rows(session, import_id)
    return came


def go_on(sessions: Sessions, import_id: UUID, means: Means) -> bool:
    """Look through the products, or write them, from where the last one stopped; False if the time was up before."""
    while True:
        with transaction(sessions) as tx:
            found = _of(tx, import_id)
            if found.state not in (LOOKING, WRITING):
                return True
            groups = stage.next_groups(tx, import_id, after=found.place, limit=PRODUCTS)
            if not groups:
                _finish(tx, found)
                return True
            _deal_with(tx, found, groups, means)
            found.place, found.moved_at = groups[-1].place, utcnow()
            step, done, of = found.state, found.place, found.products
        means.report(step, done, of)
        if means.is_over():
            return False


def _finish(session: Session, found: ProductImport) -> None:
    found.moved_at = utcnow()
    if found.state == LOOKING:
        found.state = LOOKED
        return
    found.state = DONE
    _write_down(session, found, found.outcome)
    if found.pictures:
        record(session, PicturesWanted())
    _forget_rows(session, found.id)
    if found.made >= WORTH_ANALYZING:
        session.execute(_ANALYZE)


def _write_down(session: Session, found: ProductImport, came: str) -> None:
    """Note in the log of deeds what came of an import, by whoever asked for it last; its rows are no part of that."""
    who = who_did(session, str(found.id), ASKED_BY) or (None, found.by)
    deed = Deed(
        staff_id=who[0], staff_name=who[1], area="imports", action=FINISHED, resource=str(found.id), detail=came
    )
    begin_audit(session, deed)
    leave_rows_out(session)


def _forget_rows(session: Session, import_id: UUID) -> None:
    for kept in (ImportRow, ImportPiece):
        session.execute(delete(kept).where(kept.import_id == import_id))


def _deal_with(session: Session, found: ProductImport, groups: Sequence[stage.Group], means: Means) -> None:
    notes, rules, places = Notes(), rules_of(found.options), read_places(session)
    drafts = list(_drafts(groups, FORMATS[found.format], notes, means.shop))
    skus = [variant.sku for draft in drafts for variant in draft.variants]
    first = stage.first_lines(session, found.id, skus)
    if found.state == WRITING:
        slugs = [draft.slug for draft in drafts if draft.by_slug]
        hold_known(session, skus=skus, slugs=slugs, stock=rules.stock == STOCK_OF_ALL)
    changes = plan(session, drafts, notes, rules=rules, places=places, first=first)
    if found.state == WRITING:
        write = Write(session, places=places, rules=rules, notes=notes, import_id=found.id, actor=found.by,
                      has_file=means.has_file)  # fmt: skip
        made = {id(change) for change in changes if change.product_id is None}
        changes, touched = _write(session, write, changes)
        refresh_lists(session, touched)
        if touched:
            record(session, ProductsImported(product_ids=tuple(touched)))
        found.pictures += write.pictures
    else:
        made = {id(change) for change in changes if change.product_id is None}
        found.pictures += sum(len(change.draft.pictures) for change in changes) if rules.pictures else 0
    found.made += len(made & {id(change) for change in changes})
    found.same += sum(change.is_same for change in changes)
    found.changed += sum(id(change) not in made and not change.is_same for change in changes)
    found.refused += len(groups) - len(changes)
    found.rows_refused += len({note.line for note in notes if note.level == REFUSED})
    found.stock_left += sum(change.stock_left for change in changes)
    stage.keep_notes(session, found.id, found.state, notes)


def _drafts(groups: Sequence[stage.Group], format: Any, notes: Notes, shop: Shop) -> Iterator[DraftProduct]:
    for group in groups:
        draft = format.draft(group.rows, notes, shop)
        if draft is not None:
            yield draft


def _write(session: Session, write: Write, changes: list[Change]) -> tuple[list[Change], list[UUID]]:
    """Write a batch; if the database refuses something in it, write its products one by one, without that one."""
    new = {id(change): change for change in changes if change.product_id is None}
    try:
        with session.begin_nested():
            return changes, write.all(changes)
    except (IntegrityError, DataError, TakenSlug):
        for change in new.values():
            change.product_id = None
    # The places that the failed try made are gone with it.
    write.places = read_places(session)
    kept, touched = [], []
    for change in changes:
        try:
            with session.begin_nested():
                touched += write.all([change])
            kept.append(change)
        except (IntegrityError, DataError, TakenSlug) as refused:
            if id(change) in new:
                change.product_id = None
            write.places = read_places(session)
            write.notes.refuse(change.draft.line, f"The database refuses this product: {_reason(refused)}.",
                               "Compare it with what the shop has.")  # fmt: skip
    return kept, touched


def _reason(refused: DBAPIError | TakenSlug) -> str:
    if isinstance(refused, TakenSlug):
        return "the address of its category or brand was taken just now"
    said = getattr(refused.orig, "diag", None)
    return str((said and said.message_primary) or "")


def _of(session: Session, import_id: UUID) -> ProductImport:
    found = lock_one(session, ProductImport, import_id)
    if found is None:
        raise NoSuchImport
    return found
