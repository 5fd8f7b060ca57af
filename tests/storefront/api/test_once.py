"""One Idempotency-Key in many requests at the same moment: one of them acts, and nothing is doubled."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from domain.cart.models import Cart, CartLine
from domain.orders.models import Order
from domain.payments.gateways.port import Created, PaymentRequest
from domain.payments.models import Payment
from domain.shared.db import Sessions
from domain.shared.idempotency import IdempotencyKey
from tests.domain.orders.racers import at_once
from tests.storefront.api.conftest import Phone
from tests.storefront.api.test_buying import agree, count, fill
from tests.storefront.gateway import ScriptedGateway

IN_USE = "/api/v1/docs#key-in-use"


class PatientGateway(ScriptedGateway):
    """Answers once it is told to, so that a test can look at a request that is under way."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.may_answer = threading.Event(), threading.Event()
        self.may_answer.set()

    def create(self, request: PaymentRequest) -> Created:
        """Wait for the word, then open the payment."""
        self.asked.set()
        assert self.may_answer.wait(30)
        return super().create(request)


@pytest.fixture
def gateway() -> PatientGateway:
    return PatientGateway()


def again(phone: Phone, path: str, body: object, key: str) -> TestResponse:
    """Send a request from another thread, which needs a client of its own."""
    client = phone.client.application.test_client()
    return client.post(f"/api/v1{path}", json=body, headers=phone.headers | {"Idempotency-Key": key})


def test_eight_orders_with_one_key_at_once_are_one_order_and_one_charge(
    phone: Phone, gateway: PatientGateway, sessions: Sessions
) -> None:
    wanted, key = agree(fill(phone)), str(uuid4())

    answers = at_once(*[lambda: again(phone, "/orders", wanted, key)] * 8)

    done = [answer for answer in answers if answer.status_code == 201]
    told = [answer for answer in answers if answer.status_code == 409]
    assert (len(done) >= 1, len(done) + len(told)) == (True, 8)
    assert {answer.json["type"] for answer in told} <= {IN_USE}
    assert sum("Idempotency-Replayed" not in answer.headers for answer in done) == 1
    later = phone.post("/orders", wanted, Idempotency_Key=key)
    assert {answer.text for answer in [*done, later]} == {later.text}
    assert later.headers["Idempotency-Replayed"] == "true"
    assert (count(sessions, Order), count(sessions, Payment), len(gateway.requests)) == (1, 1, 1)


def test_while_the_gateway_is_asked_the_same_key_is_told_to_wait(
    phone: Phone, gateway: PatientGateway, sessions: Sessions
) -> None:
    wanted, key, answers = agree(fill(phone)), str(uuid4()), []
    gateway.may_answer.clear()
    first = threading.Thread(target=lambda: answers.append(again(phone, "/orders", wanted, key)))
    first.start()
    assert gateway.asked.wait(30)

    meanwhile = phone.post("/orders", wanted, Idempotency_Key=key)
    changed = phone.post("/orders", wanted | {"agreed_total": {"amount": 1, "currency": "EUR"}}, Idempotency_Key=key)
    gateway.may_answer.set()
    first.join(30)

    assert (meanwhile.status_code, meanwhile.json["type"]) == (409, IN_USE)
    assert (changed.status_code, changed.json["type"]) == (422, "/api/v1/docs#key-reused")
    assert answers[0].status_code == 201
    assert phone.post("/orders", wanted, Idempotency_Key=key).json == answers[0].json
    assert (count(sessions, Order), count(sessions, Payment), len(gateway.requests)) == (1, 1, 1)


def test_eight_that_open_a_cart_with_one_key_at_once_open_one(phone: Phone, sessions: Sessions) -> None:
    key, body = str(uuid4()), {"sku": "MUG-1", "quantity": 2}

    answers = at_once(*[lambda: again(phone, "/cart/lines", body, key)] * 8)

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json["token"] for answer in answers if answer.status_code == 201}) == 1
    assert (count(sessions, Cart), count(sessions, IdempotencyKey)) == (1, 1)
    with sessions() as session:
        assert session.scalar(select(func.sum(CartLine.quantity))) == 2


def test_a_key_whose_token_was_refused_may_be_sent_again(phone: Phone) -> None:
    body, key = {"refresh_token": "0192f0c1-7d5b-7000-8000-000000000001.secret"}, str(uuid4())

    refused = [phone.post("/tokens/refresh", body, Idempotency_Key=key) for _ in range(2)]

    assert [answer.status_code for answer in refused] == [401, 401]
