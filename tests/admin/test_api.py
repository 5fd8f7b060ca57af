"""The admin API: keys that reach as far as their scopes, the commands of the pages, and every deed in the log."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from admin import create_app
from domain.catalog.queries import product_detail, stock_level
from domain.orders.queries import admin_order
from domain.shared.audit import AuditEntry
from domain.shared.db import Sessions, transaction, utcnow
from domain.users.commands import block_staff, make_api_key, set_role
from domain.users.models import ApiKey
from tests.contracts import attack, check_examples
from tests.examples import sent_as
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from tests.factories.users import PASSWORD, make_staff

ALL = ("products:read", "products:write", "inventory:read", "inventory:write", "orders:read", "orders:ship",
       "orders:cancel", "orders:refund", "payments:confirm")  # fmt: skip


class Program:
    """A program with a key."""

    def __init__(self, client: FlaskClient, key: str) -> None:
        self.client, self.key = client, key

    def __call__(self, method: str, path: str, body: object = None, **headers: str):
        named = {"Authorization": f"Bearer {self.key}"} | {k.replace("_", "-"): v for k, v in headers.items()}
        return self.client.open(f"/api/v1{path}", method=method, headers=named, **sent_as(body))


@pytest.fixture
def shop(sessions: Sessions):
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", slug="mug", price=1200, on_hand=10)
        order = make_order(tx, sku="MUG", paid=True)
        ada = make_staff(tx)
    return mug, order, ada


def program(admin: FlaskClient, sessions: Sessions, maker, *scopes: str, days: int = 30) -> Program:
    with transaction(sessions) as tx:
        key = make_api_key(
            tx, name="Scanner", scopes=scopes or ALL, expires_at=utcnow() + timedelta(days=days), maker_id=maker,
            giver={"*"},
        )  # fmt: skip
    return Program(admin, key)


def test_a_key_is_made_shown_once_and_ended_on_its_page(admin: FlaskClient, sessions: Sessions, shop) -> None:
    assert admin.post("/sign-in", data={"email": "ada@shop.test", "password": PASSWORD}).status_code == 303
    refused = admin.post("/keys", data={"name": "", "days": "900"})
    assert refused.status_code == 422
    for words in ("Say who or what will use the key.", "Enter a number from 1 to 365.", "Choose at least one thing"):
        assert words in refused.text

    made = admin.post("/keys", data={"name": "Scanner", "days": "30", "scopes": ["inventory:read", "inventory:write"]})
    key = re.search(r"shop_[\w-]{43}", made.text).group()

    scanner, page = Program(admin, key), admin.get("/keys").text
    assert (key in page, key[:9] in page, "Never" in page) == (False, True, True)
    assert scanner("GET", "/inventory").status_code == 200
    assert "Never" not in admin.get("/keys").text
    with sessions() as session:
        row = session.scalars(select(ApiKey)).one()
        assert key not in (row.key_hash, row.hint)
        assert row.expires_at - row.created_at > timedelta(days=29)
    assert admin.post(f"/keys/{row.id}/end").status_code == 303
    assert scanner("GET", "/inventory").status_code == 401
    with sessions() as session:
        assert session.scalars(select(AuditEntry.action).where(AuditEntry.area == "keys")).all() == [
            "keys.create",
            "keys.end",
        ]


def test_a_key_reaches_as_far_as_its_scopes_and_its_maker(admin: FlaskClient, sessions: Sessions, shop) -> None:
    with transaction(sessions) as tx:
        bob = make_staff(tx, email="bob@shop.test", name="Bob", role="manager")
    reads = program(admin, sessions, bob, "products:read")
    packs = program(admin, sessions, bob)
    assert reads("GET", "/products").status_code == 200
    refused = reads("GET", "/orders")
    assert (refused.status_code, refused.json["type"], refused.json["scope"]) == (
        403, "/api/v1/docs#out-of-scope", "orders:read",
    )  # fmt: skip
    assert packs("GET", "/orders").status_code == 200
    with transaction(sessions) as tx:
        set_role(tx, email="bob@shop.test", role="analyst", giver={"*"})
    assert packs("GET", "/orders").status_code == 403
    assert packs("GET", "/products").status_code == 200
    over = program(admin, sessions, shop[2], days=0)
    assert over("GET", "/products").status_code == 401
    with transaction(sessions) as tx:
        block_staff(tx, email="bob@shop.test", giver={"*"})
    assert packs("GET", "/products").status_code == 401
    admin.post("/sign-in", data={"email": "ada@shop.test", "password": PASSWORD})
    assert admin.get("/products").status_code == 200
    assert admin.get("/api/v1/products").status_code == 401


def test_each_key_has_a_limit_of_its_own(settings, sessions: Sessions, redis, shop) -> None:
    few = settings.model_copy(update={"rate_api": "2 per minute"})
    client = create_app(settings=few, sessions=sessions, redis=redis).test_client()
    one, other = (program(client, sessions, shop[2]) for _ in range(2))

    told = [one("GET", "/products") for _ in range(3)]

    assert [answer.status_code for answer in told] == [200, 200, 429]
    assert {answer.headers["RateLimit-Policy"] for answer in told} == {'"api";q=2;w=60'}
    assert [answer.headers["RateLimit"].split(";")[1] for answer in told] == ["r=1", "r=0", "r=0"]
    assert int(told[2].headers["Retry-After"]) > 0
    assert told[2].json["request_id"] == told[2].headers["X-Request-Id"]
    assert other("GET", "/products").status_code == 200


def test_every_operation_is_open_to_its_scope_alone(admin: FlaskClient, sessions: Sessions, shop) -> None:
    contract = admin.get("/api/v1/openapi.json").json
    one = program(admin, sessions, shop[2], "inventory:write")
    for path, methods in contract["paths"].items():
        address = re.sub(r"{\w+_id}", str(shop[0].id), path).replace("{number}", "none").removeprefix("/api/v1")
        for method, operation in methods.items():
            answer = one(method.upper(), address)
            named = operation["description"].rpartition("Scope: `")[2].rstrip("`.")
            assert (answer.status_code == 403) == (named != "inventory:write"), f"{method} {path}"
            assert answer.mimetype == "application/problem+json"


def test_words_and_prices_are_changed_as_they_were_seen(admin: FlaskClient, sessions: Sessions, shop) -> None:
    mug, _, ada = shop
    call, path = program(admin, sessions, ada), f"/products/{mug.id}"
    seen = call("GET", path)
    assert (seen.json["variants"][0]["price"]["amount"], seen.json["variants"][0]["on_hand"]) == (1200, 9 + 1)
    assert [row["id"] for row in call("GET", "/products?q=mug&limit=1").json["items"]] == [str(mug.id)]
    change = {"title": "Large mug", "variants": [
        {"id": str(mug.variant_id), "price": {"amount": 1450, "currency": "EUR"},
         "compare_at": {"amount": 1600, "currency": "EUR"}}]}  # fmt: skip

    assert call("PATCH", path, change).status_code == 428
    changed = call("PATCH", path, change, If_Match=seen.headers["ETag"])
    late = call("PATCH", path, {"title": "Other"}, If_Match=seen.headers["ETag"])

    assert (changed.status_code, late.status_code) == (200, 412)
    variant = changed.json["variants"][0]
    assert (changed.json["title"], variant["price"]["amount"], variant["compare_at"]["amount"]) == (
        "Large mug", 1450, 1600,
    )  # fmt: skip
    wrong = {"variants": [{"id": str(mug.variant_id), "price": {"amount": 1, "currency": "USD"}}]}
    assert call("PATCH", path, wrong, If_Match="*").json["errors"][0]["pointer"] == "#/variants/0/price/currency"
    with sessions() as session:
        assert product_detail(session, mug.id, currency="EUR").title == "Large mug"
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "api.change_product")).one()
        assert (entry.staff_name, entry.staff_id) == ("Scanner (key of Ada)", ada)


def test_a_product_is_made_described_published_and_archived(admin: FlaskClient, sessions: Sessions, shop) -> None:
    call = program(admin, sessions, shop[2])
    new = {"title": "Tide plate", "category": "kitchen/mugs", "sku": "PLATE",
           "price": {"amount": 1800, "currency": "EUR"},
           "options": [{"name": "Colour", "values": ["Sand", "Sea"]}]}  # fmt: skip
    made = [call("POST", "/products", new, Idempotency_Key="the-key-of-this-plate") for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json == made[1].json
    path = made[0].headers["Location"].removeprefix("/api/v1")
    assert made[0].json["status"] == "draft"
    assert [(v["sku"], v["options"], v["on_hand"]) for v in made[0].json["variants"]] == [
        ("PLATE-SAND", ["Sand"], 0), ("PLATE-SEA", ["Sea"], 0),
    ]  # fmt: skip

    for change, status, kind in (
        ({"sku": "PLATE"}, 422, "taken-sku"),
        ({"category": "none"}, 404, "no-such-category"),
        ({"brand": "none"}, 422, "invalid"),
        ({"price": {"amount": 1, "currency": "USD"}}, 422, "invalid"),
        ({"options": new["options"] * 2}, 422, "invalid"),
    ):
        refused = call("POST", "/products", new | change)
        assert (refused.status_code, refused.json["type"]) == (status, f"/api/v1/docs#{kind}"), change
    more = {"options": [{"name": "Colour", "values": ["Sand", "Moss"]}], "sku": "PLATE", "price": new["price"]}
    assert [v["sku"] for v in call("POST", f"{path}/variants", more).json["variants"]][-1] == "PLATE-MOSS"

    tag = call("GET", path).headers["ETag"]
    change = {"status": "published", "slug": "tide", "tags": ["new"], "seo_title": "Plates"}
    published = call("PATCH", path, change, If_Match=tag)
    assert (published.json["status"], published.json["slug"], published.json["tags"]) == ("published", "tide", ["new"])
    assert call("PATCH", path, {"slug": "mug"}, If_Match="*").json["type"] == "/api/v1/docs#taken-slug"
    archived = call("PATCH", path, {"status": "archived"}, If_Match=published.headers["ETag"])
    assert archived.json["status"] == "archived"
    with sessions() as session:
        entries = session.scalars(select(AuditEntry.staff_name).where(AuditEntry.action == "api.create_product"))
        assert entries.all() == ["Scanner (key of Ada)"]


def test_stock_is_received_and_counted_once(admin: FlaskClient, sessions: Sessions, shop) -> None:
    mug, _, ada = shop
    call, path = program(admin, sessions, ada), f"/inventory/{mug.variant_id}"
    for _ in range(2):
        received = call("POST", f"{path}/receipts", {"quantity": 5}, Idempotency_Key="delivery-note-4711")
        assert (received.status_code, received.json["on_hand"]) == (201, 15)

    assert call("POST", f"{path}/counts", {"seen": 10, "on_hand": 9, "reason": "Counted"}).status_code == 409
    counted = call("POST", f"{path}/counts", {"seen": 15, "on_hand": 14, "reason": "One broke"})
    assert counted.json["on_hand"] == 14
    assert call("PUT", f"{path}/selling", {"sell_when_out": True, "low_at": 20}, If_Match="*").json["low"] is True
    assert [row["sku"] for row in call("GET", "/inventory?low=true").json["items"]] == ["MUG"]
    ledger = call("GET", f"{path}/movements?limit=1").json
    assert (ledger["items"][0]["on_hand"], ledger["items"][0]["reason"]) == (-1, "One broke")
    older = call("GET", f"{path}/movements?limit=1&cursor={ledger['next']}").json
    assert (older["items"][0]["on_hand"], older["items"][0]["actor"]) == (5, "Scanner (key of Ada)")
    with sessions() as session:
        assert stock_level(session, mug.variant_id).on_hand == 14
        actors = session.scalars(text("SELECT actor FROM catalog.stock_movements ORDER BY id DESC LIMIT 2")).all()
    assert actors == ["Scanner (key of Ada)"] * 2


def test_an_order_is_packed_sent_and_delivered(admin: FlaskClient, sessions: Sessions, shop) -> None:
    _, order, ada = shop
    call, path = program(admin, sessions, ada), f"/orders/{order.number}"
    line = call("GET", path).json["lines"][0]
    parcel = {"carrier": "An Post", "tracking_number": "CE1", "lines": [{"line_id": line["id"], "quantity": 99}]}

    assert call("POST", f"{path}/packing").json["state"] == "packed"
    too_many = call("POST", f"{path}/shipments", parcel)
    assert (too_many.status_code, too_many.json["errors"][0]["pointer"]) == (422, "#/lines")
    parcel["lines"][0]["quantity"] = line["quantity"]
    sent = call("POST", f"{path}/shipments", parcel)
    assert (sent.status_code, sent.json["state"], sent.json["parcels"][0]["carrier"]) == (201, "shipped", "An Post")
    assert call("POST", f"{path}/cancellation", {"reason": "Too late"}).status_code == 409
    assert call("POST", f"{path}/delivery").json["state"] == "delivered"
    assert [row["number"] for row in call("GET", "/orders?state=delivered").json["items"]] == [order.number]
    with sessions() as session:
        assert admin_order(session, order.number).state == "delivered"


def test_the_contract_is_kept_whatever_is_sent(admin: FlaskClient, sessions: Sessions, shop) -> None:
    contract, page = admin.get("/api/v1/openapi.json").json, admin.get("/api/v1/docs").text
    check_examples(contract)
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page)
    for path, methods in contract["paths"].items():
        assert all(f"<b>{method.upper()}</b> {path}" in page for method in methods), path
    call = program(admin, sessions, shop[2])

    assert attack(admin.application, lambda: {"Authorization": f"Bearer {call.key}"}) == len(
        [method for methods in contract["paths"].values() for method in methods]
    )
    assert {op["security"][0].popitem()[0] for methods in contract["paths"].values() for op in methods.values()} == {
        "api_key"
    }
