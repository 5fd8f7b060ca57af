"""The demo shop's product types and collections."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from cli.demo.kinds import COLLECTIONS, TYPES
from domain.catalog import commands as catalog
from domain.catalog.queries import collection_list, type_ids


def seed_types(session: Session) -> Mapping[str, UUID]:
    """Make the product types that are missing, and return the id of each by its name."""
    known = type_ids(session)
    for name, (options, attributes) in TYPES.items():
        if name not in known:
            known[name] = catalog.create_type(session, name=name, options=options, attributes=attributes)
    return known


def seed_collections(session: Session) -> None:
    """Make the demo shop's collections, unless there are any: staff may have changed or ended theirs."""
    if collection_list(session):
        return
    products = {row.slug: row.id for row in session.execute(text("SELECT slug, id FROM catalog.products"))}
    for values, by_hand in COLLECTIONS:
        made = catalog.create_collection(session, published=True, **values)
        chosen = [products[slug] for slug in by_hand if slug in products]
        if chosen:
            catalog.fill_collection(session, collection_id=made, product_ids=chosen)
