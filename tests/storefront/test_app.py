"""What holds for every page of the storefront, and for the two ways to start it."""

import subprocess
import sys

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from domain.shared.settings import ROOT, Settings
from storefront import create_app
from tests.storefront.conftest import Shopper


@pytest.mark.parametrize(
    "path", ["/", "/c/kitchen/mugs", "/p/harbour-mug", "/search", "/cart", "/checkout/details", "/sign-in", "/register",
             "/register/sent", "/register/confirmation", "/password/forgotten", "/password/new", "/account/sign-ins",
             "/account", "/nowhere", "/orders/X", "/robots.txt", "/cart/badge"]
)  # fmt: skip
def test_every_page_is_guarded_and_none_is_both_private_and_kept(shopper: Shopper, path: str) -> None:
    shopper.add()

    headers = shopper.client.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "form-action 'self' http://localhost:8002;" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"].startswith("public") or headers["Cache-Control"] == "no-store"
    assert not (headers["Cache-Control"].startswith("public") and "Set-Cookie" in headers)


FORMS = ["/cart/lines", "/cart/undo", "/checkout/details", "/checkout/delivery", "/checkout/order",
         "/orders/X/payments", "/sign-in", "/register", "/sign-out",
         "/register/confirmation", "/password/forgotten", "/password/new", "/account/sign-ins/others/end"]  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
def test_no_form_of_another_site_is_taken(client: FlaskClient, path: str) -> None:
    assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("path", ["/cart/lines", "/checkout/details", "/sign-in", "/webhooks/demo"])
def test_ten_megabytes_are_refused_everywhere(client: FlaskClient, path: str) -> None:
    assert client.post(path, data={"sku": "x" * 10_000_000}).status_code == 413


def test_without_a_database_every_page_asks_for_patience() -> None:
    settings = Settings(
        database_url="postgresql://nobody@127.0.0.1:1/none",
        secret_key=SecretStr("a secret for tests only"),
        demo_gateway_secret=SecretStr("a gateway secret for tests only"),
    )
    client = create_app(settings).test_client()

    for path in ("/", "/c/mugs", "/p/mug", "/search?q=x"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "We will be right back" in answer.text
    answer = client.post("/cart/lines", data={"sku": "MUG-1", "quantity": "1"})
    assert answer.status_code == 503
    assert client.get("/cart").status_code == 200 or client.get("/cart").status_code == 503


def test_secure_cookies_belong_to_this_host_alone(settings: Settings, sessions: object, goods: object) -> None:
    secure = settings.model_copy(update={"storefront_url": "https://localhost"})
    client = create_app(settings=secure, sessions=sessions, gateways={}).test_client()  # type: ignore[arg-type]

    answer = client.post("/cart/lines", data={"sku": "MUG-1", "quantity": "1"}, base_url="https://localhost")

    [cart] = [cookie for cookie in answer.headers.getlist("Set-Cookie") if "HttpOnly" in cookie]
    assert cart.startswith("__Host-cart=")
    assert "; Secure" in cart
    assert "Domain" not in cart


def test_asking_for_one_app_imports_only_that_one() -> None:
    code = "import sys, wsgi; wsgi.storefront; print('admin' in sys.modules)"
    env = {
        "SHOP_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "SHOP_SECRET_KEY": "a secret for tests only",
        "SHOP_DEMO_GATEWAY_SECRET": "a gateway secret for tests only",
    }

    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT, check=False)  # noqa: S603

    assert (done.stdout.strip(), done.returncode) == ("False", 0), done.stderr
