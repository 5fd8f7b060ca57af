"""What staff see of a shop that is not open yet is kept for nobody."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from domain.catalog import handlers
from domain.shared.preferences import OPENED, ShopChanged, keep, let_shoppers_in
from domain.shared.settings import Settings
from domain.users.links import LOOK_IN, sign
from tests.storefront.conftest import Goods
from tests.web.pages.conftest import MUG


def test_a_page_that_staff_look_at_is_shown_to_no_stranger(
    client: FlaskClient, goods: Goods, change: Callable[..., Any], settings: Settings
) -> None:
    app: Flask = client.application
    assert "Harbour mug" in client.get(MUG).text
    with change() as tx:
        keep(tx, {OPENED: "no"})
        handlers.change_every_page(tx, ShopChanged(names=(OPENED,)))
    token = sign(settings.secret_key.get_secret_value(), purpose=LOOK_IN, subject="staff")
    owner, stranger = app.test_client(), app.test_client()
    owner.get("/look-in", query_string={"token": token})

    seen = owner.get(MUG)
    assert "Harbour mug" in seen.text
    assert "public" not in seen.headers["Cache-Control"]
    for _ in range(2):
        assert "We open soon." in stranger.get(MUG).text

    with change() as tx:
        let_shoppers_in(tx)
        handlers.change_every_page(tx, ShopChanged(names=(OPENED,)))
    assert "Not open:" not in stranger.get(MUG).text
    assert "Harbour mug" in stranger.get(MUG).text
