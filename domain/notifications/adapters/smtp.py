"""Sending mail by SMTP."""

import smtplib
import ssl
from uuid import UUID

from domain.notifications.adapters.mail import RecipientRefusedError, as_mail
from domain.notifications.adapters.templates import Letter
from domain.shared.settings import Settings

TIMEOUT = 15.0
IMPLICIT_TLS_PORT = 465


def send(letter: Letter, *, to: str, message_id: UUID, settings: Settings) -> str:
    """Send a letter and return its Message-ID; raises RecipientRefusedError, or OSError where later may be better."""
    mail = as_mail(letter, to=to, message_id=message_id, settings=settings)
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
