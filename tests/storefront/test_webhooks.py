"""News from the gateway: signed, once, and never believed without asking."""

import pytest
from sqlalchemy import func, select

from domain.orders.models import Order
from domain.payments.models import GatewayEvent
from domain.shared.db import Sessions
from tests.storefront.conftest import Shopper
from tests.storefront.gateway import ScriptedGateway


@pytest.fixture
def ordered(shopper: Shopper) -> Shopper:
    """A guest whose order waits for its payment."""
    assert shopper.ready().order().status_code == 303
    return shopper


def _counts(sessions: Sessions) -> tuple[str, int]:
    with sessions() as session:
        events = session.scalar(select(func.count()).select_from(GatewayEvent)) or 0
        return session.scalars(select(Order.state)).one(), events


def test_news_pays_the_order_once_however_often_it_comes(
    ordered: Shopper, sessions: Sessions, gateway: ScriptedGateway
) -> None:
    gateway.state = "captured"
    body, headers = gateway.message()

    answers = [ordered.client.post("/webhooks/demo", data=body, headers=headers) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer.json["news"] for answer in answers] == [True, False, False]
    assert _counts(sessions) == ("paid", 1)


def test_a_message_is_not_believed_without_asking(
    ordered: Shopper, sessions: Sessions, gateway: ScriptedGateway
) -> None:
    body, headers = gateway.message()

    assert ordered.client.post("/webhooks/demo", data=body, headers=headers).status_code == 200
    assert _counts(sessions)[0] == "placed"


def test_a_message_that_is_not_signed_is_refused(
    ordered: Shopper, sessions: Sessions, gateway: ScriptedGateway
) -> None:
    gateway.state = "captured"
    body, headers = gateway.message()
    forged = gateway.message(secret="another")[1]  # noqa: S106

    for data, given in ((body, forged), (body + b" ", headers), (body, {}), (b"", {"X-Demo-Signature": "t=1,v1=é"})):
        answer = ordered.client.post("/webhooks/demo", data=data, headers=given)
        assert answer.status_code == 400
        assert answer.json["error"]["message"] == "The signature does not match."
    assert _counts(sessions) == ("placed", 0)


def test_an_unknown_gateway_is_not_found(ordered: Shopper, gateway: ScriptedGateway) -> None:
    body, headers = gateway.message()

    assert ordered.client.post("/webhooks/none", data=body, headers=headers).status_code == 404


def test_while_the_gateway_cannot_be_asked_it_is_told_to_come_again(
    ordered: Shopper, sessions: Sessions, gateway: ScriptedGateway
) -> None:
    body, headers = gateway.message()
    gateway.reachable = False

    answer = ordered.client.post("/webhooks/demo", data=body, headers=headers)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert _counts(sessions) == ("placed", 0)
