"""Emptying what the gateways' messages said of people; that a message came stays, so that a repeat is seen as one."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ARRAY, String, cast, select, tuple_, update
from sqlalchemy.orm import Session

from domain.payments.models import GatewayEvent

HELD = GatewayEvent.payload != {}
_ADDRESS = re.compile(r"""[^\s"'<>(),:;\\@]+@[^\s"'<>(),:;\\@]+""")


def mentions(payload: dict[str, Any]) -> list[str]:
    """Return the hashes of the e-mail addresses that a gateway's message names, wherever in it."""
    return sorted({_hash(address) for address in _ADDRESS.findall(json.dumps(payload, ensure_ascii=False))})


def forget_payers(session: Session, emails: Iterable[str]) -> None:
    """Empty the messages that name one of these addresses; those that are kept are a month old at the most."""
    session.execute(
        update(GatewayEvent)
        .where(GatewayEvent.mentions.op("&&")(cast([_hash(email) for email in emails], ARRAY(String))))
        .values(payload={}, mentions=[])
        .execution_options(synchronize_session=False)
    )


def _hash(address: str) -> str:
    return sha256(address.lower().encode()).hexdigest()


def empty_webhooks(session: Session, *, before: datetime, limit: int) -> int:
    """Empty some of the messages that came before a moment; return how many."""
    key = (GatewayEvent.gateway, GatewayEvent.event_id)
    old = select(*key).where(HELD, GatewayEvent.received_at < before).order_by(GatewayEvent.received_at).limit(limit)
    emptied = (
        update(GatewayEvent)
        .where(tuple_(*key).in_(old))
        .values(payload={}, mentions=[])
        .returning(GatewayEvent.event_id)
    )
    return len(session.scalars(emptied.execution_options(synchronize_session=False)).all())
