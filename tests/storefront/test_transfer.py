"""Paying by bank transfer, from the choice to the goods; and what is offered while a gateway is down."""

import pytest
from flask import Flask

from admin import create_app as create_admin
from domain.payments.gateways.breaker import Breaker
from domain.payments.gateways.port import GatewayTimeout
from domain.shared.breaker import FAILURES
from domain.shared.db import Sessions, transaction
from domain.shared.settings import Settings
from storefront import create_app
from tests.factories.orders import MemoryGateway
from tests.factories.users import PASSWORD, make_staff
from tests.storefront.conftest import Goods, Shopper


@pytest.fixture
def with_bank(settings: Settings) -> Settings:
    return settings.model_copy(update={"gateways": ("demo", "bank"), "bank_iban": "IE64 IRCE 9205 0112 3456 78"})


@pytest.fixture
def app(with_bank: Settings, sessions: Sessions, goods: Goods) -> Flask:
    return create_app(settings=with_bank, sessions=sessions)


def test_a_transfer_from_the_choice_to_the_confirmation(app: Flask, with_bank: Settings, sessions: Sessions) -> None:
    shopper = Shopper(app.test_client()).ready()
    assert "Bank transfer" in shopper.client.get("/checkout/review").text

    answer = shopper.order(gateway="bank")
    path = answer.headers["Location"].removeprefix("http://localhost")
    page = shopper.client.get(path, follow_redirects=True).text
    assert "Please transfer" in page
    assert "IE64 IRCE 9205 0112 3456 78" in page
    assert "€17.00" in page

    with transaction(sessions) as tx:
        make_staff(tx, email="ann@shop.test", name="Ann", role="owner")
    staff = create_admin(settings=with_bank, sessions=sessions).test_client()
    staff.post("/sign-in", data={"email": "ann@shop.test", "password": PASSWORD})
    number = path.split("/")[2].split("?")[0]
    order = staff.get(f"/orders/{number}").text
    action = order.split('/confirmation"')[0].split('action="')[-1] + "/confirmation"
    for amount, words in (("", "Enter an amount"), ("17,00", "The money is noted"), ("17", "confirmed already")):
        assert words in staff.post(action, data={"amount": amount}, follow_redirects=True).text
    assert "Paid" in shopper.client.get(path, follow_redirects=True).text


def test_a_gateway_that_is_down_is_not_offered_while_another_one_answers(
    settings: Settings, sessions: Sessions, goods: Goods
) -> None:
    inner = MemoryGateway()
    down, up = Breaker(inner), MemoryGateway()
    inner.fail_with = GatewayTimeout()
    both = settings.model_copy(update={"gateways": ("demo", "memory")})
    shopper = Shopper(
        create_app(settings=both, sessions=sessions, gateways={"demo": down, "memory": up}).test_client()
    ).ready()
    assert 'value="demo"' in shopper.client.get("/checkout/review").text

    for _ in range(FAILURES):
        with pytest.raises(GatewayTimeout):
            down.cancel(reference="any")

    page = shopper.client.get("/checkout/review").text
    assert 'name="gateway" value="demo"' not in page
    assert 'value="memory"' in page


def test_with_every_gateway_down_the_order_is_kept_to_be_paid_later(
    settings: Settings, sessions: Sessions, goods: Goods
) -> None:
    inner = MemoryGateway()
    down = Breaker(inner)
    inner.fail_with = GatewayTimeout()
    shopper = Shopper(create_app(settings=settings, sessions=sessions, gateways={"demo": down}).test_client()).ready()
    for _ in range(FAILURES):
        with pytest.raises(GatewayTimeout):
            down.cancel(reference="any")

    answer = shopper.order()

    assert answer.status_code == 303
    page = shopper.client.get(answer.headers["Location"].removeprefix("http://localhost"), follow_redirects=True).text
    assert "cannot be reached" in page
    assert "Pay €17.00 now" in page
