"""What reviews do after the events of others."""

from sqlalchemy.orm import Session

from domain.reviews.commands import join_reviews
from domain.users.events import AddressVerified


def join_guest_reviews(session: Session, event: AddressVerified) -> None:
    """Put what somebody wrote as a guest into their account."""
    join_reviews(session, shopper_id=event.shopper_id, email=event.email)
