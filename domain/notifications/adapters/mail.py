"""A letter as a mail: its headers, the way out of it, and the same Message-ID however often it is sent."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from domain.notifications.adapters.templates import Letter
from domain.shared.db import utcnow
from domain.shared.settings import Settings

WHOLE_LINES = default.clone(max_line_length=900)
"""A header that is folded within the address of List-Unsubscribe is one that no mail program understands."""


class RecipientRefusedError(Exception):
    """The address will never take this message; trying again is of no use."""


def as_mail(letter: Letter, *, to: str, message_id: UUID, settings: Settings) -> EmailMessage:
    """Write a letter as a mail; raises RecipientRefusedError for what is no address."""
    mail = EmailMessage(policy=WHOLE_LINES)
    name, address = parseaddr(settings.mail_from)
    mail["From"] = Address(display_name=name, addr_spec=address)
    try:
        mail["To"] = Address(addr_spec=to)
    except (ValueError, IndexError, MessageError) as error:
        raise RecipientRefusedError(f"This is no mail address: {error}") from error
    if settings.mail_reply_to:
        mail["Reply-To"] = Address(addr_spec=settings.mail_reply_to)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(utcnow())
    mail["Message-ID"] = f"<{message_id}@{urlsplit(settings.storefront_url).hostname or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return mail
