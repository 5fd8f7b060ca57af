"""The sandbox as a process: the shop's own adapters speak to it over HTTP and SMTP, and it survives a kill."""

import json
import smtplib
import urllib.request
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest

from domain.notifications.adapters import smtp
from domain.notifications.adapters.templates import Letter
from domain.payments.gateways.demo import DemoGateway
from domain.payments.gateways.port import GatewayTimeout, GatewayUnavailable, PaymentRequest
from domain.shared.settings import Settings
from tests.cli.sandbox.conftest import SECRET, Listener
from tests.processes import answers, eventually, free_port, running


def ready(settings: Settings) -> None:
    eventually(lambda: answers(settings.sandbox_port) and answers(settings.smtp_port))


def mailbox(settings: Settings, to: str = "") -> list[dict[str, object]]:
    with urllib.request.urlopen(f"{settings.sandbox_url}/mailbox.json?to={to}", timeout=5) as answer:  # noqa: S310
        return list(json.load(answer))


def request(settings: Settings) -> PaymentRequest:
    return PaymentRequest(
        payment_id=uuid4(), order_number="CS-1", amount=4495, currency="EUR", description="Order CS-1",
        email="aoife@example.com", return_url="http://shop.test/return", cancel_url="http://shop.test/cancel",
    )  # fmt: skip


def form(url: str, **values: str) -> int:
    """Send a form as a browser without following where it leads."""
    import urllib.error
    from urllib.parse import urlencode

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    try:
        return int(urllib.request.build_opener(Stay).open(url, data=urlencode(values).encode(), timeout=5).status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_shops_adapter_pays_and_gives_back(sandbox_settings: Settings, listener: Listener, tmp_path: Path) -> None:
    gateway = DemoGateway(base_url=sandbox_settings.sandbox_url, secret=SECRET, webhook_url=listener.url)
    asked = request(sandbox_settings)
    with running("cli.sandbox", sandbox_settings, tmp_path / "log"):
        ready(sandbox_settings)
        created = gateway.create(asked)
        assert gateway.create(asked) == created
        assert gateway.look_up(payment_id=asked.payment_id, reference=None).state == "pending"
        assert gateway.look_up(payment_id=uuid4(), reference=None).state == "missing"

        assert created.redirect_url is not None
        assert form(created.redirect_url, number="4242 4242 4242 4242") == 303
        outcome = gateway.look_up(payment_id=asked.payment_id, reference=created.reference)
        assert (outcome.state, outcome.captured) == ("captured", 4495)
        eventually(lambda: listener.received)
        event = gateway.parse_webhook(headers=listener.received[0][0], body=listener.received[0][1])
        assert (event.kind, event.payment_id) == ("payment.captured", asked.payment_id)

        refund = gateway.refund(reference=created.reference, amount=495, key="r1")
        assert refund.state == "succeeded"
        assert gateway.refund(reference=created.reference, amount=495, key="r1") == refund
        assert gateway.refund(reference=created.reference, amount=4001, key="r2").state == "failed"


def test_a_gateway_that_breaks_leaves_the_outcome_unknown(
    sandbox_settings: Settings, listener: Listener, tmp_path: Path
) -> None:
    gateway = DemoGateway(base_url=sandbox_settings.sandbox_url, secret=SECRET, webhook_url=listener.url)
    with running("cli.sandbox", sandbox_settings, tmp_path / "log"):
        ready(sandbox_settings)
        asked = request(sandbox_settings)
        created = gateway.create(asked)
        assert created.redirect_url is not None
        form(created.redirect_url, number="4000 0000 0000 0119")
        with pytest.raises(GatewayTimeout):
            gateway.look_up(payment_id=asked.payment_id, reference=created.reference)
        assert gateway.look_up(payment_id=asked.payment_id, reference=created.reference).state == "pending"
        eventually(lambda: listener.received)
    with pytest.raises(GatewayUnavailable):
        gateway.look_up(payment_id=asked.payment_id, reference=created.reference)


def test_nothing_is_lost_when_it_is_killed(sandbox_settings: Settings, listener: Listener, tmp_path: Path) -> None:
    gateway = DemoGateway(base_url=sandbox_settings.sandbox_url, secret=SECRET, webhook_url=listener.url)
    letter = Letter(subject="Grüße", text="Hello é\n", html="<html><head></head><body><p>Hello é</p></body></html>")
    message_id, asked = uuid4(), request(sandbox_settings)
    listener.status = 503
    with running("cli.sandbox", sandbox_settings, tmp_path / "log") as process:
        ready(sandbox_settings)
        provider_id = smtp.send(letter, to="aoife@example.com", message_id=message_id, settings=sandbox_settings)
        created = gateway.create(asked)
        assert created.redirect_url is not None
        form(created.redirect_url, number="4242 4242 4242 4242")
        process.kill()
        process.wait()
    listener.status = 200
    del listener.received[:]
    with running("cli.sandbox", sandbox_settings, tmp_path / "log"):
        ready(sandbox_settings)
        assert gateway.look_up(payment_id=asked.payment_id, reference=None).state == "captured"
        (mail,) = mailbox(sandbox_settings, "aoife@example.com")
        assert (mail["subject"], mail["message_id"]) == ("Grüße", provider_id)
        assert provider_id == f"<{message_id}@localhost>"
        assert "Hello é" in str(mail["text"])
        assert "<p>Hello é</p>" in str(mail["html"])
        eventually(lambda: listener.received, seconds=30)


def test_the_mailbox_shows_a_repeated_mail_once_with_its_count(sandbox_settings: Settings, tmp_path: Path) -> None:
    with running("cli.sandbox", sandbox_settings, tmp_path / "log"):
        ready(sandbox_settings)
        for number, to in ((1, "a@example.com"), (1, "a@example.com"), (2, "b@example.com")):
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = "shop@example.com", to, f"Mail {number} <&>"
            mail["Message-ID"] = f"<{number}@shop>"
            mail.set_content("Hello")
            with smtplib.SMTP("127.0.0.1", sandbox_settings.smtp_port, timeout=5) as server:
                server.send_message(mail)

        assert [(mail["subject"], mail["copies"]) for mail in mailbox(sandbox_settings)] == [
            ("Mail 2 <&>", 1), ("Mail 1 <&>", 2),
        ]  # fmt: skip
        assert [mail["to"] for mail in mailbox(sandbox_settings, "B@example.com")] == [["b@example.com"]]
        with urllib.request.urlopen(f"{sandbox_settings.sandbox_url}/mailbox", timeout=5) as answer:  # noqa: S310
            page = answer.read().decode()
        assert "Mail 1 &lt;&amp;&gt;" in page
        assert "came 2 times" in page


def test_a_closed_mail_server_raises_so_that_the_mail_is_tried_again(sandbox_settings: Settings) -> None:
    closed = sandbox_settings.model_copy(update={"smtp_port": free_port()})
    with pytest.raises(OSError, match="refused"):
        smtp.send(Letter("Subject", "Text", "<p>Text</p>"), to="a@example.com", message_id=uuid4(), settings=closed)


@pytest.mark.parametrize("to", ["not an address", "a@example.com\r\nBcc: all@example.com", "a@b@c", "a@"])
def test_an_impossible_address_is_refused_for_good(sandbox_settings: Settings, to: str) -> None:
    with pytest.raises(smtp.RecipientRefusedError):
        smtp.send(Letter("S", "T", "<p>T</p>"), to=to, message_id=uuid4(), settings=sandbox_settings)
