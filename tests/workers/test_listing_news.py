"""A sale and a new price reach lists and searches through relay and worker, woken by the event and by nothing else."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any
from uuid import uuid4

from redis import Redis

from domain.catalog import commands
from domain.catalog.queries import Card, ListingRequest, listing
from domain.shared.db import Sessions, transaction
from domain.shared.money import Money
from tests.factories.catalog import make_product
from tests.processes import eventually


def test_a_sale_and_a_new_price_show_in_lists_and_searches(
    sessions: Sessions, redis: Redis, start: Callable[[str], AbstractContextManager[Any]]
) -> None:
    with transaction(sessions) as tx:
        mug = make_product(tx, title="Harbour mug", price=1000, on_hand=1)

    def seen(**values: Any) -> Card:
        with sessions() as session:
            (card,) = listing(session, ListingRequest(**values), "EUR").cards
            return card

    with ExitStack() as stack:
        for module in ("workers.relay", "workers.work"):
            stack.enter_context(start(module))

        with transaction(sessions) as tx:
            commands.set_price(tx, variant_id=mug.variant_id, price=700, compare_at=1000)
        eventually(lambda: seen(q="harbour").price == seen().price == Money(700, "EUR"))

        with transaction(sessions) as tx:
            commands.reserve(tx, quantities={mug.variant_id: 1}, order_id=uuid4(), actor="shop")
        eventually(lambda: not seen(q="harbour").in_stock and not seen().in_stock)
