"""What the stock of each product is worth, and the products whose worth is to be kept anew."""

from uuid import UUID

from sqlalchemy import BigInteger, Identity
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base


class ProductWorth(Base, kw_only=True):
    """What is on hand of a product, at cost in minor units; a product in `worth_changes` may have changed since.

    `without_cost` are the units whose variant has no cost; they are in `units` and worth nothing. A product that is
    deleted leaves its row behind until it is looked at again.
    """

    __tablename__ = "product_worth"
    __table_args__ = ({"schema": "catalog"},)

    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    category_id: Mapped[UUID]
    units: Mapped[int] = mapped_column(BigInteger)
    at_cost: Mapped[int] = mapped_column(BigInteger)
    without_cost: Mapped[int] = mapped_column(BigInteger)


class WorthChange(Base, kw_only=True):
    """A product whose stock, cost or category changed; triggers write these in the transaction that changes it."""

    __tablename__ = "worth_changes"
    __table_args__ = ({"schema": "catalog"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, init=False)
    product_id: Mapped[UUID] = mapped_column(index=True)
