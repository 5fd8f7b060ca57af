"""How the gateways have answered lately, by what the shop has kept of payments and webhooks.

Whether a gateway is left alone just now each process knows for itself; what came of it stands in the payments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.shared.db import reading

LATELY = timedelta(hours=1)
"""How long a fault counts as trouble, if no payment has gone through since."""


@dataclass(frozen=True)
class GatewayHealth:
    """What is known of a gateway: its last payment, its faults, and its last webhook of a month.

    A fault is a payment that failed because the gateway was not reached or never began it; a bank's refusal is none.
    `unanswered` are the payments it was asked for without an answer, which the shop goes on asking about.
    """

    name: str
    last_paid: datetime | None
    last_fault: datetime | None
    faults_hour: int
    faults_day: int
    unanswered: int
    last_unanswered: datetime | None
    last_webhook: datetime | None

    @property
    def silent(self) -> bool:
        """Whether no payment has gone through since it last failed to answer, lately."""
        if not (self.faults_hour or self.unanswered):
            return False
        failed = max(moment for moment in (self.last_fault, self.last_unanswered) if moment)
        return self.last_paid is None or self.last_paid < failed


_HEALTH = reading(
    """
    SELECT asked.name,
        (SELECT max(settled_at) FROM payments.payments WHERE gateway = asked.name AND state = 'captured'),
        (SELECT max(settled_at) FROM payments.payments
            WHERE gateway = asked.name AND failure_code IN ('unavailable', 'missing')),
        faults.hour, faults.day, unanswered.count, unanswered.newest,
        (SELECT max(received_at) FROM payments.gateway_events
            WHERE gateway = asked.name AND payload <> '{}'::jsonb)
    FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS asked(name, place),
        LATERAL (
            SELECT count(*) FILTER (WHERE settled_at > :hour_ago) AS hour, count(*) AS day FROM payments.payments
            WHERE gateway = asked.name AND failure_code IN ('unavailable', 'missing') AND settled_at > :day_ago
        ) faults,
        LATERAL (
            SELECT count(*), max(created_at) AS newest FROM payments.payments
            WHERE gateway = asked.name AND state = 'unknown'
        ) unanswered
    ORDER BY asked.place
    """,
    "name last_paid last_fault faults_hour faults_day unanswered last_unanswered last_webhook",
)


def gateway_health(session: Session, names: Sequence[str], *, now: datetime) -> tuple[GatewayHealth, ...]:
    """Return what is known of these gateways, in their order; one statement, each part of it by an index."""
    bounds = {"hour_ago": now - LATELY, "day_ago": now - timedelta(days=1)}
    found = session.execute(_HEALTH, bounds | {"names": list(names)})
    return tuple(GatewayHealth(*row) for row in found)
