"""Promotions for tests."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.promotions.commands import create_promotion
from domain.promotions.kinds import PERCENT
from domain.promotions.terms import Terms


def make_promotion(session: Session, *codes: str, **values: Any) -> UUID:
    """Make a promotion: 10 % off everything unless told otherwise, automatic unless it has codes."""
    given = {"name": "Ten off", "kind": PERCENT, "automatic": not codes, **values}
    if given["kind"] == PERCENT:
        given.setdefault("basis_points", 1000)
    return create_promotion(session, terms=Terms(**given), codes=codes)
