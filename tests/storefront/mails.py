"""The mails about accounts that a test's deeds give rise to, written as the worker writes them."""

import re

from sqlalchemy import select

from domain.notifications.adapters.templates import Letter, render
from domain.notifications.models import Message
from domain.shared.db import Sessions, transaction
from domain.shared.outbox import OutboxMessage, load
from domain.shared.settings import Settings
from workers.jobs import run_handler
from workers.subscriptions import SUBSCRIBERS


def deliver(sessions: Sessions, settings: Settings) -> None:
    """Have every event about accounts be dealt with; the mails are only written down."""
    with transaction(sessions) as tx:
        waiting = tx.execute(
            select(OutboxMessage.id, OutboxMessage.name)
            .where(OutboxMessage.name.startswith("users."))
            .order_by(OutboxMessage.position)
        ).all()
        assert all(load(tx, id_) for id_, _ in waiting)
    for id_, name in waiting:
        for handler in SUBSCRIBERS[name]:
            run_handler(sessions, settings, id_, handler)


def mails(sessions: Sessions, settings: Settings, to: str) -> list[Letter]:
    """Return what was written to an address about accounts, the oldest first."""
    deliver(sessions, settings)
    with transaction(sessions) as tx:
        rows = tx.scalars(
            select(Message).where(Message.recipient == to, Message.order_id.is_(None)).order_by(Message.id)
        ).all()
        return [render(row.template, row.context, settings) for row in rows]


def link_in(letter: Letter) -> str:
    """Return the path of the link that a mail is about."""
    found = re.search(r"http://localhost(/\S+\?token=\S+)", letter.text)
    assert found, letter.text
    assert f'href="http://localhost{found.group(1)}"' in letter.html
    return found.group(1)
