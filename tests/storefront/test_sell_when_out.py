"""A variant that staff let sell when it is out: from the switch in the admin to the order and the books."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from admin import create_app
from cli.audit import audit
from domain.shared.db import Sessions, transaction
from domain.shared.settings import Settings
from tests.admin.conftest import send
from tests.factories.users import PASSWORD, make_staff
from tests.storefront.conftest import Goods, Shopper


def owner(settings: Settings, sessions: Sessions, redis: object) -> FlaskClient:
    app: Flask = create_app(settings=settings, sessions=sessions, redis=redis)  # type: ignore[arg-type]
    with transaction(sessions) as tx:
        make_staff(tx, email="owner@shop.test", role="owner")
    client = app.test_client()
    assert client.post("/sign-in", data={"email": "owner@shop.test", "password": PASSWORD}).status_code == 303
    return client


def switch(client: FlaskClient, variant_id: object, *, on: bool) -> TestResponse:
    """Set the switch on the page of the variant's stock."""
    box = {"sell_when_out": "y"} if on else {}
    page = f"/inventory/{variant_id}"
    return send(client, f"{page}/selling", {"low_at": "2"} | box, page)


def test_the_last_one_is_not_the_last_while_the_switch_is_on(
    shopper: Shopper, goods: Goods, sessions: Sessions, settings: Settings, redis: object, engine: Engine
) -> None:
    staff = owner(settings, sessions, redis)
    refused = shopper.add("VASE-1", 3)
    assert "Only 1 of Tall vase left" in refused.text

    assert switch(staff, goods.vase.variant_id, on=True).status_code == 303
    assert " checked" in staff.get(f"/inventory/{goods.vase.variant_id}").text
    shopper.ready("VASE-1", 3)
    assert "Only 1" not in shopper.client.get("/cart").text
    assert shopper.order().status_code == 303

    with engine.connect() as connection:
        kept = connection.exec_driver_sql(
            "SELECT on_hand, reserved FROM catalog.stock s JOIN catalog.variants v ON v.id = s.variant_id "
            "WHERE v.sku = 'VASE-1'"
        ).one()
        assert tuple(kept) == (1, 3)
        assert {promise: rows for promise, rows in audit(connection, grace=3600).items() if rows} == {}

    kept_on = switch(staff, goods.vase.variant_id, on=False)
    assert kept_on.status_code >= 400
    assert "More units are promised than are on hand." in kept_on.text
