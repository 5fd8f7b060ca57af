"""What the demo gateway does with a payment: opens it, takes it, cancels it, gives it back."""

import secrets
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from cli.sandbox import webhooks
from cli.sandbox.cards import LATE_SECONDS, SLOW_SECONDS, Card
from cli.sandbox.store import Store


class UnknownPaymentError(Exception):
    """The gateway has never heard of the payment."""


class RefusedError(Exception):
    """The gateway understood and will not do it; the message says why."""


class BrokenOnPurposeError(Exception):
    """The gateway breaks on purpose, as the card that was used asks for."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a shop sends to open a payment; `amount` is in minor units."""

    idempotency_key: str
    amount: int
    currency: str
    description: str
    email: str
    return_url: str
    cancel_url: str
    webhook_url: str
    capture: bool = True


def open_payment(store: Store, opening: Opening) -> tuple[sqlite3.Row, bool]:
    """Open a payment, or find the one opened before with the same key; says whether it is new."""
    with store.writing() as db:
        known = db.execute("SELECT * FROM payments WHERE idempotency_key = ?", (opening.idempotency_key,)).fetchone()
        if known:
            if (known["amount"], known["currency"]) != (opening.amount, opening.currency):
                raise RefusedError("This idempotency key was used with another amount.")
            return known, False
        row = db.execute(
            "INSERT INTO payments (id, idempotency_key, amount, currency, description, email, return_url, cancel_url,"
            " webhook_url, capture, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
            (
                "dp_" + secrets.token_hex(12), opening.idempotency_key, opening.amount, opening.currency,
                opening.description, opening.email, opening.return_url, opening.cancel_url, opening.webhook_url,
                opening.capture, time.time(),
            ),
        ).fetchone()  # fmt: skip
        return row, True


def find(store: Store, payment_id: str) -> sqlite3.Row:
    """Return a payment as its own page shows it."""
    with store.reading() as db:
        return _get(db, payment_id)


def look_up(store: Store, *, payment_id: str | None = None, key: str | None = None) -> sqlite3.Row:
    """Return a payment as the shop asks for it; breaks the first time where the card asks for that."""
    with store.writing() as db:
        row: sqlite3.Row | None = db.execute(
            "SELECT * FROM payments WHERE id = ? OR idempotency_key = ?", (payment_id, key)
        ).fetchone()
        if row is None:
            raise UnknownPaymentError
        breaks = row["fails_once"]
        if breaks:
            db.execute("UPDATE payments SET fails_once = 0 WHERE id = ?", (row["id"],))
    if breaks:
        raise BrokenOnPurposeError
    return row


def pay(store: Store, payment_id: str, card: Card) -> sqlite3.Row:
    """Use a card on an open payment; a payment that is no longer open stays as it is."""
    with store.writing() as db:
        row = _get(db, payment_id)
        if row["status"] != "pending" or row["settles_at"]:
            return row
        db.execute("UPDATE payments SET card = ? WHERE id = ?", (card.digits[-4:], row["id"]))
        if card.effect == "succeed":
            return _succeed(db, row)
        if card.effect == "fail":
            return _fail(db, row, card.code or "card_declined", card.message or "The card was declined.")
        if card.effect in ("slow", "error"):
            later = time.time() + (SLOW_SECONDS if card.effect == "slow" else LATE_SECONDS)
            return _set(db, row["id"], settles_at=later, fails_once=card.effect == "error")
        return _get(db, payment_id)


def answer_challenge(store: Store, payment_id: str, *, approved: bool) -> sqlite3.Row:
    """Finish a payment that waited for its payer to confirm it with the bank."""
    with store.writing() as db:
        row = _get(db, payment_id)
        if row["status"] != "pending" or row["settles_at"]:
            return row
        if approved:
            return _succeed(db, row)
        return _fail(db, row, "authentication_failed", "The payment was not confirmed with the bank.")


def cancel(store: Store, payment_id: str) -> sqlite3.Row:
    """Close a payment that took no money; one that did stays as it is."""
    with store.writing() as db:
        row = _get(db, payment_id)
        if row["status"] not in ("pending", "authorised"):
            return row
        row = _set(db, row["id"], status="cancelled", settles_at=None)
        webhooks.queue(db, row, "payment.cancelled")
        return row


def capture(store: Store, payment_id: str, *, amount: int | None = None) -> sqlite3.Row:
    """Take an authorised amount; a second time changes nothing."""
    with store.writing() as db:
        row = _get(db, payment_id)
        if row["status"] == "captured":
            return row
        wanted = row["amount"] if amount is None else amount
        if row["status"] != "authorised" or not 0 < wanted <= row["amount"]:
            raise RefusedError(f"A payment that is {row['status']} cannot be captured with this amount.")
        row = _set(db, row["id"], status="captured", captured=wanted)
        webhooks.queue(db, row, "payment.captured")
        return row


def refund(store: Store, payment_id: str, *, key: str, amount: int) -> tuple[str, bool]:
    """Give captured money back; the same key gives it back once. Returns the refund's id and whether it is new."""
    with store.writing() as db:
        row = _get(db, payment_id)
        known = db.execute("SELECT id, payment_id, amount FROM refunds WHERE idempotency_key = ?", (key,)).fetchone()
        if known:
            if (known["payment_id"], known["amount"]) != (payment_id, amount):
                raise RefusedError("This idempotency key was used for another refund.")
            return known["id"], False
        if not 0 < amount <= row["captured"] - row["refunded"]:
            raise RefusedError("More was to be given back than is left of this payment.")
        refund_id = "dr_" + secrets.token_hex(12)
        db.execute(
            "INSERT INTO refunds (id, payment_id, idempotency_key, amount) VALUES (?, ?, ?, ?)",
            (refund_id, payment_id, key, amount),
        )
        row = _set(db, row["id"], refunded=row["refunded"] + amount)
        webhooks.queue(db, row, "refund.succeeded")
        return refund_id, True


def settle_due(store: Store) -> int:
    """Finish the slow payments whose time has come and return how many there were."""
    with store.reading() as db:
        if not db.execute("SELECT 1 FROM payments WHERE settles_at <= ?", (time.time(),)).fetchone():
            return 0
    with store.writing() as db:
        rows = db.execute("SELECT * FROM payments WHERE settles_at <= ?", (time.time(),)).fetchall()
        for row in rows:
            _succeed(db, row)
    return len(rows)


def _succeed(db: sqlite3.Connection, row: sqlite3.Row) -> sqlite3.Row:
    if row["capture"]:
        row = _set(db, row["id"], status="captured", captured=row["amount"], settles_at=None)
    else:
        row = _set(db, row["id"], status="authorised", settles_at=None)
    webhooks.queue(db, row, f"payment.{row['status']}")
    return row


def _fail(db: sqlite3.Connection, row: sqlite3.Row, code: str, message: str) -> sqlite3.Row:
    row = _set(db, row["id"], status="failed", failure_code=code, failure_message=message)
    webhooks.queue(db, row, "payment.failed")
    return row


def _get(db: sqlite3.Connection, payment_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM payments WHERE id = ?", (payment_id,)).fetchone()
    if row is None:
        raise UnknownPaymentError
    return row


def _set(db: sqlite3.Connection, payment_id: str, **values: Any) -> sqlite3.Row:
    columns = ", ".join(f"{name} = ?" for name in values)
    row: sqlite3.Row = db.execute(
        f"UPDATE payments SET {columns} WHERE id = ? RETURNING *",  # noqa: S608 - the names are this module's own
        (*values.values(), payment_id),
    ).fetchone()
    return row
