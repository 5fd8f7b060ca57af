"""A storefront with a few products, a way to deliver and a gateway that does as told; and somebody who shops there."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cli.audit import audit
from domain.catalog.commands import NewVariant
from domain.shared.db import Sessions, transaction
from domain.shared.preferences import let_shoppers_in
from domain.shared.settings import Settings
from storefront import create_app
from tests.factories.catalog import MadeProduct, make_product
from tests.factories.delivery import make_method, make_rate
from tests.storefront.gateway import ScriptedGateway

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
DETAILS = {
    "email": "aoife@example.test",
    "phone": "",
    "name": "Aoife Byrne",
    "line1": "12 Harbour Road",
    "city": "Howth",
    "postcode": "D13 X2Y4",
    "country": "IE",
}


@dataclass(frozen=True)
class Goods:
    """What the shop sells: a mug, a bowl in two colours of which one is sold out, and the last vase."""

    mug: MadeProduct
    bowl: MadeProduct
    vase: MadeProduct


def put_on_shelves(tx: Session) -> Goods:
    """Put goods on the shelves, and say how they travel and what tax they bear."""
    let_shoppers_in(tx)
    by_post = {"name": "By post", "price": 500, "free_above": 5000, "max_days": 3}
    make_method(tx, "post", **by_post)
    make_method(tx, "courier", zone="post-zone", name="By courier", price=900, min_days=0, max_days=1, position=1)
    make_method(tx, "post-abroad", places=("DE", "JP"), **by_post)
    make_rate(tx, "IE", 2300)
    return Goods(
        mug=make_product(tx, sku="MUG-1", title="Harbour mug", price=1200, on_hand=10),
        bowl=make_product(
            tx,
            title="Salt bowl",
            options=("Colour",),
            variants=[
                (NewVariant(sku="BOWL-G", price=2500, option_values=("Green",)), 0),
                (NewVariant(sku="BOWL-S", price=2600, option_values=("Sand",)), 5),
            ],
        ),
        vase=make_product(tx, sku="VASE-1", title="Tall vase", price=9900, on_hand=1, category="living/vases"),
    )


@pytest.fixture
def goods(sessions: Sessions) -> Goods:
    """The goods of a shop that is ready to sell."""
    with transaction(sessions) as tx:
        return put_on_shelves(tx)


@pytest.fixture(autouse=True)
def _clean_books(sessions: Sessions, engine: Engine) -> Iterator[None]:
    """Whatever a test tries, the audit finds nothing afterwards (events wait here for a relay, so they may)."""
    yield
    with engine.connect() as connection:
        assert {promise: rows for promise, rows in audit(connection, grace=3600).items() if rows} == {}


@pytest.fixture
def gateway() -> ScriptedGateway:
    """A gateway that says what the test decides."""
    return ScriptedGateway()


@pytest.fixture
def new_client(settings: Settings, sessions: Sessions, gateway: ScriptedGateway) -> Callable[[], FlaskClient]:
    """Open another browser on the same storefront."""
    app = create_app(settings=settings, sessions=sessions, gateways={"demo": gateway})
    return app.test_client


@dataclass
class Shopper:
    """Somebody with a browser; each method is one form or link."""

    client: FlaskClient
    order_url: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def add(self, sku: str = "MUG-1", quantity: object = 1, **headers: str) -> TestResponse:
        """Put an item in the cart."""
        return self.client.post("/cart/lines", data={"sku": sku, "quantity": quantity}, headers=headers)

    def details(self, **changes: str) -> TestResponse:
        """Answer the first step."""
        return self.client.post("/checkout/details", data=DETAILS | changes)

    def delivery(self, method: str = "post") -> TestResponse:
        """Answer the second step."""
        return self.client.post("/checkout/delivery", data={"method": method})

    def agreement(self) -> dict[str, str]:
        """Read the form that places the order off the review page."""
        page = self.client.get("/checkout/review").text
        return {name: _value(page, name) for name in ("token", "agreed_total")} | {"gateway": "demo"}

    def order(self, **changes: str) -> TestResponse:
        """Agree to what the review page says."""
        return self.client.post("/checkout/order", data=self.agreement() | changes)

    def ready(self, sku: str = "MUG-1", quantity: int = 1) -> "Shopper":
        """Come as far as the review page."""
        assert self.add(sku, quantity).status_code == 303
        assert self.details().status_code == 303
        assert self.delivery().status_code == 303
        return self


def _value(page: str, name: str) -> str:
    tag = re.search(rf"<input[^>]*\bname=\"{name}\"[^>]*>", page)
    assert tag, f"no field {name}"
    value = re.search(r'\bvalue="([^"]*)"', tag.group())
    assert value
    return value.group(1)


@pytest.fixture
def shopper(goods: Goods, new_client: Callable[[], FlaskClient]) -> Shopper:
    """A guest in front of the shelves."""
    return Shopper(new_client())


@pytest.fixture
def client(shopper: Shopper) -> FlaskClient:
    """The browser of that guest."""
    return shopper.client


def order_path(gateway: ScriptedGateway, index: int = -1) -> tuple[str, str]:
    """Return the path and the key of an order, from where the gateway was told to send its shopper back."""
    found = re.fullmatch(r"http://localhost(/orders/[^/]+)/return\?key=(.+)", gateway.requests[index].return_url)
    assert found
    return found.group(1), found.group(2)
