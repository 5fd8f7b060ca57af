"""The mail server that keeps what it is given, and what the mailbox page shows of it."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from cli.sandbox.store import Store

KEPT = 2000
"""How many mails are kept; the oldest go first."""


@dataclass(frozen=True)
class Mail:
    """A mail as the mailbox shows it; `copies` says how often a mail with this Message-ID came."""

    id: int
    sender: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    received_at: str
    copies: int
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    html: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return what tests and tools read."""
        return {
            "id": self.id, "from": self.sender, "to": list(self.recipients), "subject": self.subject,
            "message_id": self.message_id, "received_at": self.received_at, "copies": self.copies,
            "text": self.text, "html": self.html,
        }  # fmt: skip


class Sink:
    """Takes every mail, for whomever it is, and sends none on."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a mail before saying that it was taken."""
        if self._store.faults.strikes("mail"):
            return "451 Try again later"
        content = envelope.content
        source = content.encode() if isinstance(content, str) else content or b""
        keep(self._store, source, envelope.rcpt_tos)
        return "250 Message accepted for delivery"


def serve(store: Store, host: str, port: int) -> Controller:
    """Start the mail server in a thread of its own."""
    controller = Controller(Sink(store), hostname=host, port=port, ident="Cornershop sandbox")
    controller.start()
    return controller


def keep(store: Store, source: bytes, recipients: Iterable[str]) -> None:
    """Write down a mail that came in."""
    message = _parse(source)
    with store.writing() as db:
        db.execute(
            "INSERT INTO mails (message_id, sender, recipients, subject, source, received_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                str(message["Message-ID"] or "").strip(), str(message["From"] or ""),
                "\n".join(address.strip().lower() for address in recipients), str(message["Subject"] or ""),
                source, datetime.now(UTC).isoformat(),
            ),
        )  # fmt: skip
        db.execute("DELETE FROM mails WHERE id <= (SELECT max(id) FROM mails) - ?", (KEPT,))


def mailbox(store: Store, *, to: str | None = None, limit: int = 200, whole: bool = False) -> list[Mail]:
    """Return the newest mails, to one address or to all; each Message-ID once, as it came last."""
    with store.reading() as db:
        rows = db.execute(
            "SELECT m.*, c.copies FROM mails m"
            " JOIN (SELECT max(id) AS id, count(*) AS copies FROM mails"
            "       GROUP BY CASE message_id WHEN '' THEN 'mail ' || id ELSE message_id END, recipients) c USING (id)"
            " WHERE ? IS NULL OR instr(char(10) || m.recipients || char(10), char(10) || ? || char(10)) > 0"
            " ORDER BY m.id DESC LIMIT ?",
            (to, (to or "").strip().lower(), limit),
        ).fetchall()
    return [_mail(row, whole=whole) for row in rows]


def read(store: Store, mail_id: int) -> Mail | None:
    """Return one mail with its parts, or None."""
    with store.reading() as db:
        row = db.execute(
            "SELECT m.*, (SELECT count(*) FROM mails o WHERE o.message_id = m.message_id"
            " AND o.recipients = m.recipients) AS copies FROM mails m WHERE id = ?",
            (mail_id,),
        ).fetchone()
    return _mail(row, whole=True) if row else None


def _mail(row: sqlite3.Row, *, whole: bool) -> Mail:
    known = (
        row["id"], row["sender"], tuple(row["recipients"].split("\n")), row["subject"], row["message_id"],
        row["received_at"], row["copies"],
    )  # fmt: skip
    if not whole:
        return Mail(*known)
    message = _parse(row["source"])
    headers = tuple((name, str(value)) for name, value in message.items())
    return Mail(*known, headers=headers, text=_part(message, "plain"), html=_part(message, "html"))


def _parse(source: bytes) -> EmailMessage:
    return message_from_bytes(source, policy=policy.default)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
