"""The demo gateway's own pages, where a shopper pays."""

import sqlite3
from decimal import Decimal
from urllib.parse import urlsplit

from babel.numbers import format_currency
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cli.sandbox import cards, payments
from cli.sandbox.payments import UnknownPaymentError
from cli.sandbox.store import Store
from domain.shared.money import exponent


def blueprint(store: Store, *, locale: str) -> Blueprint:
    """Make the pages; they are plain forms and need no script."""
    bp = Blueprint("pay", __name__, url_prefix="/gateway/pay")

    @bp.errorhandler(UnknownPaymentError)
    def no_such_payment(_: UnknownPaymentError) -> ResponseReturnValue:
        return render_template("gateway/missing.html"), 404

    @bp.get("/<payment_id>")
    def show(payment_id: str) -> ResponseReturnValue:
        row = payments.find(store, payment_id)
        if row["status"] != "pending" or row["settles_at"]:
            return _page(row, "gateway/closed.html")
        return _page(row, "gateway/pay.html", error=None, number="")

    @bp.post("/<payment_id>")
    def pay(payment_id: str) -> ResponseReturnValue:
        row = payments.find(store, payment_id)
        number = request.form.get("number", "").strip()
        card = cards.find(number or request.form.get("card", ""))
        if card is None:
            error = "This is not one of the test cards. Choose one of them below; never enter a real card here."
            return _page(row, "gateway/pay.html", status=422, error=error, number=number)
        row = payments.pay(store, payment_id, card)
        if row["status"] == "pending" and card.effect == "challenge":
            return redirect(url_for("pay.challenge", payment_id=payment_id), 303)
        if row["status"] == "pending" and card.effect == "abandon":
            return redirect(url_for("pay.abandoned", payment_id=payment_id), 303)
        return redirect(row["return_url"], 303)

    @bp.get("/<payment_id>/challenge")
    def challenge(payment_id: str) -> ResponseReturnValue:
        row = payments.find(store, payment_id)
        return _page(row, "gateway/challenge.html" if row["status"] == "pending" else "gateway/closed.html")

    @bp.post("/<payment_id>/challenge")
    def answer(payment_id: str) -> ResponseReturnValue:
        row = payments.answer_challenge(store, payment_id, approved=request.form.get("answer") == "approve")
        return redirect(row["return_url"], 303)

    @bp.get("/<payment_id>/abandoned")
    def abandoned(payment_id: str) -> ResponseReturnValue:
        return _page(payments.find(store, payment_id), "gateway/abandoned.html")

    @bp.post("/<payment_id>/cancellation")
    def cancel(payment_id: str) -> ResponseReturnValue:
        row = payments.cancel(store, payment_id)
        return redirect(row["cancel_url"] if row["status"] == "cancelled" else row["return_url"], 303)

    def _page(row: sqlite3.Row, template: str, *, status: int = 200, **values: object) -> ResponseReturnValue:
        amount = Decimal(row["amount"]).scaleb(-exponent(row["currency"]))
        page = render_template(
            template,
            payment=row,
            amount=format_currency(amount, row["currency"], locale=locale),
            cards=cards.CARDS,
            **values,
        )
        response = make_response(page, status)
        # A form here ends at the shop: browsers hold such a redirect to form-action too.
        shops = {_origin(row["return_url"]), _origin(row["cancel_url"])}
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
            f"form-action 'self' {' '.join(sorted(shops))}"
        )
        return response

    return bp


def _origin(url: str) -> str:
    place = urlsplit(url)
    return f"{place.scheme}://{place.netloc}"
