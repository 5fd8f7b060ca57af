"""Finding orders by whatever staff have at hand: number, mail address, name, SKU or tracking number."""

import re

from sqlalchemy import ColumnElement, any_, exists, func, literal_column, or_, select

from domain.orders.models import Order, OrderLine, Shipment
from domain.orders.number import clean

NAME = func.to_tsvector("simple", func.coalesce(Order.shipping_address["name"].astext, ""))

# As the index has it, so without parameters in it.
tracking = func.upper(func.replace(Shipment.tracking_number, literal_column("' '"), literal_column("''")))

MOST_WORDS = 8
"""How many words of a search are looked at."""


def own(word: str) -> ColumnElement[bool]:
    """Say whether an order's number, one of its goods or of their SKUs holds a word; for a shopper's few orders."""
    goods = exists().where(
        OrderLine.order_id == Order.id,
        or_(
            *(column.icontains(word, autoescape=True) for column in (OrderLine.title, OrderLine.options, OrderLine.sku))
        ),
    )
    return or_(Order.number.icontains(word, autoescape=True), goods)


def matching(words: str) -> ColumnElement[bool]:
    """Say whether an order is one that some words mean; each of the look-ups goes by an index.

    Numbers, addresses, SKUs and tracking numbers must be whole; of a name the beginning of each word is enough. The
    case does not matter, nor do blanks in a tracking number.
    """
    if "@" in words:
        return Order.email == words.lower()
    goods = select(OrderLine.order_id).where(OrderLine.sku.in_({words, words.upper()}))
    parcels = select(Shipment.order_id).where(tracking == "".join(words.split()).upper())
    # As arrays, so that PostgreSQL may put all the ways together before it reads a single order.
    ways = [
        Order.number == clean(words),
        Order.id == any_(func.array(goods.scalar_subquery())),
        Order.id == any_(func.array(parcels.scalar_subquery())),
    ]
    parts = re.findall(r"\w+", words.lower())
    if parts and not any(letter.isdigit() for letter in words):  # nobody is called so
        query = " & ".join(f"{part}:*" for part in parts[:MOST_WORDS])
        ways.append(NAME.op("@@")(func.to_tsquery("simple", query)))
    return or_(*ways)
