"""Writing a list of orders to a file, piece by piece: each piece is a job of its own that asks for the next."""

import csv
import io
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from domain.orders.events import OrdersExportAsked
from domain.orders.models import OrderExport, OrderExportPart
from domain.orders.queries import OrderFilter, order_list, read_filter
from domain.shared.db import lock_one, utcnow
from domain.shared.money import Money, exponent
from domain.shared.outbox import record
from domain.shared.spreadsheet import safe_cell

PIECE = 5_000
"""Orders in a piece: a second's work, so that progress is seen and a job that is killed loses little."""

KEPT = timedelta(days=1)
"""How long a file waits for whoever asked for it: it is full of addresses."""

HEAD = ("Order", "Placed", "State", "Paid", "E-mail", "Name", "Country", "Units", "Currency", "Total", "Tags")


def ask_export(session: Session, *, wanted: OrderFilter, timezone: str, staff_id: UUID) -> UUID:
    """Have the orders that a filter means written to a file, and return its id."""
    export = OrderExport(staff_id=staff_id, wanted=wanted.as_words() | {"timezone": timezone})
    session.add(export)
    session.flush()
    record(session, OrdersExportAsked(export_id=export.id, position=0, after=None))
    return export.id


def write_piece(session: Session, event: OrdersExportAsked) -> None:
    """Write one piece and ask for the next, or note that the file is whole; of a file that is gone, nothing."""
    export = lock_one(session, OrderExport, event.export_id)
    if export is None or export.done_at:
        return
    wanted, timezone = read_filter(export.wanted), export.wanted["timezone"]
    page = order_list(session, wanted, timezone=timezone, after=event.after, limit=PIECE)
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    if event.position == 0:
        lines.writerow(HEAD)
    for row in page.rows:
        lines.writerow(
            safe_cell(value)
            for value in (
                row.number, row.placed_at.isoformat(timespec="seconds"), row.state_label, "yes" if row.paid else "no",
                row.email, row.name, row.country, row.units, row.total.currency, major(row.total), ", ".join(row.tags),
            )
        )  # fmt: skip
    session.add(OrderExportPart(export_id=export.id, position=event.position, content=written.getvalue()))
    export.rows += len(page.rows)
    if page.after is None:
        export.done_at = utcnow()
    else:
        record(
            session,
            OrdersExportAsked(export_id=export.id, position=event.position + 1, after=page.after),
        )
    session.flush()


def major(money: Money) -> str:
    """Return an amount as other programs read it: 12.50."""
    return str(Decimal(money.amount).scaleb(-exponent(money.currency)))


def purge_exports(session: Session, *, now: datetime) -> int:
    """Drop files whose time is over; return how many."""
    gone = delete(OrderExport).where(OrderExport.created_at < now - KEPT).returning(OrderExport.id)
    return len(session.scalars(gone).all())
