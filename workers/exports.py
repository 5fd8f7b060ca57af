"""The lists that staff can take along as files."""

from sqlalchemy.orm import Session

from domain.catalog.queries import sheets as catalog
from domain.orders.queries import sheets as orders
from domain.shared.exports import ExportAsked, Sheet, write_piece

SHEETS: dict[str, Sheet] = {
    "orders": orders.ORDERS,
    "customers": orders.CUSTOMERS,
    "products": catalog.PRODUCTS,
    "stock": catalog.STOCK,
}


def write_export(session: Session, event: ExportAsked) -> None:
    """Write the next piece of a file."""
    write_piece(session, event, SHEETS)
