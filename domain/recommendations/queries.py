"""What is recommended beside a product and in a cart: only what can be bought, and nothing that is there already."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalog.queries.card import CARD_COLUMNS, CARD_NAMES, Card, to_card
from domain.recommendations.models import SIMILAR, TOGETHER
from domain.shared.db import reading

SHOWN = 4
"""How many products a shelf has."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What goes with a product: bought with it, and like it; where neither is known, what its category sells best."""

    together: tuple[Card, ...]
    similar: tuple[Card, ...]
    popular: tuple[Card, ...]


def _best(kind: str, where: str) -> str:
    """Write the neighbours of one kind, the scores of several products added up."""
    return f"""
        SELECT other, sum(score) AS score, '{kind}' AS kind
        FROM recommendations.neighbours n, unnest(n.others, n.scores) AS found(other, score)
        WHERE {where} AND n.kind = '{kind}' GROUP BY other
        """  # noqa: S608


# The best of the category are looked for by an index of the lists, and only as far as there is room for them.
_STATEMENT = f"""
    WITH found AS MATERIALIZED ({{neighbours}}), goods AS (
        SELECT {CARD_COLUMNS}, f.kind, row_number() OVER (PARTITION BY f.kind ORDER BY f.score DESC, f.other) AS place
        FROM found f JOIN catalog.listings l ON l.product_id = f.other
        WHERE l.in_stock AND NOT f.other = ANY(:shown)
    ), popular AS (
        SELECT {CARD_COLUMNS}, 'popular' AS kind, row_number() OVER () AS place FROM (
            SELECT l.* FROM catalog.listings l
            WHERE l.in_stock AND l.category_paths && CAST(:paths AS text[]) AND NOT l.product_id = ANY(:shown)
            ORDER BY l.popularity DESC, l.product_id DESC LIMIT {SHOWN}
        ) l
        WHERE NOT EXISTS (SELECT FROM goods WHERE place >= {SHOWN})
    )
    SELECT * FROM goods WHERE place <= {2 * SHOWN} UNION ALL SELECT * FROM popular ORDER BY kind, place
    """  # noqa: S608
_NAMES = f"{CARD_NAMES} kind place"
_BESIDE = reading(
    _STATEMENT.format(
        neighbours=" UNION ALL ".join(_best(kind, "n.product_id = :product_id") for kind in (TOGETHER, SIMILAR))
    ),
    _NAMES,
)
_IN_CART = reading(_STATEMENT.format(neighbours=_best(TOGETHER, "n.product_id = ANY(:shown)")), _NAMES)


def beside(session: Session, product_id: UUID, *, category_path: str, currency: str) -> Suggestions:
    """Return what goes with a product; one statement."""
    values = {"product_id": product_id, "shown": [product_id], "paths": [category_path]}
    found: dict[str, list[Card]] = {TOGETHER: [], SIMILAR: [], "popular": []}
    for row in session.execute(_BESIDE, values):
        found[row.kind].append(to_card(row, currency))
    together = tuple(found[TOGETHER][:SHOWN])
    taken = {card.product_id for card in together}
    similar = tuple(card for card in found[SIMILAR] if card.product_id not in taken)[:SHOWN]
    popular = tuple(found["popular"]) if not together and not similar else ()
    return Suggestions(together, similar, popular)


def with_cart(
    session: Session, product_ids: Collection[UUID], *, category_paths: Collection[str], currency: str
) -> tuple[Card, ...]:
    """Return what goes with everything in a cart together, filled up with the best of its categories; one statement."""
    if not product_ids:
        return ()
    rows = session.execute(_IN_CART, {"shown": list(product_ids), "paths": list(category_paths)}).all()
    cards = {row.product_id: to_card(row, currency) for row in sorted(rows, key=lambda row: row.kind != TOGETHER)}
    return tuple(cards.values())[:SHOWN]
