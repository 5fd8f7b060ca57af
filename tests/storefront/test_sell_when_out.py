"""A variant that staff let sell when it is out: from the switch in the admin to the order and the books."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from admin import create_app
from cli.audit import audit
from domain.shared.db import Sessions, transaction
from domain.shared.settings import Settings
from tests.factories.users import PASSWORD, make_staff
from tests.storefront.conftest import Goods, Shopper


def owner(settings: Settings, sessions: Sessions, redis: object) -> FlaskClient:
    app: Flask = create_app(settings=settings, sessions=sessions, redis=redis)  # type: ignore[arg-type]
    with transaction(sessions) as tx:
        make_staff(tx, email="owner@shop.test", role="owner")
    client = app.test_client()
    assert client.post("/sign-in", data={"email": "owner@shop.test", "password": PASSWORD}).status_code == 303
    return client


def switch(client: FlaskClient, product_id: object, *, on: bool) -> None:
    """Set the switch on the product's page and save it with all else as it is."""
    page = client.get(f"/products/{product_id}").text
    form = page[page.index('action="/products/') :]
    data: dict[str, str] = {}
    for tag in re.findall(r"<(?:input|textarea)[^>]*>(?:[^<]*)", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            data[name[1]] = value[1] if value else tag.partition(">")[2].strip()
    for select in re.findall(r"<select[^>]*name=\"([^\"]+)\"[^>]*>(.*?)</select>", form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]*selected|selected[^>]*value="([^"]*)"', select[1])
        data[select[0]] = (chosen[1] or chosen[2]) if chosen else ""
    data.pop("variants-0-sell_when_out", None)
    saved = client.post(f"/products/{product_id}", data=data | ({"variants-0-sell_when_out": "y"} if on else {}))
    assert saved.status_code == (303 if on else saved.status_code), saved.text


def test_the_last_one_is_not_the_last_while_the_switch_is_on(
    shopper: Shopper, goods: Goods, sessions: Sessions, settings: Settings, redis: object, engine: Engine
) -> None:
    staff = owner(settings, sessions, redis)
    refused = shopper.add("VASE-1", 3)
    assert "Only 1 of Tall vase left" in refused.text

    switch(staff, goods.vase.id, on=True)
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

    switch(staff, goods.vase.id, on=False)
    with engine.connect() as connection:
        still = connection.exec_driver_sql(
            "SELECT sell_when_out FROM catalog.stock s JOIN catalog.variants v ON v.id = s.variant_id "
            "WHERE v.sku = 'VASE-1'"
        ).scalar_one()
    assert still, "it cannot be switched off while more is promised than there is"
