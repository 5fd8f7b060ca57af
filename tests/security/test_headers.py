"""Every class of answer of both apps carries the security headers, each once, and says who may keep it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.catalog.media import LocalStorage
from domain.shared.db import transaction
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from tests.factories.users import PASSWORD, make_staff

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
PICTURE = "0123456789abcdef0123456789abcdef.webp"
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
HSTS = "max-age=31536000; includeSubDomains"


@pytest.fixture
def shop(sessions, settings, redis) -> tuple[FlaskClient, FlaskClient, str]:
    """Both apps on HTTPS, an owner who is signed in to the admin, and the number of a paid order."""
    from admin import create_app as create_admin
    from storefront import create_app as create_storefront

    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", slug="mug", on_hand=9)
        order = make_order(tx, sku="MUG", paid=True)
        make_staff(tx)
    LocalStorage(settings.media_dir).put(PICTURE, b"RIFF", "image/webp")
    secure = settings.model_copy(update={"storefront_url": "https://shop.test", "admin_url": "https://admin.shop.test"})
    front = create_storefront(settings=secure, sessions=sessions)
    back = create_admin(settings=secure, sessions=sessions, redis=redis)
    for app in (front, back):
        app.add_url_rule("/breaks", "breaks", breaks)
    breaks.permission = "everybody"  # type: ignore[attr-defined]
    storefront, admin = client_of(front, "https://shop.test"), client_of(back, "https://admin.shop.test")
    entered = admin.post("/sign-in", data={"email": "ada@shop.test", "password": PASSWORD})
    assert entered.status_code == 303
    return storefront, admin, order.number


def client_of(app: Flask, base_url: str) -> FlaskClient:
    client = app.test_client()
    plain: Callable[..., object] = client.open
    client.open = lambda *args, **kwargs: plain(*args, **({"base_url": base_url} | kwargs))  # type: ignore[method-assign]
    return client


def breaks() -> str:
    raise RuntimeError("on purpose")


def check(response, *, status: int, kept: str) -> None:
    headers = response.headers
    assert response.status_code == status
    for name, value in FIXED.items():
        assert headers.getlist(name) == [value], name
    [policy] = headers.getlist("Content-Security-Policy")
    assert "unsafe" not in policy
    assert all(part in policy for part in STRICT)
    assert headers.getlist("Strict-Transport-Security") == [HSTS]
    assert headers["Referrer-Policy"] in ("strict-origin-when-cross-origin", "same-origin")
    assert "camera=()" in headers["Permissions-Policy"]
    assert kept in headers["Cache-Control"], headers["Cache-Control"]
    assert "Server" not in headers
    assert "X-Powered-By" not in headers
    for cookie in headers.getlist("Set-Cookie"):
        name, _, rest = cookie.partition("=")
        assert "Secure" in rest, cookie
        assert "SameSite=Lax" in rest, cookie
        if name != "cart_count":  # a number for the script of cached pages, and nothing else
            assert name.startswith("__Host-"), cookie
            assert "HttpOnly" in rest, cookie
            assert "Path=/" in rest, cookie
            assert "Domain" not in rest, cookie


def static_path(client: FlaskClient, name: str) -> str:
    return client.application.extensions["assets"].url(name)


def test_every_class_of_answer_of_the_storefront(shop) -> None:
    client, _, number = shop

    check(client.get("/"), status=200, kept="public")
    check(client.get("/p/mug"), status=200, kept="public")
    check(client.get("/search?q=mug", headers=PARTIAL), status=200, kept="public")
    check(client.get("/cart"), status=200, kept="no-store")
    check(client.post("/cart/lines", data={"sku": "MUG", "quantity": "1"}), status=303, kept="no-store")
    check(client.get("/account"), status=302, kept="no-store")
    check(client.get("/nowhere"), status=404, kept="no-store")
    check(client.get("/nowhere", headers=PARTIAL), status=404, kept="no-store")
    check(client.get("/cart/lines"), status=405, kept="no-store")
    check(client.post("/cart/lines", headers={"Sec-Fetch-Site": "cross-site"}), status=403, kept="no-store")
    check(client.post("/cart/lines", data={"sku": "x" * 2_000_000}), status=413, kept="no-store")
    check(client.get("/search?q=" + "x" * 9000), status=414, kept="no-store")
    check(client.get("/", base_url="https://evil.test"), status=400, kept="no-store")
    check(client.get("/breaks"), status=500, kept="no-store")
    check(client.get(f"/orders/{number}"), status=404, kept="no-store")
    check(client.post("/webhooks/demo", data=b"{}"), status=400, kept="no-store")
    check(client.get(static_path(client, "css/site.css")), status=200, kept="immutable")
    check(client.get(f"/media/{PICTURE}"), status=200, kept="public")
    check(client.get("/media/none.webp"), status=404, kept="no-store")
    check(client.get("/robots.txt"), status=200, kept="public")
    check(client.get("/healthz"), status=200, kept="no-store")
    tag = client.get("/").headers["ETag"]
    check(client.get("/", headers={"If-None-Match": tag}), status=304, kept="public")


def test_every_class_of_answer_of_the_admin(shop) -> None:
    _, client, number = shop

    check(client.get("/orders"), status=200, kept="no-store")
    check(client.get("/orders", headers=PARTIAL), status=200, kept="no-store")
    check(client.get(f"/orders/{number}/slip"), status=200, kept="no-store")
    check(client.post(f"/orders/{number}/packing"), status=303, kept="no-store")
    check(client.post("/staff/invitations", data={}), status=422, kept="no-store")
    check(client.get("/nowhere"), status=404, kept="no-store")
    check(client.get("/orders/none"), status=404, kept="no-store")
    check(client.get("/sign-out"), status=405, kept="no-store")
    check(client.get("/breaks"), status=500, kept="no-store")
    check(client.get(static_path(client, "css/admin.css")), status=200, kept="immutable")
    check(client.get("/orders", base_url="https://shop.test"), status=400, kept="no-store")
    stranger = client_of(client.application, "https://admin.shop.test")
    check(stranger.get("/orders"), status=303, kept="no-store")
    check(stranger.get("/orders", headers=PARTIAL), status=401, kept="no-store")
    check(stranger.get("/sign-in"), status=200, kept="no-store")


def test_a_failure_shows_a_reference_and_nothing_of_the_inside(shop) -> None:
    for client in shop[:2]:
        page = client.get("/breaks")
        assert page.headers["X-Request-Id"] in page.text
        for word in ("Traceback", "RuntimeError", "on purpose", ".py"):
            assert word not in page.text
