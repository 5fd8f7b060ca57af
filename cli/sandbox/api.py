"""The demo gateway's HTTP API, for the shop's server."""

import hmac
import sqlite3
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from cli.sandbox import faults, payments
from cli.sandbox.payments import BrokenOnPurposeError, Opening, RefusedError, UnknownPaymentError
from cli.sandbox.store import Store


def blueprint(store: Store, *, secret: str, base_url: str) -> Blueprint:
    """Make the API; every call carries the secret as a bearer token."""
    bp = Blueprint("api", __name__, url_prefix="/gateway/api/payments")

    @bp.before_request
    def authenticate() -> ResponseReturnValue | None:
        given = request.headers.get("Authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {secret}".encode()):
            return None
        return {"error": "The bearer token is missing or wrong."}, 401

    faults.install(bp, store.faults)

    @bp.errorhandler(UnknownPaymentError)
    def no_such_payment(_: UnknownPaymentError) -> ResponseReturnValue:
        return {"error": "There is no such payment."}, 404

    @bp.errorhandler(RefusedError)
    def refused(error: RefusedError) -> ResponseReturnValue:
        return {"error": str(error)}, 422

    @bp.errorhandler(BrokenOnPurposeError)
    def fails_once(_: BrokenOnPurposeError) -> ResponseReturnValue:
        return {"error": "Something broke, as the card that was used asks for. Ask again."}, 500

    @bp.post("")
    def create() -> ResponseReturnValue:
        row, new = payments.open_payment(store, _opening(request.get_json(silent=True)))
        return _shown(row, base_url), 201 if new else 200

    @bp.get("")
    def find() -> Response:
        return _shown(payments.look_up(store, key=request.args.get("idempotency_key", "")), base_url)

    @bp.get("/<payment_id>")
    def show(payment_id: str) -> Response:
        return _shown(payments.look_up(store, payment_id=payment_id), base_url)

    @bp.post("/<payment_id>/capture")
    def capture(payment_id: str) -> Response:
        amount = (request.get_json(silent=True) or {}).get("amount")
        return _shown(payments.capture(store, payment_id, amount=None if amount is None else _whole(amount)), base_url)

    @bp.post("/<payment_id>/cancel")
    def cancel(payment_id: str) -> Response:
        return _shown(payments.cancel(store, payment_id), base_url)

    @bp.post("/<payment_id>/refunds")
    def refund(payment_id: str) -> ResponseReturnValue:
        asked = request.get_json(silent=True) or {}
        key, amount = str(asked.get("idempotency_key") or ""), _whole(asked.get("amount"))
        if not key:
            raise RefusedError("A refund needs an idempotency key.")
        refund_id, new = payments.refund(store, payment_id, key=key, amount=amount)
        return {"id": refund_id, "status": "succeeded", "amount": amount}, 201 if new else 200

    return bp


def _opening(asked: Any) -> Opening:
    if not isinstance(asked, dict):
        raise RefusedError("Send a JSON object.")
    words = ("idempotency_key", "currency", "description", "email", "return_url", "cancel_url", "webhook_url")
    missing = [name for name in words if not isinstance(asked.get(name), str) or not asked[name]]
    if missing:
        raise RefusedError(f"These are missing: {', '.join(missing)}.")
    for name in ("return_url", "cancel_url", "webhook_url"):
        place = urlsplit(asked[name])
        if place.scheme not in ("http", "https") or not place.netloc:
            raise RefusedError(f"{name} is not an address.")
    amount = _whole(asked.get("amount"))
    if amount <= 0:
        raise RefusedError("The amount must be more than nothing.")
    return Opening(amount=amount, capture=asked.get("capture") is not False, **{name: asked[name] for name in words})


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise RefusedError("Amounts are whole minor units.")
    return value


def _shown(row: sqlite3.Row, base_url: str) -> Response:
    code = row["failure_code"]
    return jsonify(
        id=row["id"],
        idempotency_key=row["idempotency_key"],
        status=row["status"],
        amount=row["amount"],
        currency=row["currency"],
        captured=row["captured"],
        refunded=row["refunded"],
        failure={"code": code, "message": row["failure_message"]} if code else None,
        url=f"{base_url}/gateway/pay/{row['id']}",
    )
