"""Finding orders by whatever staff have at hand: number, mail address, name, SKU or tracking number."""

import re
from uuid import UUID

from sqlalchemy import Select, func, select, union

from domain.orders.models import Order, OrderLine, Shipment
from domain.orders.number import clean

NAME = func.to_tsvector("simple", func.coalesce(Order.shipping_address["name"].astext, ""))


def matching(words: str) -> Select[UUID]:
    """Select the ids of the orders that some words mean; each of the look-ups goes by an index.

    Numbers, addresses, SKUs and tracking numbers must be whole; of a name the beginning of each word is enough.
    """
    if "@" in words:
        return select(Order.id).where(Order.email == words.lower())
    ways = [
        select(Order.id).where(Order.number == clean(words)),
        select(OrderLine.order_id).where(OrderLine.sku.in_({words, words.upper()})),
        select(Shipment.order_id).where(Shipment.tracking_number.in_({words, "".join(words.split())})),
    ]
    parts = re.findall(r"\w+", words.lower())
    if parts:
        query = " & ".join(f"{part}:*" for part in parts[:8])
        ways.append(select(Order.id).where(NAME.op("@@")(func.to_tsquery("simple", query))))
    found = union(*ways).subquery()
    return select(found.c[0])
