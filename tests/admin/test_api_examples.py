"""Every example of the admin's contract is sent as it stands, and answered as the contract shows."""

from flask.testing import FlaskClient

from admin.api.table import api
from domain.shared.db import Sessions, transaction
from tests.admin.test_api import program
from tests.examples import Walk
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from tests.factories.users import make_staff


def test_the_examples_of_every_operation_work_and_are_fresh(admin: FlaskClient, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG-1", title="Harbour mug", price=1200, on_hand=12)
        sent, dropped = (make_order(tx, sku="MUG-1", paid=True).number for _ in range(2))
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

    walk("list_orders")
    order = walk("show_order", path={"number": sent})
    walk("pack_order", path={"number": sent})
    line = order["lines"][0]["id"]
    walk("ship_order", path={"number": sent}, put=lambda body: body["lines"][0].update(line_id=line))
    walk("deliver_order", path={"number": sent})
    walk("cancel_order", path={"number": dropped})
    walk.ends()
