"""Emptying what the gateways' messages said of people; that a message came stays, so that a repeat is seen as one."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Text, cast, select, tuple_, update
from sqlalchemy.orm import Session

from domain.payments.models import GatewayEvent

HELD = GatewayEvent.payload != {}


def forget_payers(session: Session, emails: Iterable[str]) -> None:
    """Empty the messages that name one of these addresses; those that are kept are a month old at the most."""
    for email in emails:
        session.execute(
            update(GatewayEvent)
            .where(HELD, cast(GatewayEvent.payload, Text).icontains(email, autoescape=True))
            .values(payload={})
            .execution_options(synchronize_session=False)
        )


def empty_webhooks(session: Session, *, before: datetime, limit: int) -> int:
    """Empty some of the messages that came before a moment; return how many."""
    key = (GatewayEvent.gateway, GatewayEvent.event_id)
    old = select(*key).where(HELD, GatewayEvent.received_at < before).order_by(GatewayEvent.received_at).limit(limit)
    emptied = update(GatewayEvent).where(tuple_(*key).in_(old)).values(payload={}).returning(GatewayEvent.event_id)
    return len(session.scalars(emptied.execution_options(synchronize_session=False)).all())
