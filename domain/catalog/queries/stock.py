"""Stock as staff see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session

from domain.catalog.models import StockMovement
from domain.catalog.queries.product import options_label
from domain.catalog.queries.search import clean
from domain.shared.lists import Filter, Sorting, page_of
from domain.shared.stamp import stamp


@dataclass(frozen=True, slots=True)
class StockLevel:
    """How many of a variant are on the shelf, promised, and left to sell."""

    variant_id: UUID
    sku: str
    product_id: UUID
    title: str
    label: str
    on_hand: int
    reserved: int
    available: int
    sell_when_out: bool
    low_at: int

    @property
    def version(self) -> str:
        """A stamp of how it is sold; numbers of units are no part of it."""
        return stamp(self.sell_when_out, self.low_at)

    @property
    def low(self) -> bool:
        """Whether no more are left to sell than staff want to be warned at."""
        return self.on_hand - self.reserved <= self.low_at


@dataclass(frozen=True, slots=True)
class StockLevels:
    """Some levels in the order of their SKUs; `after` asks for the next ones, None if there are none."""

    rows: tuple[StockLevel, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the ledger; the numbers are changes."""

    id: int
    kind: str
    on_hand: int
    reserved: int
    order_id: UUID | None
    actor: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """Some lines of a variant's ledger; `after` asks for the next ones, None if there are none."""

    rows: tuple[Movement, ...]
    after: int | None


_AFTER = "v.sku > :after"
# As the statistics of the table have it, so that PostgreSQL knows how many there are.
LOW = "s.on_hand - s.reserved - s.low_at <= 0"
# Each arm is found by an index of its own: one OR over both would read every variant. The version is asked for a reason
# that products_list.py tells.
_FIND = text(
    """
    SELECT id FROM catalog.variants WHERE sku ILIKE :q
    UNION ALL SELECT v.id FROM catalog.products t JOIN catalog.variants v ON v.product_id = t.id
    WHERE t.title ILIKE :q AND t.version > 0
    LIMIT :most
    """
)
_FOUND = "v.id = ANY(:found)"
_NAMED = "(v.sku ILIKE :q OR p.title ILIKE :q)"
"""What is so common is found while the list is walked in its order, until a page is full."""
FEW = 1_000
"""As many finds of a search are sorted."""


@lru_cache(maxsize=16)
def _levels(conditions: tuple[str, ...]) -> TextClause:
    return text(
        f"""
        SELECT v.id, v.sku, v.product_id, p.title, v.option_values, s.on_hand, s.reserved, s.sell_when_out, s.low_at
        FROM catalog.stock s
        JOIN catalog.variants v ON v.id = s.variant_id
        JOIN catalog.products p ON p.id = v.product_id
        WHERE {" AND ".join((*conditions, "p.status <> 'archived'", "(v.archived_at IS NULL OR s.on_hand <> 0)"))}
        ORDER BY v.sku LIMIT :limit
        """  # noqa: S608 - made of the constants above
    )


LEDGER_SORTINGS = {
    "": Sorting("Newest first", (StockMovement.id,), falls=True),
    "oldest": Sorting("Oldest first", (StockMovement.id,)),
}
_MOVEMENTS = select(
    StockMovement.id, StockMovement.kind, StockMovement.on_hand, StockMovement.reserved, StockMovement.order_id,
    StockMovement.actor, StockMovement.reason, StockMovement.at,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class StockFilter(Filter):
    """Which stock is looked for: by part of a SKU or a title, or else what is low; `all` shows whatever there is."""

    q: str = ""
    show: str = ""

    @property
    def low_only(self) -> bool:
        """Whether only what is low is meant."""
        return not (self.show or self.q)


def read_stock_filter(words: Mapping[str, str]) -> StockFilter:
    """Read a filter out of an address or a record; what makes no sense is left out."""
    return StockFilter(q=words.get("q", "").strip()[:200], show="all" if words.get("show") == "all" else "")


def stock_levels(
    session: Session, *, q: str | None = None, low_only: bool = False, after: str | None = None, limit: int = 50
) -> StockLevels:
    """Return stock levels by SKU; `q` is part of a SKU or a title. One statement, and one more to look words up."""
    part = clean(q or "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    behind = clean(after) if after else None
    found: list[UUID] = []
    if part:
        found = list(session.scalars(_FIND, {"q": f"%{part}%", "most": FEW + 1}))
    wanted = ((_AFTER, behind), (LOW, low_only), (_NAMED if len(found) > FEW else _FOUND, part))
    statement = _levels(tuple(condition for condition, value in wanted if value))
    given = {"q": f"%{part}%", "found": found, "after": behind, "limit": limit + 1}
    rows = session.execute(
        statement, {name: value for name, value in given.items() if name in statement._bindparams}
    ).all()
    shown = tuple(
        StockLevel(
            row.id,
            row.sku,
            row.product_id,
            row.title,
            options_label(row.option_values),
            row.on_hand,
            row.reserved,
            max(row.on_hand - row.reserved, 0),
            row.sell_when_out,
            row.low_at,
        )
        for row in rows[:limit]
    )
    return StockLevels(shown, shown[-1].sku if len(rows) > limit else None)


def movements(
    session: Session, variant_id: UUID, *, sort: str = "", after: int | None = None, limit: int = 50
) -> Ledger:
    """Return lines of a variant's ledger, newest first unless asked otherwise, from behind line `after` on.

    One statement.
    """
    own = _MOVEMENTS.where(StockMovement.variant_id == variant_id)
    found = session.execute(page_of(own, LEDGER_SORTINGS[sort], after=after, limit=limit)).all()
    rows = tuple(Movement(*row) for row in found[:limit])
    return Ledger(rows, rows[-1].id if len(found) > limit else None)
