"""What the catalogue does after its own events."""

from sqlalchemy.orm import Session

from domain.catalog.commands import listing
from domain.catalog.events import ProductChanged, StockChanged


def refresh_product_listing(session: Session, event: ProductChanged) -> None:
    """Show a changed product in lists and searches as it now is."""
    listing.refresh(session, [event.product_id])


def refresh_stock_listing(session: Session, event: StockChanged) -> None:
    """Show in lists and searches which products can be bought now."""
    listing.refresh(session, event.product_ids)
