"""Taking files in, on a database whose work is rolled back."""

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session, sessionmaker

from domain.catalog.imports import run
from domain.catalog.imports.draft import DraftProduct
from domain.catalog.imports.format import Names, Shop
from domain.catalog.imports.notes import Note, Notes
from domain.catalog.imports.plan import Rules
from domain.catalog.imports.reading import recognise
from domain.catalog.queries.imports import ImportView, import_view
from domain.shared.db import Sessions, transaction

SHOP = Shop("EUR", ZoneInfo("Europe/Dublin"))
TakeIn = Callable[..., ImportView]


@pytest.fixture
def shop_sessions(session: Session) -> Sessions:
    """A factory of sessions in the transaction of `session`, which sees what they commit."""
    return sessionmaker(session.connection(), join_transaction_mode="create_savepoint", expire_on_commit=False)


@pytest.fixture
def take_in(shop_sessions: Sessions, session: Session) -> TakeIn:
    """Take a file in: `take_in(data)`; `then="looking"` makes a preview, and the rest are the merchant's wishes."""

    def take(data: bytes | str, *, then: str = "writing", **wishes: Any) -> ImportView:
        with transaction(shop_sessions) as tx:
            id_ = run.begin(tx, file_name="products.csv", by="Cato", rules=Rules(**wishes))
        content = data.encode() if isinstance(data, str) else data
        assert run.read(shop_sessions, id_, io.BytesIO(content), run.Means(shop=SHOP), then=then)
        assert run.go_on(shop_sessions, id_, run.Means(shop=SHOP))
        session.expire_all()
        return import_view(session, id_)

    return take


def drafts_of(data: bytes | str) -> tuple[list[DraftProduct | None], list[Note]]:
    """Read a whole file into drafts, joining rows as the database does."""
    file, notes = io.BytesIO(data.encode() if isinstance(data, str) else data), Notes()
    source = recognise(file)
    rows, before = [], None
    for row in source.rows(file, notes):
        before = source.format.names(row, before)
        rows.append((before, row))
    keys = {name: names.key for names, _ in reversed(rows) for name in names.names}
    groups: dict[str, list[Any]] = {}
    for names, row in rows:
        groups.setdefault(_key(names, keys), []).append(row)
    return [source.format.draft(group, notes, SHOP) for group in groups.values()], list(notes)


def _key(names: Names, keys: dict[str, str]) -> str:
    return keys.get(names.parent, names.key)


def said(notes: list[Note]) -> list[tuple[int, str, str, str]]:
    """Return where each remark is, and what it says."""
    return [(note.line, note.level, note.column, note.message) for note in notes]


__all__ = ["SHOP", "UUID", "TakeIn", "drafts_of", "said"]
