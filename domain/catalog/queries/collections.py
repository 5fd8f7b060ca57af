"""Collections as shoppers see them, and what is shown beside a product; they read the listing table alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchCollection
from domain.catalog.models.collection import (
    ATTRIBUTE,
    BRAND,
    CATEGORY,
    CHOSEN,
    IN_STOCK,
    ON_OFFER,
    PRICE_FROM,
    PRICE_TO,
    TAG,
    Rule,
)
from domain.catalog.queries.card import CARD_COLUMNS, CARD_NAMES, Card, to_card
from domain.catalog.queries.list_statements import DEFAULT_SORT, SORTS
from domain.catalog.queries.search import clean
from domain.shared.db import reading

PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class CollectionLink:
    """A published collection, to be linked to."""

    slug: str
    title: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPage:
    """One page of a published collection; `sort` is the order asked for, `own_sort` the collection's own."""

    slug: str
    title: str
    description: str
    seo_title: str
    seo_description: str
    cards: tuple[Card, ...]
    total: int
    page: int
    pages: int
    sort: str
    own_sort: str


_COLLECTION = reading(
    """
    SELECT id, slug, title, description, seo_title, seo_description, rules, sort
    FROM catalog.collections WHERE slug = :slug AND status = 'published'
    """,
    "id slug title description seo_title seo_description rules sort",
)
_OLD_SLUG = text(
    """
    SELECT c.slug FROM catalog.old_collection_slugs o JOIN catalog.collections c ON c.id = o.collection_id
    WHERE o.slug = :slug AND c.status = 'published'
    """
)
_LINKS = reading(
    "SELECT slug, title, description FROM catalog.collections WHERE status = 'published' ORDER BY id LIMIT :limit",
    "slug title description",
)
_RELATED = reading(
    f"""
    SELECT {CARD_COLUMNS} FROM catalog.related_products r JOIN catalog.listings l ON l.product_id = r.related_id
    WHERE r.product_id = :id ORDER BY r.position, r.related_id
    """,  # noqa: S608
    CARD_NAMES,
)
_CONDITIONS = {
    BRAND: "l.brand_slug = :{name}",
    CATEGORY: "l.category_paths @> ARRAY[CAST(:{name} AS text)]",
    TAG: "l.traits @> ARRAY['tag=' || CAST(:{name} AS text)]",
    ATTRIBUTE: "l.traits @> ARRAY[CAST(:{name} AS text)]",
    PRICE_FROM: "l.price_min >= CAST(:{name} AS bigint)",
    PRICE_TO: "l.price_min <= CAST(:{name} AS bigint)",
    IN_STOCK: "l.in_stock",
    ON_OFFER: "l.compare_at IS NOT NULL",
}


def collection_page(
    session: Session, slug: str, *, currency: str, page: int = 1, sort: str | None = None, per_page: int = PER_PAGE
) -> CollectionPage:
    """Return one page of a published collection; raises NoSuchCollection. Three statements."""
    found = session.execute(_COLLECTION, {"slug": clean(slug)}).one_or_none()
    if found is None:
        raise NoSuchCollection
    where, parameters = contents_sql(found.id, [Rule(**rule) for rule in found.rules])
    total = session.scalar(text(f"SELECT count(*) FROM {where}"), parameters) or 0  # noqa: S608
    chosen = sort if sort in SORTS else found.sort
    pages = max(1, -(-total // per_page))
    page = min(max(page, 1), pages)
    order = (
        "h.position, l.product_id" if chosen == CHOSEN and not found.rules else SORTS.get(chosen, SORTS[DEFAULT_SORT])
    )
    rows = session.execute(
        reading(f"SELECT {CARD_COLUMNS} FROM {where} ORDER BY {order} LIMIT :limit OFFSET :offset", CARD_NAMES),  # noqa: S608
        parameters | {"limit": per_page, "offset": (page - 1) * per_page},
    ).all()
    return CollectionPage(
        slug=found.slug,
        title=found.title,
        description=found.description,
        seo_title=found.seo_title,
        seo_description=found.seo_description,
        cards=tuple(to_card(row, currency) for row in rows),
        total=total,
        page=page,
        pages=pages,
        sort=chosen,
        own_sort=found.sort,
    )


def contents_sql(collection_id: UUID, rules: Sequence[Rule]) -> tuple[str, dict[str, Any]]:
    """Write what follows FROM to read a collection's listings as `l`, and the values for it.

    Rules about one thing are alternatives, those about different things must all hold, as filters do.
    """
    if not rules:
        by_hand = "catalog.collection_products h JOIN catalog.listings l USING (product_id) WHERE h.collection_id = :id"
        return by_hand, {"id": collection_id}
    parameters: dict[str, Any] = {}
    conditions = []
    for _, alternatives in groupby(sorted(rules, key=_subject), key=_subject):
        either = []
        for rule in alternatives:
            name = f"rule{len(parameters)}"
            either.append(_CONDITIONS[rule.field].format(name=name))
            parameters[name] = _wanted(rule)
        conditions.append(f"({' OR '.join(either)})")
    return f"catalog.listings l WHERE {' AND '.join(conditions)}", parameters


def old_collection(session: Session, slug: str) -> str | None:
    """Return the present address of the published collection that once had this one, or None."""
    found: str | None = session.scalar(_OLD_SLUG, {"slug": clean(slug)})
    return found


def collection_links(session: Session, *, limit: int = 100) -> tuple[CollectionLink, ...]:
    """Return the published collections in the order in which they were made. One statement."""
    return tuple(CollectionLink(*row) for row in session.execute(_LINKS, {"limit": limit}))


def related(session: Session, product_id: UUID, *, currency: str) -> tuple[Card, ...]:
    """Return what staff show beside a product, as far as it is on sale. One statement."""
    return tuple(to_card(row, currency) for row in session.execute(_RELATED, {"id": product_id}))


def _subject(rule: Rule) -> str:
    return f"{rule.field} {_trait(rule).partition('=')[0]}" if rule.field == ATTRIBUTE else rule.field


def _wanted(rule: Rule) -> str:
    return _trait(rule) if rule.field == ATTRIBUTE else rule.value.strip()


def _trait(rule: Rule) -> str:
    """Write an attribute as the listing has it: its name small and with hyphens."""
    name, _, value = rule.value.partition("=")
    return f"{name.strip().lower().replace(' ', '-')}={value.strip()}"
