"""The promotions that could apply to a cart."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    DateTime,
    ScalarSelect,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from domain.catalog.queries import categories_in, products_in
from domain.promotions.kinds import customer_key
from domain.promotions.models import Code, Promotion, Redemption, Usage
from domain.promotions.rules import Rule

_PLAIN = (
    "id", "name", "kind", "basis_points", "amount", "buy", "get", "automatic", "active", "priority", "exclusive",
    "starts_at", "ends_at", "min_quantity", "min_subtotal", "first_order", "limit_total", "limit_per_customer",
)  # fmt: skip
MOST_ANNOUNCEMENTS = 3
"""How many sentences fit in the shop's window."""
_OFFER, _USE = aliased(Promotion, name="offer"), aliased(Redemption, name="use")
_CODE: BindParameter[str | None] = bindparam("code", type_=String)
_CUSTOMER: BindParameter[str | None] = bindparam("customer", type_=String)
_NOW: BindParameter[datetime] = bindparam("now", type_=DateTime(timezone=True))


def offers_beside(own_orders: Select[UUID]) -> ScalarSelect[Any]:
    """Return an expression for the automatic promotions of this moment and that of the code, whatever became of it.

    It goes into a statement of the caller's, with the values of `offer_values`. What `own_orders` have used does not
    count: those are the cart's own, still unpaid, and a shopper who comes back from paying to change something must
    not find a code used up by themselves.
    """
    own = (
        _USE.promotion_id == _OFFER.id,
        _USE.released_at.is_(None),
        _USE.order_id.in_(own_orders),
    )
    held = select(func.count()).where(*own).scalar_subquery()
    held_by_customer = select(func.count()).where(*own, _USE.customer == _CUSTOMER).scalar_subquery()
    by_customer = (
        select(Usage.used).where(Usage.promotion_id == _OFFER.id, Usage.customer == _CUSTOMER).scalar_subquery()
    )
    values: dict[str, Any] = {name: getattr(_OFFER, name) for name in _PLAIN} | {
        "scoped": func.cardinality(_OFFER.category_ids) + func.cardinality(_OFFER.product_ids) > 0,
        "categories": categories_in(_OFFER.category_ids),
        "products": products_in(_OFFER.product_ids),
        "used": _OFFER.used - held,
        "used_by_customer": func.coalesce(by_customer, 0) - held_by_customer,
    }
    # The names stand in the statement itself, or they would be passed along with the values each time.
    pairs: list[Any] = []
    for name, value in values.items():
        pairs += [literal_column(f"'{name}'"), value]
    running = and_(
        _OFFER.automatic,
        _OFFER.active,
        or_(_OFFER.starts_at.is_(None), _OFFER.starts_at <= _NOW),
        or_(_OFFER.ends_at.is_(None), _OFFER.ends_at > _NOW),
    )
    by_code = select(Code.promotion_id).where(Code.code == _CODE).scalar_subquery()
    return (
        select(func.jsonb_agg(func.jsonb_build_object(*pairs)))
        .where(or_(running, and_(~_OFFER.automatic, _OFFER.id == by_code)))
        .scalar_subquery()
    )


def announcements(session: Session, *, now: datetime) -> tuple[str, ...]:
    """Return what stands in the shop's window: a sentence of each running promotion that has one; one statement."""
    started = or_(Promotion.starts_at.is_(None), Promotion.starts_at <= now)
    goes_on = or_(Promotion.ends_at.is_(None), Promotion.ends_at > now)
    left = or_(Promotion.limit_total.is_(None), Promotion.used < Promotion.limit_total)
    return tuple(
        session.scalars(
            select(Promotion.announcement)
            .where(Promotion.announcement != "", Promotion.active, started, goes_on, left)
            .order_by(Promotion.priority.desc(), Promotion.id)
            .limit(MOST_ANNOUNCEMENTS)
        )
    )


def offer_values(*, code: str | None, email: str | None, now: datetime) -> dict[str, Any]:
    """Return the values that `offers_beside` asks for; without an address the customer is taken for a new one."""
    return {"code": code, "customer": customer_key(email) if email else None, "now": now}


def to_rules(found: Sequence[dict[str, Any]] | None, *, code: str | None) -> tuple[Rule, ...]:
    """Make rules of what `offers_beside` gave; `code` is the one it was asked with."""
    return tuple(_rule(dict(row), code) for row in found or ())


def _rule(row: dict[str, Any], code: str | None) -> Rule:
    return Rule(
        **row
        | {
            "id": UUID(row["id"]),
            "code": None if row.pop("automatic") else code,
            "starts_at": _moment(row["starts_at"]),
            "ends_at": _moment(row["ends_at"]),
            "categories": tuple((path, name) for path, name in row["categories"] or ()),
            "products": tuple((UUID(id_), title) for id_, title in row["products"] or ()),
            "used": max(0, row["used"]),
            "used_by_customer": max(0, row["used_by_customer"]),
        }
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
