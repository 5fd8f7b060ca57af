"""Staff and shoppers for tests."""

from uuid import UUID

from sqlalchemy.orm import Session

from domain.users import commands
from domain.users.queries import ShopperView

PASSWORD, NEW_PASSWORD = "correct tests need staples", "a new set of words"


def make_staff(session: Session, *, email: str = "ada@shop.test", name: str = "Ada", role: str = "owner") -> UUID:
    """Add a member of staff whose password is PASSWORD."""
    commands.ensure_roles(session)
    return commands.add_staff(session, email=email, name=name, role=role, password=PASSWORD)


def make_shopper(session: Session, *, email: str = "grace@example.com", name: str = "Grace") -> ShopperView:
    """Open a shopper's account whose password is PASSWORD."""
    return commands.register_shopper(session, email=email, password=PASSWORD, name=name)
