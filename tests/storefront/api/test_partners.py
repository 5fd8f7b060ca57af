"""Partners read the catalogue by a key: it says who they are, and has a quota of its own."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.shared.db import Sessions, transaction, utcnow
from domain.users.commands import make_api_key
from domain.users.models import ApiKey
from storefront import create_app
from tests.factories.users import make_staff
from tests.storefront.api.conftest import Phone

READS = ("/products", "/products/harbour-mug", "/search?q=mug", "/categories")


@pytest.fixture
def give(sessions: Sessions) -> Callable[..., str]:
    """Give a partner a key."""
    with transaction(sessions) as tx:
        ada = make_staff(tx)

    def make(*scopes: str, days: int = 30) -> str:
        with transaction(sessions) as tx:
            over = utcnow() + timedelta(days=days)
            return make_api_key(tx, name="Partner", scopes=scopes, expires_at=over, maker_id=ada, giver={"*"})

    return make


def by(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_a_partner_reads_by_a_key_that_is_counted_by_itself(
    phone: Phone, give: Callable[..., str], sessions: Sessions, settings
) -> None:
    few = settings.model_copy(update={"rate_api": "5 per minute"})
    partner = Phone(create_app(settings=few, sessions=sessions).test_client(), phone.contract)
    first, second = give("products:read"), give("products:read", "orders:read")

    told = [partner.get(path, **by(first)) for path in (*READS, *READS[2::-2])]

    assert [answer.status_code for answer in told] == [200] * 5 + [429]
    assert {answer.headers["RateLimit-Policy"] for answer in told} == {'"api";q=5;w=60'}
    assert [answer.headers["RateLimit"].split(";")[1] for answer in told] == ["r=4", "r=3", "r=2", "r=1", "r=0", "r=0"]
    assert {answer.headers["Cache-Control"] for answer in told[:5]} == {"private, no-cache"}
    assert partner.get("/products", **by(second)).status_code == 200
    for path, answer in zip(READS, told, strict=False):
        open_to_all = partner.get(path)
        assert (open_to_all.status_code, open_to_all.json) == (200, answer.json)
        assert open_to_all.headers["Cache-Control"].startswith("public, ")
        assert "RateLimit" not in open_to_all.headers
    with sessions() as session:
        seen = session.scalars(select(ApiKey.last_used_at).order_by(ApiKey.id)).all()
    assert [at is None for at in seen] == [False, False]


def test_a_key_that_is_not_good_or_does_not_reach_reads_nothing(phone: Phone, give: Callable[..., str]) -> None:
    over, other = give("products:read", days=0), give("orders:read")

    for path in READS:
        for key in (over, "shop_" + "x" * 43):
            refused = phone.get(path, **by(key))
            assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer"), path
        refused = phone.get(path, **by(other))
        assert (refused.status_code, refused.json["type"]) == (403, "/api/v1/docs#out-of-scope"), path
    assert phone.get("/account", **by(give("products:read"))).status_code == 401


def test_a_key_opens_no_cart_and_no_order(client: FlaskClient, give: Callable[..., str]) -> None:
    for path in ("/cart", "/checkout", "/orders", "/orders/CS-7K2M-9QXA", "/account"):
        answer = client.get(f"/api/v1{path}", headers=by(give("products:read", "orders:read")))
        assert answer.status_code == 401, path
