"""The promotions that could apply to a cart."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.orm import Session

from domain.catalog.queries import categories_in, products_in
from domain.promotions.kinds import customer_key
from domain.promotions.models import Code, Promotion, Redemption, Usage
from domain.promotions.rules import Rule


def offers(session: Session, *, code: str | None, email: str | None, now: datetime) -> tuple[Rule, ...]:
    """Return the automatic promotions of this moment, and that of the code, whatever became of it; one statement.

    Without an address nothing is known of the customer, who is then taken for a new one.
    """
    by_code = select(Code.promotion_id).where(Code.code == literal(code)).scalar_subquery()
    used_by = (
        select(Usage.used)
        .where(Usage.promotion_id == Promotion.id, Usage.customer == literal(customer_key(email) if email else None))
        .scalar_subquery()
    )
    current = and_(
        Promotion.automatic,
        Promotion.active,
        or_(Promotion.starts_at.is_(None), Promotion.starts_at <= now),
        or_(Promotion.ends_at.is_(None), Promotion.ends_at > now),
    )
    rows = session.execute(
        select(
            Promotion,
            categories_in(Promotion.category_ids).label("categories"),
            products_in(Promotion.product_ids).label("products"),
            func.coalesce(used_by, 0).label("used_by"),
        )
        .where(or_(current, and_(~Promotion.automatic, Promotion.id == by_code)))
        .order_by(Promotion.priority.desc(), Promotion.id)
        .execution_options(populate_existing=True)
    )
    return tuple(
        Rule(
            id=row.Promotion.id,
            name=row.Promotion.name,
            kind=row.Promotion.kind,
            basis_points=row.Promotion.basis_points,
            amount=row.Promotion.amount,
            buy=row.Promotion.buy,
            get=row.Promotion.get,
            code=None if row.Promotion.automatic else code,
            active=row.Promotion.active,
            priority=row.Promotion.priority,
            exclusive=row.Promotion.exclusive,
            starts_at=row.Promotion.starts_at,
            ends_at=row.Promotion.ends_at,
            scoped=bool(row.Promotion.category_ids or row.Promotion.product_ids),
            categories=tuple((path, name) for path, name in row.categories or ()),
            products=tuple((UUID(id_), title) for id_, title in row.products or ()),
            min_quantity=row.Promotion.min_quantity,
            min_subtotal=row.Promotion.min_subtotal,
            first_order=row.Promotion.first_order,
            limit_total=row.Promotion.limit_total,
            limit_per_customer=row.Promotion.limit_per_customer,
            used=row.Promotion.used,
            used_by_customer=row.used_by,
        )
        for row in rows
    )


def without_own(
    session: Session, rules: Sequence[Rule], *, order_ids: Collection[UUID], email: str | None
) -> tuple[Rule, ...]:
    """Return the rules as they are if these orders, which are still unpaid, had not used them; one statement.

    A shopper who comes back from paying to change something must not find their own code used up by themselves.
    """
    if not order_ids:
        return tuple(rules)
    own = session.execute(
        select(Redemption.promotion_id, Redemption.customer).where(
            Redemption.order_id.in_(order_ids), Redemption.released_at.is_(None)
        )
    ).all()
    key = customer_key(email) if email else None
    held = [row.promotion_id for row in own]
    theirs = [row.promotion_id for row in own if row.customer == key]
    return tuple(
        replace(
            rule,
            used=max(0, rule.used - held.count(rule.id)),
            used_by_customer=max(0, rule.used_by_customer - theirs.count(rule.id)),
        )
        for rule in rules
    )
