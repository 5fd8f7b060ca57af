"""The account: name, orders and the address book."""

from typing import Annotated, Any
from uuid import UUID

from flask import url_for
from pydantic import Field
from sqlalchemy.orm import Session

from domain.orders.queries import shopper_orders
from domain.users import commands
from domain.users.errors import NoSuchShopper
from domain.users.queries import address_book, shopper_by_id
from storefront.api.caller import shopper
from storefront.api.checkout import ADA, Address
from storefront.api.shapes import account as shapes
from storefront.api.shapes import orders as order_shapes
from storefront.api.table import api
from storefront.forms.checkout import ADDRESS
from storefront.forms.profile import AddressForm, NameForm
from storefront.navigation import delivery_countries
from web.api import Body, Query
from web.api.cursors import Cursor, read_cursor, write_cursor
from web.api.deeds import deed
from web.api.forms import answers, refuse
from web.api.matching import match
from web.db import session, transaction
from web.settings import shop_settings

AREA = "Account"


class Name(Body):
    """What to call the shopper."""

    name: Annotated[str, Field(max_length=200)]


class AddressBody(Body):
    """An address for the book."""

    address: Address
    default: Annotated[bool, Field(description="Deliver here unless told otherwise.")] = False


class OrderQuery(Query):
    """Which orders are listed; `q` is part of a number, of what was bought, or of its SKU."""

    q: Annotated[str, Field(max_length=100)] = ""
    limit: Annotated[int, Field(ge=1, le=50)] = 20
    cursor: Cursor | None = None


@api.get("/orders", area="Orders", query=OrderQuery, answer=order_shapes.OrderList)
def list_orders(query: OrderQuery) -> order_shapes.OrderList:
    """List the shopper's own orders, the newest first, or those that some words are found in."""
    place = read_cursor(query.cursor, UUID)
    found, keys = shopper_orders(
        session(), shopper().id, q=query.q, after=place[0] if place else None, limit=query.limit
    )
    return {
        "items": [order_shapes.order_card(row, keys[row.id]) for row in found.rows],
        "next": write_cursor([found.after]) if found.after else None,
    }


@api.get("/account", area=AREA, answer=shapes.Account)
def show_account() -> shapes.Account:
    """Show who is signed in."""
    return shapes.account(shopper())


@api.patch("/account", area=AREA, body=Name, answer=shapes.Account, example={"name": "Grace Hopper"})
def rename(body: Name) -> shapes.Account:
    """Change the name."""
    form, mine = NameForm(answers({"name": body.name})), shopper().id
    refuse(form, {"name": "#/name"})
    with transaction() as tx:
        commands.hold_shopper(tx, shopper_id=mine)
        match(shapes.account(shopper_by_id(tx, mine)))
        commands.change_name(tx, shopper_id=mine, name=form.name.data or "")
        tx.flush()
        return shapes.account(shopper_by_id(tx, mine))


@api.get("/account/addresses", area="Addresses", answer=shapes.AddressList)
def list_addresses() -> shapes.AddressList:
    """List the addresses, the default first."""
    return {"items": [shapes.saved_address(row) for row in address_book(session(), shopper().id)]}


@api.post("/account/addresses", area="Addresses", body=AddressBody, answer=shapes.SavedAddressShape,
          example={"address": ADA, "default": True})  # fmt: skip
def add_address(body: AddressBody) -> Any:
    """Keep an address."""
    form, mine = _form(body), shopper().id
    with deed() as act:
        id_ = commands.save_address(
            act.tx, shopper_id=mine, address=form.address().as_dict(), default=body.default
        )  # fmt: skip
        where = url_for("api.show_address", address_id=id_)
        act.answers(_one(act.tx, id_), headers={"Location": where})
    return act.answer


@api.get("/account/addresses/<uuid:address_id>", area="Addresses", answer=shapes.SavedAddressShape)
def show_address(address_id: UUID) -> shapes.SavedAddressShape:
    """Show one address."""
    return _one(session(), address_id)


@api.put("/account/addresses/<uuid:address_id>", area="Addresses", body=AddressBody,
         answer=shapes.SavedAddressShape, example={"address": ADA})  # fmt: skip
def put_address(body: AddressBody, address_id: UUID) -> shapes.SavedAddressShape:
    """Change one address; orders keep theirs."""
    form = _form(body)
    with transaction() as tx:
        mine = _matched(tx, address_id)
        commands.save_address(
            tx, shopper_id=mine, address=form.address().as_dict(), default=body.default, address_id=address_id
        )
        tx.flush()
        return _one(tx, address_id)


@api.delete("/account/addresses/<uuid:address_id>", area="Addresses", status=204)
def drop_address(address_id: UUID) -> Any:
    """Remove one address; orders keep theirs."""
    with transaction() as tx:
        commands.drop_address(tx, shopper_id=_matched(tx, address_id), address_id=address_id)


def _matched(tx: Session, address_id: UUID) -> UUID:
    mine = shopper().id
    commands.hold_shopper(tx, shopper_id=mine)
    match(_one(tx, address_id))
    return mine


def _one(reader: Session, address_id: UUID) -> shapes.SavedAddressShape:
    row = next((row for row in address_book(reader, shopper().id) if row.id == address_id), None)
    if row is None:
        raise NoSuchShopper
    return shapes.saved_address(row)


def _form(body: AddressBody) -> AddressForm:
    form = AddressForm(answers(body.address.model_dump()))
    form.offer(delivery_countries(), shop_settings().locale)
    refuse(form, {name: f"#/address/{name}" for name in ADDRESS})
    return form
