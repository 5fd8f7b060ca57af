"""Filling the figures that the list of products is sorted by."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session


def _statement(which: str) -> TextClause:
    return text(
        f"""
        INSERT INTO catalog.product_figures AS f
            (product_id, version, variants, price_min, price_max, available, changed_at)
        SELECT p.id, p.version, count(v.id), coalesce(min(v.price), 0), coalesce(max(v.price), 0),
            coalesce(sum(greatest(s.on_hand - s.reserved, 0)), 0), now()
        FROM catalog.products p
        LEFT JOIN catalog.variants v ON v.product_id = p.id AND v.archived_at IS NULL
        LEFT JOIN catalog.stock s ON s.variant_id = v.id
        WHERE {which}
        GROUP BY p.id ORDER BY p.id
        ON CONFLICT (product_id) DO UPDATE SET version = excluded.version, variants = excluded.variants,
            price_min = excluded.price_min, price_max = excluded.price_max, available = excluded.available,
            changed_at = CASE WHEN (f.version, f.variants, f.price_min, f.price_max)
                    IS DISTINCT FROM (excluded.version, excluded.variants, excluded.price_min, excluded.price_max)
                THEN now() ELSE f.changed_at END
        WHERE (f.version, f.variants, f.price_min, f.price_max, f.available) IS DISTINCT FROM
            (excluded.version, excluded.variants, excluded.price_min, excluded.price_max, excluded.available)
        """  # noqa: S608
    )


_ONE_BY_ONE = _statement("p.id = ANY(:ids)")
_ALL = _statement("true")


def refresh_figures(session: Session, product_ids: Sequence[UUID]) -> None:
    """Work out the figures of some products afresh; what did not change is not written."""
    session.execute(_ONE_BY_ONE, {"ids": list(product_ids)})


def refresh_all_figures(session: Session) -> None:
    """Work out the figures of every product afresh."""
    session.execute(_ALL)
