"""Every route of both apps against nobody, every role, a shopper, and another shopper with the first one's ids."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from admin.access import EVERYBODY, POLLED, STAFF, permission_of
from domain.cart.commands import add_line
from domain.cart.queries import view_cart
from domain.orders.queries import admin_order
from domain.shared.db import transaction
from domain.users.models import SavedAddress, Shopper, ShopperSession
from domain.users.roles import STARTING_ROLES, can
from storefront.access import ACCESS, RATES, Who
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from tests.factories.users import PASSWORD, make_shopper, make_staff

ROLES = {role.name: role.permissions for role in STARTING_ROLES}
AWAY = ("/sign-in",)
OWNED = (Who.SHOPPER, Who.OWN_ORDER)
"""What belongs to somebody: each id in such an address must be tried with a row of somebody else."""
CONTRACT = ("/api/v1/openapi.json", "/api/v1/docs")
"""What the API says of itself, with examples in which an Ada of nobody's acts."""
MADE_UP = {"code", "review_id"}
"""Parameters that name nothing of a shopper's alone: the code of a paper is looked up within the order, and any shopper
may vote on a review."""
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


def requests_of(app, known: dict[str, str]):
    """Every route of an app with each of its methods and a concrete path; what is not known by name is made up."""
    for rule in app.url_map.iter_rules():

        def value(found: re.Match[str]) -> str:
            kind, name = found.groups()
            return known.get(name) or (str(uuid4()) if kind == "uuid" else "7" if kind == "int" else "none")

        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, PARAMETER.sub(value, rule.rule)


def is_sent_to_sign_in(response) -> bool:
    return response.status_code in (302, 303) and response.location.startswith(AWAY)


@pytest.fixture
def shop(storefront, sessions):
    """Ada and Grace with an account each, a paid order of Ada's, and a cart of Ada's."""
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", slug="mug", on_hand=20)
        ada = make_shopper(tx, email="ada@example.com", name="Ada")
        make_shopper(tx, email="grace@example.com", name="Grace")
        order = make_order(tx, sku="MUG", paid=True)
        cart_id = add_line(tx, cart_id=None, sku="MUG", quantity=3, shopper_id=ada.id)
    return storefront.application, mug, order, cart_id


def signed_in(app, email):
    client = app.test_client()
    assert client.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303
    return client


def test_every_route_is_in_the_written_table_and_every_rate_names_a_route(storefront):
    endpoints = set(storefront.application.view_functions)

    assert endpoints == set(ACCESS)
    assert set(RATES) <= endpoints


def test_nobody_gets_as_far_as_the_table_says(shop):
    """Without a sign-in, a cart or a link, nothing of anybody's is shown and nothing fails."""
    app, _, order, _ = shop
    known = {"number": order.number, "gateway": "demo", "slug": "mug"}

    for endpoint, method, path in requests_of(app, known):
        response = app.test_client().open(path, method=method)
        who = ACCESS[endpoint]
        assert response.status_code < 500, f"{method} {path}"
        if who is Who.SHOPPER:
            assert is_sent_to_sign_in(response), f"{method} {path} answered {response.status_code}"
        elif who is Who.OWN_ORDER:
            assert response.status_code == 404, f"{method} {path} answered {response.status_code}"
        elif who is Who.OWN_STAFF:
            assert response.status_code == 403, f"{method} {path} answered {response.status_code}"
        elif who is Who.BEARER:
            assert response.status_code == 401, f"{method} {path} answered {response.status_code}"
        elif who is Who.ORDER_HOLDER:
            assert response.status_code in (404, 415), f"{method} {path} answered {response.status_code}"
        elif who is Who.GATEWAY:
            assert response.status_code in (400, 401, 403, 404), f"{method} {path}"
        else:
            assert response.status_code not in (401, 403), f"{method} {path}"
        assert "Ada" not in response.text or path in CONTRACT


def test_another_shopper_with_the_first_ones_ids_sees_and_changes_nothing(shop, sessions):
    app, mug, order, cart_id = shop
    ada, grace = signed_in(app, "ada@example.com"), signed_in(app, "grace@example.com")
    with transaction(sessions) as tx:
        first = tx.scalars(select(Shopper).where(Shopper.email == "ada@example.com")).one()
        kept = SavedAddress(shopper_id=first.id, address={"name": "Ada Hidden", "line1": "1 Row", "country": "IE"})
        tx.add(kept)
        sign_in = tx.scalars(select(ShopperSession.id).where(ShopperSession.shopper_id == first.id)).one()
    known = {
        "number": order.number, "gateway": "demo", "slug": "mug", "variant_id": str(mug.variant_id),
        "address_id": str(kept.id), "session_id": str(sign_in),
    }  # fmt: skip

    def of_ada():
        with sessions() as reading:
            saved = reading.execute(select(SavedAddress.address).where(SavedAddress.id == kept.id)).all()
            order_now, cart_now = admin_order(reading, order.number), view_cart(reading, cart_id, currency="EUR")
        return saved, order_now, cart_now, ada.get("/account").status_code

    before = of_ada()
    assert before[-1] == 200
    asked = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules() if ACCESS[rule.endpoint] in OWNED}
    unknown = {endpoint: names - set(known) for endpoint, names in asked.items() if names - set(known) - MADE_UP}
    assert unknown == {}, "Say here whose id each of these takes: a row of Ada's, or by MADE_UP why there is none"

    for endpoint, method, path in requests_of(app, known):
        if endpoint == "account.sign_out":
            continue
        for query in ("", "?key=none", f"?key={'x' * 32}", "?key="):
            response = grace.open(path + query, method=method)
            assert response.status_code < 500, f"{method} {path}{query}"
            if ACCESS[endpoint] is Who.OWN_ORDER:
                assert response.status_code == 404, f"{method} {path}{query} answered {response.status_code}"
            if ACCESS[endpoint] is Who.BEARER:  # what a browser is signed in to opens nothing here
                assert response.status_code == 401, f"{method} {path} answered {response.status_code}"
            if ACCESS[endpoint] is Who.ORDER_HOLDER:
                assert response.status_code in (404, 415), f"{method} {path}{query} answered {response.status_code}"
            assert "Ada Hidden" not in response.text, f"{method} {path}"
            if (
                method == "GET"
                and endpoint != "api.show_address"
                and "address_id" in next(app.url_map.iter_rules(endpoint)).arguments
            ):
                assert response.status_code == 404, f"{method} {path} answered {response.status_code}"
            assert order.number not in response.text or ACCESS[endpoint] is Who.EVERYBODY, f"{method} {path}"

    assert of_ada() == before


def test_a_wrong_number_and_a_wrong_key_answer_alike(shop):
    app, _, order, _ = shop
    client = app.test_client()

    def shown(path: str) -> tuple[int, str]:
        page = client.get(path)
        return page.status_code, page.text.replace(page.headers["X-Request-Id"], "")

    assert shown(f"/orders/{order.number}?key=none") == shown(f"/orders/{order.number}")
    status, page = shown("/orders/CS-NONE-NONE?key=none")
    assert (status, page.count("<h1")) == (404, shown(f"/orders/{order.number}?key=none")[1].count("<h1"))


@pytest.mark.parametrize("role", ["", *sorted(ROLES)])
def test_every_route_of_the_admin_against_every_role_and_none(admin, sessions, role):
    app, client = admin.application, admin
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", slug="mug", on_hand=20)
        order = make_order(tx, sku="MUG", paid=True)
        make_staff(tx, email="first@shop.test", name="First")
        make_staff(tx, email="me@shop.test", name="Me", role=role or "owner")
    if role:
        assert client.post("/sign-in", data={"email": "me@shop.test", "password": PASSWORD}).location == "/"
    known = {"country": "ZZ", "number": "none", "name": "none"}
    seen = 0
    for endpoint, method, path in requests_of(app, known):
        needed = permission_of(app, endpoint)
        assert needed is not None, endpoint
        if endpoint == "sign_in.leave":
            continue
        response = client.open(path, method=method)
        assert response.status_code < 500, f"{role}: {method} {path}"
        if endpoint.startswith("api.") and needed != EVERYBODY:  # no cookie opens anything there
            assert response.status_code == 401, f"{role}: {method} {path} answered {response.status_code}"
        elif needed == EVERYBODY:
            assert response.status_code != 403, f"{role}: {method} {path}"
        elif not role and endpoint == POLLED:
            assert (response.status_code, response.data) == (204, b""), "an open page is told nothing, and stays"
        elif not role:
            assert is_sent_to_sign_in(response), f"nobody: {method} {path} answered {response.status_code}"
        elif needed != STAFF:
            allowed = can(ROLES[role], needed)
            assert (response.status_code != 403) == allowed, f"{role}: {method} {path} answered {response.status_code}"
        seen += 1
    assert seen > 60
    with sessions() as reading:
        assert admin_order(reading, order.number).state == "paid"
