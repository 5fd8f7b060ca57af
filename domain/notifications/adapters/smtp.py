"""Sending mail by SMTP."""

import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from domain.notifications.adapters.templates import Letter
from domain.shared.db import utcnow
from domain.shared.settings import Settings

TIMEOUT = 15.0
IMPLICIT_TLS_PORT = 465


class RecipientRefusedError(Exception):
    """The address will never take this mail; trying again is of no use."""


def send(letter: Letter, *, to: str, message_id: UUID, settings: Settings) -> str:
    """Send a letter and return its Message-ID; raises RecipientRefusedError, or OSError where later may be better."""
    mail = _mail(letter, to=to, message_id=message_id, settings=settings)
    with _connect(settings) as server:
        try:
            server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            if 500 <= code < 600:
                raise RecipientRefusedError(f"{code} {_text(reason)}") from error
            raise
        except smtplib.SMTPNotSupportedError as error:
            raise RecipientRefusedError(f"The mail server cannot write to such an address: {error}") from error
    return str(mail["Message-ID"])


def _mail(letter: Letter, *, to: str, message_id: UUID, settings: Settings) -> EmailMessage:
    mail = EmailMessage()
    name, address = parseaddr(settings.mail_from)
    mail["From"] = Address(display_name=name, addr_spec=address)
    try:
        mail["To"] = Address(addr_spec=to)
    except (ValueError, IndexError, MessageError) as error:
        raise RecipientRefusedError(f"This is no mail address: {error}") from error
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(utcnow())
    mail["Message-ID"] = f"<{message_id}@{urlsplit(settings.storefront_url).hostname or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return mail


def _connect(settings: Settings) -> smtplib.SMTP:
    assert settings.smtp_host is not None
    if settings.smtp_tls and settings.smtp_port == IMPLICIT_TLS_PORT:
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=TIMEOUT, context=context
        )
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT)
        if settings.smtp_tls:
            server.starttls(context=ssl.create_default_context())
    if settings.smtp_username is not None:
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
        server.login(settings.smtp_username, password)
    return server


def _text(reason: bytes | str) -> str:
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
