"""Promotions as staff see them, with how often they were used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, func, not_, select, true, union_all
from sqlalchemy.orm import Session

from domain.catalog.queries import categories_in, products_in
from domain.promotions.errors import NoSuchPromotion
from domain.promotions.models import Code, KeptUses, Promotion, UseChange
from domain.promotions.terms import Terms
from domain.shared.lists import Filter, Place, Sorting, known, page_of
from domain.shared.money import Money

STATES = ("running", "planned", "ended")
SORTINGS = {
    "": Sorting("Newest first", (Promotion.id,), falls=True),
    "oldest": Sorting("Oldest first", (Promotion.id,)),
    "name": Sorting("By name", (Promotion.name, Promotion.id)),
}
SORTS = {name: sorting.label for name, sorting in SORTINGS.items()}


@dataclass(frozen=True, kw_only=True)
class PromotionRow:
    """A promotion in the list; `uses` are the orders that stand, `taken_off` what it has cost them in all."""

    id: UUID
    name: str
    terms: Terms
    amount: Money
    state: str
    codes: tuple[str, ...]
    uses: int
    taken_off: Money
    version: int


@dataclass(frozen=True, kw_only=True)
class PromotionList:
    """A page of the list; `after` is where the next one starts."""

    rows: tuple[PromotionRow, ...]
    after: UUID | None


@dataclass(frozen=True, kw_only=True)
class PromotionFilter(Filter):
    """Which promotions are looked for: by part of a name or a whole code, and by state."""

    q: str = ""
    state: str = ""
    sort: str = ""


@dataclass(frozen=True, kw_only=True)
class PromotionDetail(PromotionRow):
    """A promotion with all a form needs; `customers` is how many different ones used it."""

    scope: tuple[str, ...]
    customers: int


def read_promotion_filter(words: Mapping[str, str]) -> PromotionFilter:
    """Read a filter out of an address or a record; what makes no sense is left out."""
    return PromotionFilter(
        q=words.get("q", "").strip()[:200],
        state=known(words.get("state"), STATES),
        sort=known(words.get("sort"), SORTS),
    )


def promotion_list(
    session: Session,
    *,
    currency: str,
    now: datetime,
    q: str = "",
    state: str = "",
    sort: str = "",
    after: UUID | Place | None = None,
    limit: int = 50,
) -> PromotionList:
    """List promotions in a state, usually newest first; `q` is part of a name or a whole code. One statement."""
    statement = page_of(_select(), SORTINGS[sort], after=after, limit=limit)
    if q:
        coded = select(Code.promotion_id).where(Code.code == "".join(q.split()).upper())
        statement = statement.where(Promotion.name.icontains(q, autoescape=True) | Promotion.id.in_(coded))
    if state in STATES:
        statement = statement.where(_in_state(state, now))
    rows = [_row(row, currency=currency, now=now) for row in session.execute(statement)]
    return PromotionList(
        rows=tuple(PromotionRow(**values) for values in rows[:limit]),
        after=rows[limit - 1]["id"] if len(rows) > limit else None,
    )


def promotions_of_ids(
    session: Session, promotion_ids: Sequence[UUID], *, currency: str, now: datetime
) -> tuple[PromotionRow, ...]:
    """Return some promotions, newest first; those that are not there are left out. One statement."""
    statement = _select().where(Promotion.id.in_(promotion_ids)).order_by(Promotion.id.desc())
    return tuple(PromotionRow(**_row(row, currency=currency, now=now)) for row in session.execute(statement))


def promotion_detail(session: Session, promotion_id: UUID, *, currency: str, now: datetime) -> PromotionDetail:
    """Return one promotion; raises NoSuchPromotion. One statement."""
    statement = (
        _select()
        .add_columns(
            _USES.c.customers,
            categories_in(Promotion.category_ids).label("categories"),
            products_in(Promotion.product_ids).label("products"),
        )
        .where(Promotion.id == promotion_id)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NoSuchPromotion
    return PromotionDetail(
        **_row(row, currency=currency, now=now),
        scope=tuple(name for _, name in (*(row.categories or ()), *(row.products or ()))),
        customers=int(row.customers),
    )


def _uses() -> FromClause:
    """What is kept of a promotion's uses and what was used since: counting every order that used it has no bound."""
    parts = union_all(
        *(
            select(of.uses, of.customers, of.amount).where(of.promotion_id == Promotion.id).correlate(Promotion)
            for of in (KeptUses, UseChange)
        )
    ).subquery()
    sums = (func.coalesce(func.sum(parts.c[name]), 0).label(name) for name in ("uses", "customers", "amount"))
    return select(*sums).correlate(Promotion).lateral("used")


_USES = _uses()


def _select() -> Select[Any]:
    codes = select(func.array_agg(Code.code)).where(Code.promotion_id == Promotion.id).scalar_subquery()
    return (
        select(Promotion, codes.label("codes"), _USES.c.uses, _USES.c.amount.label("taken"))
        .join(_USES, true())
        .execution_options(populate_existing=True)
    )


def _row(row: Any, *, currency: str, now: datetime) -> dict[str, Any]:
    promotion: Promotion = row.Promotion
    return {
        "id": promotion.id,
        "name": promotion.name,
        "terms": Terms.of(promotion),
        "amount": Money(promotion.amount, currency),
        "state": _state(promotion, now),
        "codes": tuple(sorted(row.codes or ())),
        "uses": int(row.uses),
        "taken_off": Money(int(row.taken), currency),
        "version": promotion.version,
    }


def _state(promotion: Promotion, now: datetime) -> str:
    if not promotion.active or (promotion.ends_at is not None and promotion.ends_at <= now):
        return "ended"
    return "planned" if promotion.starts_at is not None and promotion.starts_at > now else "running"


def _in_state(state: str, now: datetime) -> ColumnElement[bool]:
    """Say in SQL what `_state` says of a row."""
    stands = Promotion.active & (Promotion.ends_at.is_(None) | (Promotion.ends_at > now))
    planned = Promotion.starts_at.is_not(None) & (Promotion.starts_at > now)
    if state == "ended":
        return not_(stands)
    return stands & planned if state == "planned" else stands & (Promotion.starts_at.is_(None) | not_(planned))


def promotions_of_category(session: Session, category_id: UUID) -> tuple[str, ...]:
    """Return the names of the promotions that are for a category's products alone, or among others. One statement."""
    found = select(Promotion.name).where(Promotion.category_ids.contains([category_id])).order_by(Promotion.name)
    return tuple(session.scalars(found))
