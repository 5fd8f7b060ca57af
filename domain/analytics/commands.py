"""Writing down what is counted: each figure is copied from what it counts, so that copying twice changes nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.analytics.models import AccountFact, CartFact, LineFact, OpinionFact, OrderFact
from domain.catalog.queries import buyables
from domain.orders.queries.figures import LineFigures, cart_of_order, order_figures

_EARLIEST = ("opened_at", "checkout_at", "ordered_at", "paid_at", "merged_at")


def copy_order(session: Session, order_id: UUID) -> None:
    """Count an order, its lines and what became of its cart, as they now are; an unknown one is left out.

    Two copies of one cart's orders wait for each other before they read: the later has the last word.
    """
    cart_id = cart_of_order(session, order_id)
    _wait_for_others(session, cart_id)
    figures = order_figures(session, order_id)
    if cart_id is None or figures is None:
        return
    values = {
        "placed_at": figures.placed_at,
        "paid_at": figures.paid_at,
        "cancelled_at": figures.cancelled_at,
        "currency": figures.currency,
        "country": figures.country,
        "code": figures.code,
        "total": figures.total,
        "refunded": figures.refunded,
        "units": figures.units,
    }
    statement = insert(OrderFact).values(order_id=order_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["order_id"], set_=values))
    _copy_lines(session, order_id, figures.lines)
    keep_cart(
        session,
        cart_id,
        opened_at=figures.placed_at,
        ordered_at=figures.placed_at,
        paid_at=figures.paid_at,
    )


def keep_cart(session: Session, cart_id: UUID, **moments: datetime | None) -> None:
    """Note when a cart was opened, checked out, ordered, paid or merged; of two moments the earlier one stays."""
    statement = insert(CartFact).values(cart_id=cart_id, **moments)
    # LEAST passes over NULL.
    earliest = {name: func.least(getattr(CartFact, name), statement.excluded[name]) for name in _EARLIEST}
    session.execute(statement.on_conflict_do_update(index_elements=["cart_id"], set_=earliest))


def keep_account(session: Session, account_id: UUID, *, verified_at: datetime) -> None:
    """Count an account once, at the moment its address was first verified."""
    statement = insert(AccountFact).values(account_id=account_id, verified_at=verified_at)
    session.execute(statement.on_conflict_do_nothing())


def keep_opinion(session: Session, *, order_id: UUID, score: int, answered_at: datetime) -> None:
    """Count how content a shopper is with an order, 1 to 5; the last answer counts."""
    statement = insert(OpinionFact).values(order_id=order_id, score=score, answered_at=answered_at)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["order_id"],
            set_={"score": statement.excluded.score, "answered_at": statement.excluded.answered_at},
            where=OpinionFact.answered_at < statement.excluded.answered_at,
        )
    )


def _copy_lines(session: Session, order_id: UUID, lines: Sequence[LineFigures]) -> None:
    if not lines:
        return
    goods = buyables(session, [line.variant_id for line in lines])
    rows: list[dict[str, Any]] = [
        {
            "line_id": line.line_id,
            "order_id": order_id,
            "sku": line.sku,
            "title": line.title,
            "category_path": goods[line.variant_id].category_path if line.variant_id in goods else "",
            "units": line.units,
            "back": line.back,
            "total": line.total,
        }
        for line in lines
    ]
    statement = insert(LineFact)
    session.execute(
        statement.values(rows).on_conflict_do_update(
            index_elements=["line_id"],
            # Where it stood when it was first counted stays: a move to another place does not rewrite the past.
            set_={name: statement.excluded[name] for name in ("units", "back", "total")},
        )
    )


def _wait_for_others(session: Session, cart_id: UUID | None) -> None:
    session.execute(func.pg_advisory_xact_lock(func.hashtextextended(f"the figures of {cart_id}", 0)).select())
