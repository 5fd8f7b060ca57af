"""Looking at a page writes nothing: no row of the shop is another one after every GET of both apps."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from domain.shared.db import Base, Sessions, transaction
from tests.factories.catalog import make_product
from tests.factories.users import PASSWORD, make_staff
from tests.security.test_every_route import requests_of, shop, signed_in

__all__ = ["shop"]

IN_PASSING = {"users.shopper_sessions", "users.staff_sessions"}
"""When somebody was seen last is noted in passing, at most every ten minutes."""


def rows(sessions: Sessions) -> dict[str, str]:
    """Return a digest of what stands in each table."""
    with sessions() as reading:
        return {
            name: reading.scalar(text(f"SELECT md5(coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')) FROM {name} t"))  # noqa: S608, E501
            for name in sorted(set(Base.metadata.tables) - IN_PASSING)
        }  # fmt: skip


def look_at_everything(client: FlaskClient, app: Flask, known: dict[str, str], query: str = "") -> int:
    paths = [path for _, method, path in requests_of(app, known) if method == "GET"]
    for path in paths:
        assert client.get(path + query).status_code < 500, path
    return len(paths)


def test_no_page_of_the_storefront_writes(shop, sessions):
    app, mug, order, _ = shop
    known = {"number": order.number, "slug": "mug", "variant_id": str(mug.variant_id)}
    ada = signed_in(app, "ada@example.com")
    before = rows(sessions)

    for client in (app.test_client(), ada):
        assert look_at_everything(client, app, known, f"?key={order.access_key}") > 50

    assert rows(sessions) == before


def test_no_page_of_the_admin_writes(admin, sessions, shop):
    app, (_, mug, order, _) = admin.application, shop
    with transaction(sessions) as tx:
        make_staff(tx, email="owner@shop.test", name="Owner", role="owner")
    owner = app.test_client()
    assert owner.post("/sign-in", data={"email": "owner@shop.test", "password": PASSWORD}).status_code == 303
    known = {"number": order.number, "product_id": str(mug.id), "variant_id": str(mug.variant_id)}
    before = rows(sessions)

    assert look_at_everything(owner, app, known) > 70

    assert rows(sessions) == before


def test_the_first_views_of_a_product_at_once_all_show_it(storefront, sessions):
    with transaction(sessions) as tx:
        make_product(tx, sku="NEW", slug="new", title="Brand new")
    start = Barrier(4)

    def view(_: int) -> tuple[int, bool]:
        client = storefront.application.test_client()
        start.wait()
        answer = client.get("/p/new")
        return answer.status_code, "Brand new" in answer.text

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(view, range(4))) == [(200, True)] * 4
