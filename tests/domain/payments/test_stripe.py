"""Stripe: sessions by the shapes its reference describes, and signatures; lost answers are never guessed."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from domain.payments.gateways.port import (
    BadSignature,
    GatewayRefused,
    GatewayTimeout,
    GatewayUnavailable,
    PaymentRequest,
)
from domain.payments.gateways.stripe import TOLERANCE, StripeGateway
from domain.payments.gateways.stripe_words import DECLINED, REASONS, from_stripe, to_stripe
from tests.domain.payments.stripe_stub import StripeStub, running_stub
from tests.processes import free_port

SECRET = "whsec_for_tests_only"  # noqa: S105


def gateway_at(url: str, *, manual: bool = False) -> StripeGateway:
    return StripeGateway(secret_key="sk_test_12345", webhook_secret=SECRET, manual=manual, api_base=url)  # noqa: S106


@pytest.fixture
def stub() -> Iterator[StripeStub]:
    with running_stub() as stub:
        yield stub


@pytest.fixture
def gateway(stub: StripeStub) -> StripeGateway:
    return gateway_at(stub.url)


def request(payment_id: UUID | None = None, **changes: object) -> PaymentRequest:
    given = {
        "payment_id": payment_id or uuid4(), "order_number": "CS-1", "amount": 2990, "currency": "EUR",
        "description": "Order CS-1", "email": "ada@example.com", "return_url": "https://shop.test/orders/CS-1",
        "cancel_url": "https://shop.test/orders/CS-1",
    }  # fmt: skip
    return PaymentRequest(**(given | changes))  # type: ignore[arg-type]


def test_a_payment_is_made_on_stripes_own_page(gateway: StripeGateway, stub: StripeStub) -> None:
    asked = request()
    created = gateway.create(asked)

    assert created.redirect_url == f"https://checkout.stripe.com/c/pay/{created.reference}"
    (_, _, form) = stub.requests[0]
    assert form["line_items[0][price_data][unit_amount]"] == "2990"
    assert form["client_reference_id"] == str(asked.payment_id)
    assert gateway.look_up(payment_id=asked.payment_id, reference=created.reference).state == "pending"
    stub.pay(created.reference)
    outcome = gateway.look_up(payment_id=asked.payment_id, reference=created.reference)
    assert (outcome.state, outcome.captured, outcome.reference) == ("captured", 2990, created.reference)


def test_the_same_payment_is_opened_once(gateway: StripeGateway, stub: StripeStub) -> None:
    asked = request()

    assert gateway.create(asked) == gateway.create(asked)
    assert len(stub.sessions) == 1


def test_a_lost_answer_is_unknown_and_found_by_our_own_id(gateway: StripeGateway, stub: StripeStub) -> None:
    asked = request()
    stub.silent = True
    with pytest.raises(GatewayTimeout):
        gateway.create(asked)
    stub.silent = False
    gateway.create(request())

    found = gateway.look_up(payment_id=asked.payment_id, reference=None)
    assert (found.state, found.reference) == ("pending", "cs_test_1")
    assert gateway.look_up(payment_id=uuid4(), reference=None).state == "missing"
    assert gateway.look_up(payment_id=uuid4(), reference="cs_test_99").state == "missing"
    assert gateway.create(asked).reference == "cs_test_1"


@pytest.mark.parametrize(("status", "error"), [(500, GatewayTimeout), (401, GatewayUnavailable),
                                               (429, GatewayUnavailable), (403, GatewayUnavailable)])  # fmt: skip
def test_an_error_tells_whether_anything_can_have_happened(
    gateway: StripeGateway, stub: StripeStub, status: int, error: type[Exception]
) -> None:
    stub.fail = status

    with pytest.raises(error):
        gateway.create(request())


def test_nobody_there_means_that_nothing_happened() -> None:
    gateway = gateway_at(f"http://127.0.0.1:{free_port()}")

    with pytest.raises(GatewayUnavailable):
        gateway.create(request())


def test_money_is_set_aside_first_and_taken_once(stub: StripeStub) -> None:
    gateway, asked = gateway_at(stub.url, manual=True), request()
    reference = gateway.create(asked).reference
    stub.pay(reference)
    assert gateway.look_up(payment_id=asked.payment_id, reference=reference).state == "authorised"

    for _ in range(2):
        outcome = gateway.capture(reference=reference, amount=2990, key=str(asked.payment_id))
        assert (outcome.state, outcome.captured) == ("captured", 2990)
    assert len([path for _, path, _ in stub.requests if path.endswith("/capture")]) == 1


def test_what_is_not_wanted_any_more_is_let_go(stub: StripeStub) -> None:
    gateway = gateway_at(stub.url, manual=True)
    still_open, set_aside = gateway.create(request()).reference, gateway.create(request()).reference
    stub.pay(set_aside)

    assert gateway.cancel(reference=still_open).state == "cancelled"
    assert gateway.cancel(reference=set_aside).state == "cancelled"
    assert gateway.cancel(reference="cs_gone").state == "missing"


def test_a_payment_that_was_made_meanwhile_is_not_cancelled(gateway: StripeGateway, stub: StripeStub) -> None:
    reference = gateway.create(request()).reference
    stub.pay(reference)

    assert gateway.cancel(reference=reference).state == "captured"


@pytest.mark.parametrize(("code", "words"), [("insufficient_funds", REASONS["insufficient_funds"]),
                                             ("stolen_card", DECLINED), ("do_not_honor", DECLINED)])  # fmt: skip
def test_a_refusal_is_said_in_plain_words(gateway: StripeGateway, stub: StripeStub, code: str, words: str) -> None:
    reference = gateway.create(request()).reference
    stub.refuse(reference, code)

    outcome = gateway.look_up(payment_id=uuid4(), reference=reference)
    assert (outcome.state, outcome.failure_code, outcome.failure_message) == ("failed", code, words)


def test_money_goes_back_once_and_never_more_than_came(gateway: StripeGateway, stub: StripeStub) -> None:
    reference = gateway.create(request()).reference
    stub.pay(reference)

    first = gateway.refund(reference=reference, amount=1000, key="one")
    assert first == gateway.refund(reference=reference, amount=1000, key="one")
    assert gateway.refund(reference=reference, amount=2000, key="two").state == "failed"
    assert gateway.look_up(payment_id=uuid4(), reference=reference).refunded == 1000
    assert gateway.refund(reference="cs_gone", amount=1, key="three").state == "failed"


def test_a_refund_whose_answer_was_lost_is_found_again(gateway: StripeGateway, stub: StripeStub) -> None:
    reference = gateway.create(request()).reference
    stub.pay(reference)
    gateway.refund(reference=reference, amount=1000, key="one")
    stub.keys.clear()  # Stripe forgets a key after a day

    assert gateway.refund(reference=reference, amount=1000, key="one").state == "succeeded"
    assert len(stub.refunds) == 1


@pytest.mark.parametrize(("currency", "amount", "at_stripe"), [("EUR", 1250, 1250), ("JPY", 500, 500),
                                                               ("ISK", 500, 50000), ("KWD", 1230, 1230),
                                                               ("MGA", 500_00, 500)])  # fmt: skip
def test_amounts_are_written_as_stripe_counts_them(currency: str, amount: int, at_stripe: int) -> None:
    assert to_stripe(amount, currency) == at_stripe
    assert from_stripe(at_stripe, currency) == amount


@pytest.mark.parametrize(("amount", "currency"), [(1234, "KWD"), (150, "MGA")])
def test_an_amount_that_stripe_cannot_take_is_refused(
    gateway: StripeGateway, stub: StripeStub, amount: int, currency: str
) -> None:
    with pytest.raises(GatewayRefused, match="amounts in this currency"):
        gateway.create(request(amount=amount, currency=currency))
    assert not stub.sessions


def test_a_part_that_stripe_cannot_give_back_is_refused_and_not_tried_for_ever(
    gateway: StripeGateway, stub: StripeStub
) -> None:
    reference = gateway.create(request(amount=12340, currency="KWD")).reference
    stub.pay(reference)

    outcome = gateway.refund(reference=reference, amount=4113, key="one")

    assert (outcome.state, stub.refunds) == ("failed", {})
    assert "end in 0" in (outcome.failure_message or "")


def message(payment_id: UUID, kind: str = "checkout.session.completed") -> bytes:
    thing = {"id": "cs_test_1", "object": "checkout.session", "client_reference_id": str(payment_id), "metadata": {}}
    if kind.startswith("payment_intent"):
        thing = {"id": "pi_1", "object": "payment_intent", "metadata": {"payment_id": str(payment_id)}}
    return json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": thing}}).encode()


def signed(body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    stamp = str(int(at or time.time()))
    signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={stamp},v1={signature}"}


def test_a_signed_message_names_its_payment() -> None:
    payment_id, gateway = uuid4(), gateway_at("http://127.0.0.1:1")
    for kind, reference in (("checkout.session.completed", "cs_test_1"), ("payment_intent.succeeded", None)):
        body = message(payment_id, kind)
        event = gateway.parse_webhook(headers=signed(body), body=body)
        assert (event.event_id, event.kind, event.payment_id, event.reference) == ("evt_1", kind, payment_id, reference)


@pytest.mark.parametrize("headers", [
    {}, {"Stripe-Signature": "nonsense"}, signed(message(UUID(int=1)), secret="another"),  # noqa: S106
    signed(message(UUID(int=1)), at=time.time() - TOLERANCE - 60), signed(b"{}"),
], ids=["none", "nonsense", "another secret", "old", "another body"])  # fmt: skip
def test_a_message_that_is_not_signed_by_stripe_now_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        gateway_at("http://127.0.0.1:1").parse_webhook(headers=headers, body=message(UUID(int=1)))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"data": {"object": null}}', b"\xff"])
def test_a_signed_message_that_makes_no_sense_is_refused(body: bytes) -> None:
    with pytest.raises(BadSignature):
        gateway_at("http://127.0.0.1:1").parse_webhook(headers=signed(body), body=body)
