"""What is written to whom when something happened, and the sending of it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalog.events import ProductChanged, StockChanged
from domain.catalog.queries.level import low_among
from domain.notifications import accounts, channels, commands, routes, suppression, topics, waiting
from domain.notifications.adapters import outgoing
from domain.notifications.again import TEST
from domain.notifications.events import MessageQueued
from domain.notifications.kinds import is_off
from domain.notifications.models import EMAIL, FAILED, SENT, SUPPRESSED, Message
from domain.notifications.staff import tell_staff
from domain.shared.db import utcnow
from domain.shared.events import Event
from domain.shared.handlers import Outside
from domain.shared.settings import Settings
from domain.users.events import AccountChanged, AccountOpened, LinkAsked, NewDevice, StaffInvited
from domain.users.queries import open_invitations


def notify(session: Session, event: Event) -> None:
    """Write down the messages that an event asks for by the table of routes."""
    for composed in routes.compose(session, event):
        commands.queue_message(session, **asdict(composed))


def tell_staff_of_stock(session: Session, event: StockChanged) -> None:
    """Write to staff about what runs low, once a day for each variant."""
    for level in low_among(session, event.product_ids):
        tell_staff(
            session,
            template="staff_low_stock",
            subject_key=f"{level.variant_id} {utcnow().date()}",
            context={
                "item": {
                    "title": level.title,
                    "options": level.label,
                    "sku": level.sku,
                    "left": level.available,
                    "path": f"/inventory/{level.variant_id}",
                }
            },
        )


def tell_of_stock(session: Session, event: StockChanged) -> None:
    """Write to those who wait for what came back to the shelf."""
    waiting.tell_waiting(session, event.product_ids)


def tell_of_product(session: Session, event: ProductChanged) -> None:
    """Write to those who wait for what is on sale again, or is now sold when out of stock."""
    waiting.tell_waiting(session, [event.product_id])


def write_to_invited(session: Session, event: StaffInvited) -> None:
    """Write to somebody who is invited to the staff, unless the invitation was withdrawn meanwhile."""
    found = [row for row in open_invitations(session, now=utcnow()) if row.id == event.invitation_id]
    for row in found:
        commands.queue_message(
            session,
            template="staff_invited",
            channel=EMAIL,
            recipient=row.email,
            subject_key=str(row.id),
            context={
                "invitation_id": str(row.id),
                "name": row.name,
                "role": row.role,
                "invited_by": row.invited_by,
                "expires_at": row.expires_at.isoformat(),
            },
        )


def write_link(session: Session, event: LinkAsked) -> None:
    """Write the mail that a shopper's question about an account asks for; only here it matters if there is one."""
    accounts.write_link(session, event.link_id)


def tell_of_change(session: Session, event: AccountChanged) -> None:
    """Tell a shopper what was changed in the account, in case it was somebody else."""
    accounts.tell_of_change(session, event)


def welcome(session: Session, event: AccountOpened) -> None:
    """Welcome a shopper who has opened an account."""
    accounts.welcome(session, event.shopper_id)


def tell_of_device(session: Session, event: NewDevice) -> None:
    """Tell a shopper that somebody signed in at a browser that was not known before."""
    accounts.tell_of_device(session, event.session_id)


@dataclass(frozen=True, kw_only=True)
class Sending:
    """A message on its way out."""

    message_id: UUID
    template: str
    recipient: str
    context: dict[str, Any]
    channel: str = EMAIL


@dataclass(frozen=True, kw_only=True)
class Sent:
    """How the sending of a message ended; one with `until` waits for that moment."""

    message_id: UUID
    state: str
    subject: str
    provider_id: str | None = None
    error: str = ""
    channel: str = EMAIL
    until: datetime | None = None


def _prepare(session: Session, event: MessageQueued) -> Sending | None:
    message = commands.begin_attempt(session, message_id=event.message_id)
    if message is None:
        return None
    refusal = _refusal(session, message)
    if refusal:
        commands.finish_attempt(
            session, message_id=message.id, state=SUPPRESSED, subject="", provider_id=None, error=refusal
        )
        return None
    come_back = channels.take_turn(session, message.channel, now=utcnow())
    if come_back is not None:
        commands.postpone(session, message_id=message.id, until=come_back, counted=False)
        return None
    return Sending(
        message_id=message.id,
        template=message.template,
        recipient=message.recipient,
        context=message.context,
        channel=message.channel,
    )


def _refusal(session: Session, message: Message) -> str | None:
    """Why a message is not sent after all, asked as late as can be; None if it is."""
    tests = message.subject_key.startswith(TEST)
    if not tests and is_off(session, message.template):
        return "Messages of this kind are switched off."
    if message.channel != EMAIL:
        return None
    why = suppression.why_suppressed(session, message.recipient)
    if why is None and not tests and not topics.is_wanted(session, email=message.recipient, template=message.template):
        why = "Its reader does not want letters of this kind."
    return why


def _perform(sending: Sending, settings: Settings) -> Sent:
    """Send a message; a service that does not answer raises, so that it is tried again later."""
    outcome = outgoing.send(
        channel=sending.channel,
        template=sending.template,
        context=sending.context,
        to=sending.recipient,
        message_id=sending.message_id,
        settings=settings,
        now=utcnow(),
    )
    return Sent(message_id=sending.message_id, channel=sending.channel, **asdict(outcome))


def _finish(session: Session, sent: Sent) -> None:
    if sent.until is not None:
        commands.postpone(session, message_id=sent.message_id, until=sent.until, counted=False)
        return
    if sent.state in (SENT, FAILED):
        channels.note_answer(session, sent.channel, sent=sent.state == SENT, now=utcnow())
    commands.finish_attempt(
        session,
        message_id=sent.message_id,
        state=sent.state,
        subject=sent.subject,
        provider_id=sent.provider_id,
        error=sent.error,
    )


def _failed(session: Session, sending: Sending) -> None:
    channels.note_silence(session, sending.channel, now=utcnow())


send_message = Outside("notifications.send_message", _prepare, _perform, _finish, _failed)
"""Send a message that was written down; its Message-ID is always the same, so that a repeat can be seen as one."""
