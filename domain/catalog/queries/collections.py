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
    IN_STOCK,
    ON_OFFER,
    PRICE_FROM,
    PRICE_TO,
    TAG,
    Rule,
)
from domain.catalog.queries.card import CARD_COLUMNS, CARD_NAMES, Card, to_card
from domain.catalog.queries.listing import Scope
from domain.catalog.queries.search import clean
from domain.shared.db import reading


@dataclass(frozen=True, slots=True)
class CollectionLink:
    """A published collection, to be linked to."""

    slug: str
    title: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionView:
    """A published collection; `scope` is what a list of its products is asked for."""

    slug: str
    title: str
    description: str
    seo_title: str
    seo_description: str
    scope: Scope


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
_BY_HAND = "l.product_id IN (SELECT product_id FROM catalog.collection_products WHERE collection_id = :collection)"


def collection(session: Session, slug: str) -> CollectionView:
    """Return a published collection; raises NoSuchCollection. One statement."""
    found = session.execute(_COLLECTION, {"slug": clean(slug)}).one_or_none()
    if found is None:
        raise NoSuchCollection
    return CollectionView(
        slug=found.slug,
        title=found.title,
        description=found.description,
        seo_title=found.seo_title,
        seo_description=found.seo_description,
        scope=_scope(found.id, [Rule(**rule) for rule in found.rules], found.sort),
    )


def _scope(collection_id: UUID, rules: Sequence[Rule], sort: str) -> Scope:
    """Write which products are in a collection.

    Rules about one thing are alternatives, those about different things must all hold, as filters do.
    """
    if not rules:
        return Scope(conditions=(_BY_HAND,), values={"collection": collection_id}, sort=sort)
    values: dict[str, Any] = {}
    conditions = []
    for _, alternatives in groupby(sorted(rules, key=_subject), key=_subject):
        either = []
        for rule in alternatives:
            name = f"rule{len(values)}"
            either.append(_CONDITIONS[rule.field].format(name=name))
            values[name] = _wanted(rule)
        conditions.append(f"({' OR '.join(either)})")
    return Scope(conditions=tuple(conditions), values=values, sort=sort)


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
