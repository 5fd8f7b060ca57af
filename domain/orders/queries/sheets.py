"""Orders, returns and customers as the rows of a file."""

from sqlalchemy.orm import Session

from domain.orders.queries.admin import order_list
from domain.orders.queries.filters import SORTINGS as ORDER_SORTINGS
from domain.orders.queries.filters import read_filter
from domain.orders.queries.returns import read_return_filter, return_list
from domain.orders.queries.spending import spending
from domain.shared.exports import Sheet, SheetPage, Words, behind, key_of, major
from domain.users.queries.customers import SORTINGS as CUSTOMER_SORTINGS
from domain.users.queries.customers import customer_list, read_customer_filter


def _orders(session: Session, wanted: Words, after: str | None, limit: int) -> SheetPage:
    found = read_filter(wanted)
    page = order_list(session, found, timezone=wanted.get("timezone", "UTC"), after=behind(after), limit=limit)
    rows = [
        (
            row.number, row.placed_at.isoformat(timespec="seconds"), row.state_label, "yes" if row.paid else "no",
            row.email, row.name, row.country, row.units, row.total.currency, major(row.total), ", ".join(row.tags),
        )
        for row in page.rows
    ]  # fmt: skip
    return SheetPage.of(session, rows, ORDER_SORTINGS[found.sort], page.after)


def _returns(session: Session, wanted: Words, after: str | None, limit: int) -> SheetPage:
    """Write a row for each thing that comes back."""
    page = return_list(session, read_return_filter(wanted), after=key_of(after), limit=limit)
    rows = [
        (
            one.order_number, one.asked_at.isoformat(timespec="seconds"), one.label, one.email, one.reason, one.answer,
            line.sku, line.title, line.options_label, line.quantity, line.received, line.restocked,
        )
        for one in page.rows
        for line in one.lines
    ]  # fmt: skip
    return SheetPage(rows, str(page.after) if page.after else None)


def _customers(session: Session, wanted: Words, after: str | None, limit: int) -> SheetPage:
    found = read_customer_filter(wanted)
    page = customer_list(session, found, after=behind(after), limit=limit)
    known = spending(session, [row.id for row in page.rows]) if wanted.get("orders") == "yes" else {}
    rows: list[tuple[object, ...]] = []
    for row in page.rows:
        own = known.get(row.id)
        rows.append((
            row.email, row.name, row.since.isoformat(timespec="seconds"), "yes" if row.verified else "no",
            "yes" if row.blocked_at else "no", own.orders if own else "",
            " + ".join(f"{major(sum_)} {sum_.currency}" for sum_ in own.spent) if own else "",
            own.last_at.isoformat(timespec="seconds") if own else "",
        ))  # fmt: skip
    return SheetPage.of(session, rows, CUSTOMER_SORTINGS[found.sort], page.after)


ORDERS = Sheet(
    ("Order", "Placed", "State", "Paid", "E-mail", "Name", "Country", "Units", "Currency", "Total", "Tags"), _orders
)
RETURNS = Sheet(
    (
        "Order", "Asked", "State", "E-mail", "Why", "Our answer", "SKU", "Item", "Options", "Units", "Received",
        "Back on the shelf",
    ),
    _returns,
)  # fmt: skip
CUSTOMERS = Sheet(
    ("E-mail", "Name", "Since", "Address confirmed", "Blocked", "Orders", "Spent", "Last order"), _customers
)
"""What they ordered is in it if `orders` is `yes` in what is wanted: not everybody may see that."""
