"""An order on its way through a gateway, for the tests of payments."""

from datetime import timedelta

import pytest

from domain.orders.commands import expire_unpaid, reconcile, start_payment
from domain.orders.queries import order_page
from domain.shared.db import Sessions, transaction, utcnow
from tests.domain.orders.books import state
from tests.factories.catalog import make_product
from tests.factories.orders import RETURN_URL, MemoryGateway, make_order


class Shop:
    """An order that was just placed, and the gateway it will be paid at."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions, self.gateway = sessions, MemoryGateway()
        self.gateways = {"memory": self.gateway}
        with transaction(sessions) as tx:
            self.mug = make_product(tx, sku="MUG", on_hand=5)
            self.order = make_order(tx, sku="MUG")
        self.id = self.order.order_id

    def start(self, **values) -> str:
        return start_payment(self.sessions, self.gateways, order_id=self.id, return_url=RETURN_URL, **values)

    @property
    def payment_id(self):
        return self.gateway.created[-1].payment_id

    def reconcile(self, **later) -> int:
        return reconcile(self.sessions, self.gateways, now=utcnow() + timedelta(**(later or {"minutes": 2})))

    def expire(self, **later) -> int:
        return expire_unpaid(self.sessions, self.gateways, now=utcnow() + timedelta(**later))

    def read(self, question, *args, **values):
        with transaction(self.sessions) as tx:
            return question(tx, *args, **values)

    @property
    def state(self) -> str:
        return self.read(state, self.id)

    @property
    def payment(self):
        return self.read(order_page, self.order.number, access_key=self.order.access_key).payment


@pytest.fixture
def shop(sessions) -> Shop:
    return Shop(sessions)
