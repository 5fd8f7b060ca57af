"""All that is kept about a shopper, in whole: to be taken along, and to be forgotten."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from domain.cart.commands.forget import forget_carts
from domain.notifications.forget import forget_recipient
from domain.notifications.mine import messages_to_take_along
from domain.orders.commands.forget import forget_orders
from domain.orders.queries.mine import orders_to_take_along, returns_to_take_along
from domain.reviews.commands import forget_reviews
from domain.reviews.queries import reviews_to_take_along
from domain.users.commands import delete_account
from domain.users.queries import ShopperView, address_book, sign_ins
from domain.users.queries.customers import customer
from domain.wishlist.commands import forget_wishlist
from domain.wishlist.queries import wishes_to_take_along


def kept_about(reader: Session, shopper: ShopperView, *, currency: str) -> dict[str, Any]:
    """Return all that is kept about a shopper, in plain values that other shops can read too."""
    return {
        "account": {
            "email": shopper.email,
            "name": shopper.name,
            "verified": shopper.verified,
            "second_step": shopper.second_factor,
            "note_of_the_shop": customer(reader, shopper.id).note,
        },
        "addresses": [row.address | {"default": row.is_default} for row in address_book(reader, shopper.id)],
        "sign_ins": [asdict(row) for row in sign_ins(reader, shopper.id)],
        "orders": orders_to_take_along(reader, shopper.id),
        "returns": returns_to_take_along(reader, shopper.id),
        **messages_to_take_along(reader, shopper_id=shopper.id, email=shopper.email),
        "reviews": reviews_to_take_along(reader, shopper.id),
        "wishlist": wishes_to_take_along(reader, shopper.id, currency=currency),
    }


def written_out(kept: dict[str, Any]) -> Response:
    """Write it as a file to be kept."""
    text = json.dumps(kept, default=_plain, indent=2, ensure_ascii=False)
    named = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return Response(text, headers=named, mimetype="application/json")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def forget(tx: Session, shopper: ShopperView, *, password: str) -> None:
    """Delete an account for good; orders stay in the books without the name.

    Raises WrongPassword, and OrdersUnderWay while something is still to be sent.
    """
    verified = shopper.email if shopper.verified else None
    order_ids = forget_orders(tx, shopper_id=shopper.id, email=verified)
    forget_reviews(tx, shopper_id=shopper.id, email=verified)
    forget_wishlist(tx, shopper_id=shopper.id)
    forget_carts(tx, shopper_id=shopper.id)
    forget_recipient(tx, email=shopper.email, shopper_id=shopper.id, order_ids=order_ids)
    delete_account(tx, shopper_id=shopper.id, password=password)
