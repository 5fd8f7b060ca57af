"""Every example of the storefront's contract is sent as it stands, and answered as the contract shows."""

from collections.abc import Callable
from uuid import uuid4

import pyotp
from redis import Redis
from sqlalchemy import select

from domain.orders.commands import ship
from domain.orders.models import Order
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.settings import Settings
from storefront.api.table import api
from tests.examples import Walk
from tests.factories.promotions import make_promotion
from tests.factories.users import NEW_PASSWORD, make_shopper
from tests.storefront.api.conftest import Phone
from tests.storefront.gateway import ScriptedGateway
from tests.storefront.mails import link_in, mails


def test_the_examples_of_every_operation_work_and_are_fresh(
    phone: Phone, gateway: ScriptedGateway, sessions: Sessions, settings: Settings, redis: Redis
) -> None:
    def with_token(to: str) -> Callable[[dict], None]:
        return lambda body: body.update(token=link_in(mails(sessions, settings, to)[-1]).partition("token=")[2])

    with transaction(sessions) as tx:
        make_promotion(tx, "WELCOME10", name="Welcome")
        make_shopper(tx)
    walk = Walk(api, phone.contract, phone.call)

    walk("list_products", query="?limit=2")
    walk("search_products", query="?q=bowl&limit=2")
    walk("show_product", path={"slug": "salt-bowl"})
    walk("list_categories")

    order = buy(walk, phone)
    named = {"path": {"number": order["number"]}, "Order-Key": order["key"]}
    walk("show_order", **named)
    walk("pay_order", **named)
    walk("cancel_order", **named)

    tokens = walk("sign_in")
    tokens = walk("refresh", put=lambda body: body.update(refresh_token=tokens["refresh_token"]))
    phone.headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    walk("show_keys")
    walk("show_account")
    walk("rename")
    address = {"address_id": walk("add_address")["id"]}
    walk("list_addresses")
    walk("show_address", path=address)
    walk("put_address", path=address)
    walk("drop_address", path=address)

    order = buy(walk, phone)
    gateway.state = "captured"
    body, headers = gateway.message()
    assert phone.client.post("/webhooks/demo", data=body, headers=headers).status_code == 200
    with transaction(sessions) as tx:
        order_id = tx.scalars(select(Order.id).where(Order.number == order["number"])).one()
        ship(tx, order_id=order_id, actor="staff", carrier="An Post", tracking_number="CE1")
    walk("list_orders")
    line = order["lines"][0]["id"]
    walk("return_goods", path={"number": order["number"]}, put=lambda body: body["lines"][0].update(line_id=line))
    walk("list_returns", path={"number": order["number"]})
    walk("export_account")

    secret = walk("begin_second_factor")["secret"]
    walk("confirm_second_factor", put=lambda body: body.update(code=pyotp.TOTP(secret).at(utcnow())))
    walk("end_second_factor")
    walk("ask_email")
    walk("confirm_email", put=with_token("grace@example.org"))
    walk("list_sign_ins")
    walk("end_sign_in", path={"sign_in_id": str(uuid4())})
    walk("change_password")
    walk("sign_out")

    del phone.headers["Authorization"]
    walk("register")
    tokens = walk("confirm_registration", put=with_token("ada@example.com"))
    phone.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    walk("end_sign_ins")
    walk("ask_reset")
    walk("reset_password", put=with_token("ada@example.com"))
    del phone.headers["Authorization"]
    new = {"email": "ada@example.com", "password": NEW_PASSWORD}
    phone.headers["Authorization"] = f"Bearer {phone.post('/tokens', new).json['access_token']}"
    walk("delete_account", put=lambda body: body.update(present=NEW_PASSWORD))
    walk.ends()


def buy(walk: Walk, phone: Phone) -> dict:
    """Fill a cart, change one's mind about it in every way, and order what is in it then."""
    cart = walk("add_line")
    phone.headers["Cart-Token"] = cart["token"]
    line = {"variant_id": cart["lines"][0]["variant_id"]}
    walk("show_cart")
    walk("change_line", path=line)
    walk("put_code")
    walk("drop_code")
    walk("drop_line", path=line)
    walk("add_line")
    walk("show_checkout")
    walk("put_details")
    checkout = walk("put_delivery")
    return walk("place_order", put=lambda body: body.update(agreement=checkout["agreement"]))
