"""Which ways to pay there are is decided in the admin; what they need stays where the shop runs."""

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from admin import create_app as create_admin
from admin.views import ways_to_pay
from domain.payments.gateways import make_gateways
from domain.shared.db import Sessions, transaction
from domain.shared.preferences import in_force, keep
from domain.shared.settings import Settings
from storefront import create_app as create_storefront
from tests.admin.conftest import send
from tests.factories.users import PASSWORD, make_staff
from tests.storefront.conftest import Shopper, put_on_shelves

KEY = "sk_test_0123456789"


@pytest.fixture
def equipped(settings: Settings) -> Settings:
    """A shop whose operator has set what Stripe, transfers and the demo gateway need, and named the last alone."""
    return settings.model_copy(
        update={
            "stripe_secret_key": SecretStr(KEY),
            "stripe_webhook_secret": SecretStr("whsec_x"),
            "bank_iban": "IE64 IRCE 9205 0112 3456 78",
        }
    )


@pytest.fixture
def owner(equipped: Settings, sessions: Sessions, redis) -> FlaskClient:
    """The owner of that shop, signed in."""
    return _sign_in(equipped, sessions, redis)


def _sign_in(settings: Settings, sessions: Sessions, redis) -> FlaskClient:
    with transaction(sessions) as tx:
        make_staff(tx, email="owner@shop.test", role="owner")
    client = create_admin(settings=settings, sessions=sessions, redis=redis).test_client()
    assert client.post("/sign-in", data={"email": "owner@shop.test", "password": PASSWORD}).status_code == 303
    return client


def _offer(client: FlaskClient, *names: str, **more: str):
    data = {f"on_{name}": "y" for name in names} | {f"place_{name}": str(at) for at, name in enumerate(names, start=1)}
    return send(client, "/settings/payment", data | more)


def test_shoppers_see_what_is_offered_in_its_order_and_by_its_name(
    owner: FlaskClient, equipped: Settings, sessions: Sessions
) -> None:
    with transaction(sessions) as tx:
        put_on_shelves(tx)
    shopper = Shopper(create_storefront(settings=equipped, sessions=sessions).test_client()).ready()
    before = shopper.client.get("/checkout/review").text
    assert ("Card (demo)" in before, "Bank transfer" in before) == (True, False)

    assert _offer(owner, "bank", "stripe", label_bank="Transfer in advance", label_stripe="Card").status_code == 303
    shopper.client.application.extensions["preferences"].forget()

    page = shopper.client.get("/checkout/review").text
    assert page.index("Transfer in advance") < page.index("<strong>Card</strong>")
    assert "Card (demo)" not in page
    refused = shopper.order(gateway="demo")
    assert (refused.status_code, "Choose one of the ways to pay" in refused.text) == (422, True)
    assert shopper.order(gateway="bank").status_code == 303


def test_the_page_says_what_is_set_and_never_its_value(owner: FlaskClient) -> None:
    page = owner.get("/settings/payment").text

    assert KEY not in page
    assert "whsec_x" not in page
    assert "0112 3456" not in page
    assert "SHOP_STRIPE_SECRET_KEY" in page
    assert "Test: no money moves" in page


def test_a_way_without_its_secrets_cannot_be_switched_on(settings: Settings, sessions: Sessions, redis) -> None:
    owner = _sign_in(settings, sessions, redis)
    page = owner.get("/settings/payment").text
    assert "Not set." in page
    assert 'name="on_stripe"' not in page

    refused = _offer(owner, "stripe", "demo")

    assert refused.status_code == 422
    assert "SHOP_STRIPE_SECRET_KEY and SHOP_STRIPE_WEBHOOK_SECRET must be set where the shop runs" in refused.text
    assert in_force(sessions, settings) == settings


def test_one_way_at_least_is_offered(owner: FlaskClient, equipped: Settings, sessions: Sessions) -> None:
    refused = _offer(owner)

    assert (refused.status_code, "Offer at least one way to pay." in refused.text) == (422, True)
    assert in_force(sessions, equipped) == equipped


def test_a_way_that_lost_its_secrets_is_offered_to_nobody_and_one_not_offered_still_answers(
    owner: FlaskClient, equipped: Settings, settings: Settings, sessions: Sessions
) -> None:
    _offer(owner, "stripe")

    assert list(make_gateways(in_force(sessions, equipped))) == ["stripe", "bank", "demo"]
    assert list(make_gateways(in_force(sessions, settings))) == ["demo"]


def test_a_page_is_of_one_moment_so_that_nobody_saves_over_what_it_never_showed(
    owner: FlaskClient, equipped: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    _offer(owner, "bank", "stripe")
    read = ways_to_pay.ways_to_be_paid
    colleagues = [{"gateways": "demo"}]

    def decided_meanwhile(*given):
        ways = read(*given)
        if colleagues:
            with transaction(sessions) as tx:
                keep(tx, colleagues.pop())
        return ways

    monkeypatch.setattr(ways_to_pay, "ways_to_be_paid", decided_meanwhile)

    answer = _offer(owner, "bank", "stripe")

    assert (answer.status_code, in_force(sessions, equipped).gateways) == (409, ("demo",))
