"""Stripe, by its own library: hosted Checkout, so that the shop needs no script of Stripe's and sees no card.

The reference of a payment is its Checkout Session's id (`cs_…`); a PaymentIntent's id (`pi_…`) is understood as well.
Source of the shapes and states: Stripe's API reference, Checkout Sessions, PaymentIntents and Refunds.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

import requests
import stripe
from stripe import StripeClient

from domain.payments.gateways.port import (
    ON_ITS_PAGE,
    SHORT_HOLD,
    BadSignature,
    Created,
    GatewayBusy,
    GatewayRefused,
    GatewayTimeout,
    GatewayUnavailable,
    Outcome,
    PaymentRequest,
    RefundOutcome,
    WebhookEvent,
)
from domain.payments.gateways.stripe_words import from_stripe, reason, to_stripe

CONNECT, READ = 2.0, 8.0
"""Seconds to wait for a connection, and for an answer."""
TOLERANCE = 300
"""How old a signed message may be, in seconds."""
LOOK_BACK = 300
"""How many of the newest sessions are searched for one whose id never reached us."""

Answer = TypeVar("Answer")


class StripeGateway:
    """An adapter to Stripe; `manual` authorises first and captures when the order stands."""

    name = "stripe"
    label = "Card"
    hint = ON_ITS_PAGE
    hold = SHORT_HOLD
    by_hand = False
    available = True

    def __init__(self, *, secret_key: str, webhook_secret: str, manual: bool = False, api_base: str | None = None):
        self._webhook_secret, self._manual = webhook_secret, manual
        http = stripe.RequestsClient(timeout=(CONNECT, READ))
        # No retries of its own: the shop asks again under the same key, and knows when not to.
        self._stripe = StripeClient(
            secret_key, http_client=http, max_network_retries=0, base_addresses={"api": api_base} if api_base else None
        )

    def create(self, request: PaymentRequest) -> Created:
        """Open a Checkout Session, or get the one that the same payment id opened before."""
        own = {"payment_id": str(request.payment_id), "order": request.order_number}
        params: dict[str, Any] = {
            "mode": "payment",
            "client_reference_id": str(request.payment_id),
            "customer_email": request.email,
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": request.currency.lower(),
                        "unit_amount": to_stripe(request.amount, request.currency),
                        "product_data": {"name": request.description},
                    },
                }
            ],
            "payment_intent_data": {"metadata": own, "capture_method": "manual" if self._manual else "automatic"},
            "metadata": own,
            "success_url": request.return_url,
            "cancel_url": request.cancel_url,
        }
        key = {"idempotency_key": f"create-{request.payment_id}"}
        session = self._ask(lambda: self._stripe.v1.checkout.sessions.create(params, key))  # type: ignore[arg-type]
        if session is None:
            raise GatewayRefused
        return Created(reference=session.id, redirect_url=session.url)

    def look_up(self, *, payment_id: UUID, reference: str | None) -> Outcome:
        """Ask how a payment stands."""
        if reference and reference.startswith("pi_"):
            return _of_intent(self._intent(reference), reference)
        session = self._session(reference) if reference else self._find(payment_id)
        return Outcome(state="missing") if session is None else _of_session(session)

    def capture(self, *, reference: str, amount: int, key: str) -> Outcome:
        """Take an authorised amount."""
        intent = self._intent_of(reference)
        if intent is None:
            return Outcome(state="missing")
        if intent.status == "requires_capture":
            params = {"amount_to_capture": to_stripe(amount, intent.currency.upper())}
            options = {"idempotency_key": f"capture-{key}"}
            intent = self._ask(lambda: self._stripe.v1.payment_intents.capture(intent.id, params, options))  # type: ignore[arg-type]
        return _of_intent(intent, reference)

    def cancel(self, *, reference: str) -> Outcome:
        """Expire a session that is still open, or let go of what was authorised; too late, and it says so."""
        if reference.startswith("cs_"):
            session = self._session(reference)
            if session is None:
                return Outcome(state="missing")
            if session.status == "open":
                self._ask(lambda: self._stripe.v1.checkout.sessions.expire(reference))
                session = self._session(reference)
                return _of_session(session) if session else Outcome(state="missing")
        intent = self._intent_of(reference)
        if intent is not None and intent.status not in ("succeeded", "canceled", "processing"):
            intent = self._ask(lambda: self._stripe.v1.payment_intents.cancel(intent.id)) or intent
        return _of_intent(intent, reference)

    def refund(self, *, reference: str, amount: int, key: str) -> RefundOutcome:
        """Give back captured money; a refund that was asked for before under this key is found again."""
        intent = self._intent_of(reference)
        if intent is None:
            return RefundOutcome(state="failed", failure_message="Stripe does not know this payment.")
        known: Any = self._ask(lambda: self._stripe.v1.refunds.list({"payment_intent": intent.id, "limit": 100}))
        refund: Any = next((one for one in known.data if _own(one, "refund_id") == key), None) if known else None
        if refund is None:
            try:
                at_stripe = to_stripe(amount, intent.currency.upper())
            except GatewayRefused as refused:
                return RefundOutcome(state="failed", failure_message=str(refused))
            params: dict[str, Any] = {
                "payment_intent": intent.id,
                "amount": at_stripe,
                "metadata": {"refund_id": key},
            }
            options = {"idempotency_key": f"refund-{key}"}
            try:
                refund = self._stripe.v1.refunds.create(params, options)  # type: ignore[arg-type]
            except stripe.InvalidRequestError as error:
                return RefundOutcome(state="failed", failure_message=str(error.user_message or error)[:500])
            except stripe.StripeError as error:
                raise _translated(error) from error
        if refund.status == "succeeded":
            return RefundOutcome(state="succeeded", reference=refund.id)
        if refund.status in ("failed", "canceled"):
            return RefundOutcome(state="failed", reference=refund.id, failure_message="Stripe could not give it back.")
        raise GatewayBusy  # still on its way: asked again later

    def parse_webhook(self, *, headers: Mapping[str, str], body: bytes) -> WebhookEvent:
        """Check Stripe's signature over time and body, and read which payment the message is about."""
        try:
            stripe.WebhookSignature.verify_header(
                body.decode(), headers.get("Stripe-Signature", ""), self._webhook_secret, TOLERANCE
            )
            message = json.loads(body)
            thing, event_id, kind = message["data"]["object"], str(message["id"]), str(message["type"])
            own = (thing.get("metadata") or {}).get("payment_id") or thing.get("client_reference_id")
            session = str(thing["id"]) if thing.get("object") == "checkout.session" else None
            payment_id = UUID(own) if own else None
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadSignature from error
        return WebhookEvent(event_id=event_id, kind=kind, payload=message, payment_id=payment_id, reference=session)

    def _session(self, reference: str) -> Any:
        params = {"expand": ["payment_intent.latest_charge"]}
        return self._ask(lambda: self._stripe.v1.checkout.sessions.retrieve(reference, params))  # type: ignore[arg-type]

    def _find(self, payment_id: UUID) -> Any:
        """Find the session of a payment whose creation was never answered, among the newest."""
        page = self._ask(lambda: self._stripe.v1.checkout.sessions.list({"limit": 100}))
        for seen, session in enumerate(page.auto_paging_iter() if page else ()):
            if session.client_reference_id == str(payment_id):
                return self._session(session.id)
            if seen >= LOOK_BACK:
                break
        return None

    def _intent(self, reference: str) -> Any:
        params = {"expand": ["latest_charge"]}
        return self._ask(lambda: self._stripe.v1.payment_intents.retrieve(reference, params))  # type: ignore[arg-type]

    def _intent_of(self, reference: str) -> Any:
        if reference.startswith("pi_"):
            return self._intent(reference)
        session = self._session(reference)
        return session.payment_intent if session else None

    def _ask(self, call: Callable[[], Answer]) -> Answer | None:
        """Ask Stripe; None where it knows nothing of the kind, or refuses what was asked."""
        try:
            return call()
        except stripe.InvalidRequestError as error:
            if error.code == "idempotency_key_in_use":
                raise GatewayTimeout from error
            return None
        except stripe.CardError:
            return None
        except stripe.StripeError as error:
            raise _translated(error) from error


def _own(thing: Any, name: str) -> str | None:
    """What we noted on a thing of Stripe's."""
    noted = getattr(thing, "metadata", None)
    return noted[name] if noted and name in noted else None


def _translated(error: stripe.StripeError) -> GatewayUnavailable | GatewayTimeout:
    """Tell an error after which nothing happened from one after which nobody knows."""
    if isinstance(error, (stripe.AuthenticationError, stripe.PermissionError, stripe.RateLimitError)):
        return GatewayUnavailable()
    if isinstance(error, stripe.APIConnectionError):
        cause: BaseException | None = error.__cause__ or error.__context__
        refused = isinstance(cause, requests.ConnectTimeout) or "NewConnectionError" in repr(cause)
        return GatewayUnavailable() if refused else GatewayTimeout()
    return GatewayTimeout()


def _of_session(session: Any) -> Outcome:
    intent = session.payment_intent
    if session.status == "open":
        return Outcome(state="pending", reference=session.id)
    if session.status == "expired" and (intent is None or intent.status != "succeeded"):
        return Outcome(state="cancelled", reference=session.id)
    return _of_intent(intent, session.id)


def _of_intent(intent: Any, reference: str) -> Outcome:
    if intent is None:
        return Outcome(state="missing")
    currency = str(intent.currency).upper()
    if intent.status == "succeeded":
        charge = getattr(intent, "latest_charge", None)
        given_back = int(getattr(charge, "amount_refunded", 0) or 0) if charge is not None else 0
        return Outcome(
            state="captured",
            captured=from_stripe(int(getattr(intent, "amount_received", 0)), currency),
            refunded=from_stripe(given_back, currency),
            reference=reference,
        )
    if intent.status == "requires_capture":
        return Outcome(state="authorised", reference=reference)
    if intent.status == "canceled":
        return Outcome(state="cancelled", reference=reference)
    failure = getattr(intent, "last_payment_error", None)
    if intent.status == "requires_payment_method" and failure:
        code = str(getattr(failure, "decline_code", None) or getattr(failure, "code", None) or "declined")
        return Outcome(state="failed", reference=reference, failure_code=code, failure_message=reason(code))
    return Outcome(state="pending", reference=reference)
