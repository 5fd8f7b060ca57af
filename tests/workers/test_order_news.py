"""An order's whole life through relay, worker, demo gateway and mail server, with the books clean at the end."""

import json
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any
from urllib.parse import urlencode

from redis import Redis
from sqlalchemy import Engine

from cli.audit import audit
from domain.analytics.periods import Period, day_of
from domain.analytics.queries import summary
from domain.orders.commands import check_payment, request_refund, ship, start_payment
from domain.payments.gateways import make_gateways
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.settings import Settings
from tests.cli.sandbox.test_running import form
from tests.factories.orders import make_order
from tests.processes import answers, eventually
from workers.sweep import sweep


def subjects(settings: Settings, to: str) -> list[str]:
    address = f"{settings.sandbox_url}/mailbox.json?{urlencode({'to': to})}"
    with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
        return sorted(mail["subject"] for mail in json.load(answer))


def test_every_step_of_an_order_is_told_once(
    engine: Engine,
    sessions: Sessions,
    redis: Redis,
    mailing: Settings,
    start: Callable[[str], AbstractContextManager[Any]],
) -> None:
    gateways = make_gateways(mailing)
    with ExitStack() as stack:
        for module in ("cli.sandbox", "workers.relay", "workers.work", "workers.cron"):
            stack.enter_context(start(module))
        eventually(lambda: answers(mailing.smtp_port) and answers(mailing.sandbox_port))

        with transaction(sessions) as tx:
            order = make_order(tx, gateway="demo", quantity=2)
        page = start_payment(sessions, gateways, order_id=order.order_id, return_url="http://shop.test/return")
        assert form(page, card="4000000000000002") == 303
        assert check_payment(sessions, gateways, order_id=order.order_id, now=utcnow())
        page = start_payment(sessions, gateways, order_id=order.order_id, return_url="http://shop.test/return")
        assert form(page, card="4242424242424242") == 303
        assert check_payment(sessions, gateways, order_id=order.order_id, now=utcnow())
        with transaction(sessions) as tx:
            ship(tx, order_id=order.order_id, actor="Ada", carrier="An Post", tracking_number="RR123")
        with transaction(sessions) as tx:
            request_refund(tx, order_id=order.order_id, reason="A chip in the glaze.", actor="Ada", amount=300)

        expected = sorted([
            f"Money back for order {order.number}",
            f"Payment received for order {order.number}",
            f"Your order {order.number} at Cornershop",
            f"Your order {order.number} is on its way",
            f"Your payment for order {order.number} did not go through",
        ])  # fmt: skip
        eventually(lambda: len(subjects(mailing, "aoife@example.com")) >= len(expected), seconds=40)
        assert subjects(mailing, "aoife@example.com") == expected
        found = eventually(lambda: (f := figures(sessions)).revenue.amount == order_total(sessions) - 300 and f)
        assert (found.orders, found.paid, found.units) == (1, 1, 2)

    sweep(sessions, redis)
    with engine.connect() as connection:
        assert {promise: rows for promise, rows in audit(connection, grace=0).items() if rows} == {}


def figures(sessions: Sessions) -> Any:
    with sessions() as session:
        today = day_of(utcnow(), "Europe/Dublin")
        return summary(session, Period(today, today, "Europe/Dublin"), currency="EUR")


def order_total(sessions: Sessions) -> int:
    from sqlalchemy import text

    with sessions() as session:
        return int(session.scalar(text("SELECT total FROM orders.orders")) or 0)
