"""Making, changing and ending promotions."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.promotions.errors import BadTerms, LimitTooLow, NoSuchPromotion, TakenCode
from domain.promotions.kinds import normal_code
from domain.promotions.models import Code, Promotion, Redemption
from domain.promotions.terms import Terms
from domain.shared.db import lock, lock_one, utcnow
from domain.shared.errors import ChangedMeanwhile


def create_promotion(session: Session, *, terms: Terms, codes: Collection[str] = ()) -> UUID:
    """Make a promotion with its codes; raises BadTerms or TakenCode."""
    wanted = _checked(terms, codes)
    promotion = Promotion(**_columns(terms))
    session.add(promotion)
    session.flush()
    _keep_codes(session, promotion.id, wanted)
    return promotion.id


def update_promotion(
    session: Session, *, promotion_id: UUID, version: int, terms: Terms, codes: Collection[str] = ()
) -> None:
    """Change a promotion that is still as it was seen; raises NoSuchPromotion, ChangedMeanwhile, LimitTooLow and so on.

    Orders hold the promotions they use until they commit, so the count of its uses is right while its row is locked.
    """
    wanted = _checked(terms, codes)
    promotion = lock_one(session, Promotion, promotion_id)
    if promotion is None:
        raise NoSuchPromotion
    if promotion.version != version:
        raise ChangedMeanwhile("promotion")
    used = 0
    if terms.limit_total is not None:
        used = _uses(session, promotion_id)
        if terms.limit_total < used:
            raise LimitTooLow(used)
    for name, value in _columns(terms).items():
        setattr(promotion, name, value)
    promotion.used = used
    promotion.version += 1
    promotion.updated_at = utcnow()
    session.flush()
    _keep_codes(session, promotion_id, wanted)


def end_promotion(session: Session, *, promotion_id: UUID) -> None:
    """Take a promotion off every cart from now on; orders keep what they were given. Raises NoSuchPromotion."""
    promotion = lock_one(session, Promotion, promotion_id)
    if promotion is None:
        raise NoSuchPromotion
    _end(promotion)
    session.flush()


def end_promotions(session: Session, *, seen: Mapping[UUID, str]) -> int:
    """Take promotions off every cart, all of them or none, and return how many changed.

    `seen` has the version that was seen of each: raises ChangedMeanwhile if one is no longer that, or is gone.
    """
    promotions = lock(session, Promotion, list(seen))
    if len(promotions) != len(seen) or any(str(one.version) != seen[one.id] for one in promotions):
        raise ChangedMeanwhile("promotion")
    ended = sum(_end(promotion) for promotion in promotions)
    session.flush()
    return ended


def _end(promotion: Promotion) -> bool:
    """End a promotion that is switched on; say whether it was."""
    if not promotion.active:
        return False
    promotion.active = False
    promotion.version += 1
    promotion.updated_at = utcnow()
    return True


def _checked(terms: Terms, codes: Collection[str]) -> set[str]:
    """Return the codes in their one form; raises BadTerms."""
    problems = terms.problems()
    wanted = set() if terms.automatic else {normal_code(code) for code in codes}
    if not terms.automatic and (not wanted or "" in wanted):
        problems["codes"] = "Enter at least one code, each of at most 40 letters and digits."
    if problems:
        raise BadTerms(problems)
    return wanted


def _columns(terms: Terms) -> dict[str, Any]:
    values = asdict(terms)
    return values | {"category_ids": list(terms.category_ids), "product_ids": list(terms.product_ids)}


def _uses(session: Session, promotion_id: UUID) -> int:
    standing = select(func.count()).where(Redemption.promotion_id == promotion_id, Redemption.released_at.is_(None))
    return session.scalar(standing) or 0


def _keep_codes(session: Session, promotion_id: UUID, wanted: set[str]) -> None:
    """Let these codes bring the promotion and no others; raises TakenCode for those that bring another one."""
    session.execute(delete(Code).where(Code.promotion_id == promotion_id, Code.code.not_in(wanted)))
    present = set(session.scalars(select(Code.code).where(Code.promotion_id == promotion_id)))
    new = sorted(wanted - present)
    if not new:
        return
    rows = [{"id": uuid7(), "created_at": utcnow(), "promotion_id": promotion_id, "code": code} for code in new]
    made = set(session.scalars(insert(Code).values(rows).on_conflict_do_nothing().returning(Code.code)))
    if taken := [code for code in new if code not in made]:
        raise TakenCode(taken)
