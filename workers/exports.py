"""The lists that staff can take along as files."""

from sqlalchemy.orm import Session

from domain.catalog.queries import sheets as catalog
from domain.notifications import sheets as notifications
from domain.orders.queries import sheets as orders
from domain.promotions.queries import sheets as promotions
from domain.reviews.queries import sheets as reviews
from domain.shared.audit import sheet as audit
from domain.shared.exports import ExportAsked, Sheet, write_piece

SHEETS: dict[str, Sheet] = {
    "orders": orders.ORDERS,
    "returns": orders.RETURNS,
    "customers": orders.CUSTOMERS,
    "products": catalog.PRODUCTS,
    "stock": catalog.STOCK,
    "movements": catalog.MOVEMENTS,
    "promotions": promotions.PROMOTIONS,
    "reviews": reviews.REVIEWS,
    "messages": notifications.MESSAGES,
    "suppressions": notifications.SUPPRESSIONS,
    "log": audit.LOG,
}


def write_export(session: Session, event: ExportAsked) -> None:
    """Write the next piece of a file."""
    write_piece(session, event, SHEETS)
