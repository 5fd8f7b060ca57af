"""Every class of answer carries the security headers, once each."""

import pytest
from flask.testing import FlaskClient

from domain.shared.settings import Settings
from tests.web.conftest import make

ANSWERS = ["/page", "/mine", "/nowhere", "/pages/fail/bug", "/pages/fail/rule", "/api/fail/missing", "/healthz",
           "/readyz", "/media/none.webp", "/pages/database"]  # fmt: skip


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_is_guarded(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    policy = headers.getlist("Content-Security-Policy")
    assert len(policy) == 1
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy[0]
    assert "form-action 'self' https://pay.test;" in policy[0]
    assert "unsafe" not in policy[0]
    assert headers.getlist("X-Content-Type-Options") == ["nosniff"]
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert len(headers["X-Request-Id"]) == 12
    assert "Strict-Transport-Security" not in headers


def test_an_address_with_a_key_goes_to_no_other_site(client: FlaskClient) -> None:
    assert client.get("/keyed").headers["Referrer-Policy"] == "same-origin"


def test_a_shop_on_https_says_so_for_a_year(unreachable: Settings) -> None:
    settings = unreachable.model_copy(update={"storefront_url": "https://shop.test"})
    app = make(settings)

    assert app.test_client().get("/page").headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-session"
    assert app.config["SESSION_COOKIE_SECURE"] is True
