"""What the health of the gateways costs to know."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.payments.health import _HEALTH, gateway_health
from domain.payments.models import CAPTURED, CREATED, Payment
from domain.shared.db import utcnow


def test_gateways_come_in_the_order_they_are_asked_for(session: Session) -> None:
    assert [one.name for one in gateway_health(session, ["stripe", "bank"], now=utcnow())] == ["stripe", "bank"]
    assert gateway_health(session, [], now=utcnow()) == ()


def test_each_part_is_read_by_its_index(session: Session) -> None:
    # Of a handful of rows any index is as good as another, so the plan is that of a shop which has sold for a while.
    for state in [CAPTURED, CREATED] * 1000:
        settled = utcnow() if state == CAPTURED else None
        session.add(
            Payment(order_id=uuid4(), gateway="demo", amount=100, currency="EUR", state=state, settled_at=settled)
        )
    session.flush()
    session.execute(text("ANALYZE payments.payments"))
    session.execute(text("SET LOCAL enable_seqscan = off"))
    values = {"names": ["demo"], "hour_ago": utcnow(), "day_ago": utcnow() - timedelta(days=1)}
    plan = "\n".join(session.scalars(text(f"EXPLAIN {_HEALTH.element.text}"), values))

    assert "Seq Scan" not in plan, plan
    for index in ("captured", "faults", "unanswered"):
        assert f"ix_payments_{index}" in plan, plan
