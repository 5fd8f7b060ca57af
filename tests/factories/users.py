"""Staff and shoppers for tests."""

from uuid import UUID

from sqlalchemy.orm import Session

from domain.users import commands
from domain.users.queries import ShopperView

PASSWORD, NEW_PASSWORD = "correct tests need staples", "a new set of words"


def make_staff(
    session: Session, *, email: str = "ada@shop.test", name: str = "Ada", role: str = "owner", exempt: bool = True
) -> UUID:
    """Add a member of staff whose password is PASSWORD, and who needs no second factor unless a test is about that."""
    commands.ensure_roles(session)
    return commands.add_staff(
        session, email=email, name=name, role=role, password=PASSWORD, second_factor_exempt=exempt
    )


def make_shopper(session: Session, *, email: str = "grace@example.com", name: str = "Grace") -> ShopperView:
    """Open a shopper's account whose password is PASSWORD."""
    return commands.register_shopper(session, email=email, password=PASSWORD, name=name)
