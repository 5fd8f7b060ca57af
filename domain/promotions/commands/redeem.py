"""Using promotions up and giving them back, so that limits hold however many try at once.

Of the rows that several orders want, a promotion's comes before a customer's, each in the order of their ids, and both
come after orders and before stock. A promotion with a limit is counted by a guarded UPDATE, a customer's use by a
guarded upsert: whoever comes too late changes nothing and is refused. A promotion without a limit is only held against
a change of its terms, which orders can do side by side.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from domain.promotions.errors import PromotionGone
from domain.promotions.kinds import customer_key
from domain.promotions.models import Promotion, Redemption, Usage
from domain.shared.db import utcnow

# Nobody has two first orders, however many are placed at once.
_USED_BY_CUSTOMER = text(
    """
    INSERT INTO promotions.usages AS mine (promotion_id, customer, used) VALUES (:promotion_id, :customer, :change)
    ON CONFLICT (promotion_id, customer) DO UPDATE SET used = mine.used + :change
    WHERE mine.used + :change <= (
        SELECT least(coalesce(limit_per_customer, 2147483647), CASE WHEN first_order THEN 1 ELSE 2147483647 END)
        FROM promotions.promotions WHERE id = :promotion_id
    )
    RETURNING mine.used
    """
)
_UNSYNCED = {"synchronize_session": False}


@dataclass(frozen=True, kw_only=True)
class Use:
    """A promotion that an order uses, and what it takes off in minor units."""

    promotion_id: UUID
    name: str
    code: str | None
    amount: int


def redeem(
    session: Session, *, order_id: UUID, email: str, uses: Sequence[Use], instead_of: Sequence[UUID] = ()
) -> None:
    """Count an order's promotions as used, and those of the orders it replaces as not; raises PromotionGone.

    What an older order of the same cart had used passes on to the new one, whatever limit has been reached since.
    """
    customer = customer_key(email)
    old = _standing(session, instead_of)
    if not uses and not old:
        return
    _count(
        session,
        more=[(use.promotion_id, customer) for use in uses],
        less=[(row.promotion_id, row.customer) for row in old],
        names={use.promotion_id: use.name for use in uses},
    )
    _release(session, old)
    session.add_all(
        Redemption(
            promotion_id=use.promotion_id, order_id=order_id, customer=customer, code=use.code, amount=use.amount
        )
        for use in uses
    )
    session.flush()


def give_back(session: Session, order_ids: Sequence[UUID]) -> None:
    """Count what these orders have used as not used: they were given up unpaid. A second time changes nothing."""
    old = _standing(session, order_ids)
    if old:
        _count(session, less=[(row.promotion_id, row.customer) for row in old])
        _release(session, old)


def take_again(session: Session, order_id: UUID) -> None:
    """Use once more what an order gave back, since it was paid all the same; raises PromotionGone."""
    given_back = session.scalars(
        select(Redemption)
        .where(Redemption.order_id == order_id, Redemption.released_at.is_not(None))
        .execution_options(populate_existing=True)
    ).all()
    if not given_back:
        return
    ids = [row.promotion_id for row in given_back]
    found = session.execute(select(Promotion.id, Promotion.name).where(Promotion.id.in_(ids)))
    names = {row.id: row.name for row in found}
    _count(session, more=[(row.promotion_id, row.customer) for row in given_back], names=names, ended_too=True)
    for row in given_back:
        row.released_at = None
    session.flush()


def _standing(session: Session, order_ids: Sequence[UUID]) -> Sequence[Redemption]:
    """The redemptions of these orders that count; whoever asks holds the orders, so nobody else changes them."""
    if not order_ids:
        return ()
    return session.scalars(
        select(Redemption)
        .where(Redemption.order_id.in_(order_ids), Redemption.released_at.is_(None))
        .execution_options(populate_existing=True)
    ).all()


def _release(session: Session, redemptions: Iterable[Redemption]) -> None:
    for redemption in redemptions:
        redemption.released_at = utcnow()
    session.flush()


def _count(
    session: Session,
    *,
    more: Sequence[tuple[UUID, str]] = (),
    less: Sequence[tuple[UUID, str]] = (),
    names: dict[UUID, str] | None = None,
    ended_too: bool = False,
) -> None:
    """Move the counters of promotions and of customers; what goes from one order to another is not moved at all."""
    pairs = Counter(more)
    pairs.subtract(less)
    ids = {promotion_id for promotion_id, _ in pairs}
    totals = {id_: sum(change for (other, _), change in pairs.items() if other == id_) for id_ in ids}
    free = session.execute(
        select(Promotion.id, Promotion.active)
        .where(Promotion.id.in_(ids), Promotion.limit_total.is_(None))
        .order_by(Promotion.id)
        .with_for_update(key_share=True, read=True)
    ).all()
    unlimited = {row.id: row.active or ended_too for row in free}
    for id_ in sorted(ids):
        taken = unlimited[id_] if id_ in unlimited else _move(session, id_, totals[id_], ended_too)
        if totals[id_] > 0 and not taken:
            raise PromotionGone((names or {})[id_])
    for (id_, customer), change in sorted(pairs.items()):
        if change and not _move_customer(session, id_, customer, change) and change > 0:
            raise PromotionGone((names or {})[id_])


def _move(session: Session, promotion_id: UUID, change: int, ended_too: bool) -> bool:
    """Move a limited promotion's counter, if that leaves it within the limit."""
    if change == 0:
        return True
    statement = update(Promotion).where(Promotion.id == promotion_id, Promotion.limit_total.is_not(None))
    if change > 0:
        statement = statement.where(Promotion.used + change <= Promotion.limit_total)
        if not ended_too:
            statement = statement.where(Promotion.active)
    moved = statement.values(used=Promotion.used + change).returning(Promotion.id)
    return session.scalar(moved, execution_options=_UNSYNCED) is not None


def _move_customer(session: Session, promotion_id: UUID, customer: str, change: int) -> bool:
    """Move a customer's counter, if that leaves it within the promotion's limit per customer."""
    mine = (Usage.promotion_id == promotion_id, Usage.customer == customer)
    if change < 0:
        less = update(Usage).where(*mine).values(used=Usage.used + change).returning(Usage.used)
        return session.scalar(less, execution_options=_UNSYNCED) is not None
    values = {"promotion_id": promotion_id, "customer": customer, "change": change}
    return session.scalar(_USED_BY_CUSTOMER, values) is not None
