"""Every example of the admin's contract is sent as it stands, and answered as the contract shows."""

import pytest
from flask.testing import FlaskClient
from redis import Redis

from admin import create_app
from admin.api.table import api
from domain.orders.commands import ask_return, open_payment
from domain.orders.queries import admin_order
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.settings import Settings
from tests.admin.test_api import program
from tests.examples import Walk
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from tests.factories.users import make_staff


@pytest.fixture
def admin(settings: Settings, sessions: Sessions, redis: Redis) -> FlaskClient:
    """The admin of a shop that takes transfers too."""
    settings = settings.model_copy(update={"gateways": ("demo", "bank"), "bank_iban": "IE64 IRCE 9205 0112 3456 78"})
    return create_app(settings=settings, sessions=sessions, redis=redis).test_client()


def test_the_examples_of_every_operation_work_and_are_fresh(admin: FlaskClient, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG-1", title="Harbour mug", price=1200, on_hand=12)
        sent, dropped = (make_order(tx, sku="MUG-1", paid=True).number for _ in range(2))
        transfer = make_order(tx, sku="MUG-1", gateway="bank")
        payment = open_payment(tx, order_id=transfer.order_id).payment
        ada = make_staff(tx)
    walk = Walk(api, admin.get("/api/v1/openapi.json").json, program(admin, sessions, ada))
    variant, product = {"variant_id": str(mug.variant_id)}, {"product_id": str(mug.id)}

    walk("list_products")
    walk("show_product", path=product)
    walk("change_product", path=product, put=lambda body: body["variants"][0].update(id=variant["variant_id"]))
    walk("list_levels")
    level = walk("show_level", path=variant)
    walk("count_units", path=variant, put=lambda body: body.update(seen=level["on_hand"]))
    walk("receive_units", path=variant)
    walk("set_selling", path=variant)
    walk("list_movements", path=variant)
    made = {"product_id": walk("create_product")["id"]}
    walk("add_variants", path=made)

    walk("list_orders")
    order = walk("show_order", path={"number": sent})
    walk("pack_order", path={"number": sent})
    line = order["lines"][0]["id"]
    walk("ship_order", path={"number": sent}, put=lambda body: body["lines"][0].update(line_id=line))
    walk("deliver_order", path={"number": sent})
    walk("cancel_order", path={"number": dropped})
    paid = {"number": transfer.number}
    bought = walk("show_order", path=paid)
    line, total = bought["lines"][0]["id"], bought["total"]
    walk("confirm_payment", path=paid | {"payment_id": str(payment.id)}, put=lambda body: body.update(amount=total))
    refunds = walk("refund_order", path=paid, put=lambda body: body["lines"][0].update(line_id=line))["refunds"]
    walk("confirm_refund", path=paid | {"refund_id": refunds[0]["id"]})

    with transaction(sessions) as tx:
        order = admin_order(tx, sent)
        asked = ask_return(
            tx, order_id=order.id, quantities={order.lines[0].id: 1}, reason="Too small", actor="shopper",
            now=utcnow(), days=30,
        )  # fmt: skip
    goods = {"return_id": str(asked)}
    walk("list_returns")
    walk("show_return", path=goods)
    walk("decide_return", path=goods)
    walk("receive_return", path=goods, put=lambda body: body["lines"][0].update(line_id=str(order.lines[0].id)))
    walk.ends()
