"""Stripe's payment intents against a fake that others wrote: localstripe, as far as it goes.

It knows no Checkout Sessions, so the intents are made as Stripe's page would make them; it does not say how much of an
intent was received, and lets more go back than came in. Both are tested on recorded shapes.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
import stripe
from stripe import StripeClient

from domain.payments.gateways.stripe import StripeGateway
from tests.processes import free_port

KEY = "sk_test_12345"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 30
    while True:
        try:
            client(address).v1.customers.list({"limit": 1})
            break
        except stripe.StripeError:
            assert time.monotonic() < deadline, "localstripe did not start"
            time.sleep(0.2)
    yield address
    process.terminate()
    process.wait(timeout=10)


def client(address: str) -> StripeClient:
    return StripeClient(KEY, base_addresses={"api": address}, max_network_retries=0)


@pytest.fixture
def gateway(url: str) -> StripeGateway:
    return StripeGateway(secret_key=KEY, webhook_secret="whsec", api_base=url)  # noqa: S106


def intent(url: str, card: str = "4242424242424242", *, manual: bool = False) -> str:
    """Make and confirm a payment intent of 29.90 euros as Stripe's own page does, and return its id."""
    made = client(url)
    method = made.v1.payment_methods.create(
        {"type": "card", "card": {"number": card, "exp_month": 12, "exp_year": 2040, "cvc": "123"}}  # type: ignore[typeddict-item]
    )
    found = made.v1.payment_intents.create(
        {
            "amount": 2990,
            "currency": "eur",
            "payment_method": method.id,
            "capture_method": "manual" if manual else "automatic",
        }
    )
    with contextlib.suppress(stripe.CardError):
        made.v1.payment_intents.confirm(found.id)
    return str(found.id)


def test_money_that_was_taken(gateway: StripeGateway, url: str) -> None:
    reference = intent(url)

    assert gateway.look_up(payment_id=uuid4(), reference=reference).state == "captured"


def test_money_that_is_set_aside_is_taken_or_let_go(gateway: StripeGateway, url: str) -> None:
    taken, let_go = intent(url, manual=True), intent(url, manual=True)
    assert gateway.look_up(payment_id=uuid4(), reference=taken).state == "authorised"

    assert gateway.capture(reference=taken, amount=2990, key="one").state == "captured"
    assert gateway.cancel(reference=let_go).state == "cancelled"
    assert gateway.look_up(payment_id=uuid4(), reference=let_go).state == "cancelled"


def test_a_declined_card(gateway: StripeGateway, url: str) -> None:
    outcome = gateway.look_up(payment_id=uuid4(), reference=intent(url, "4000000000000341"))

    assert outcome.state == "failed"
    assert outcome.failure_message


def test_money_goes_back(gateway: StripeGateway, url: str) -> None:
    reference = intent(url)

    for _ in range(2):
        assert gateway.refund(reference=reference, amount=1000, key="one").state == "succeeded"

    assert gateway.look_up(payment_id=uuid4(), reference=reference).refunded == 1000


def test_an_unknown_payment_is_missing(gateway: StripeGateway) -> None:
    assert gateway.look_up(payment_id=uuid4(), reference="pi_unknown").state == "missing"
