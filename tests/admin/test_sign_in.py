"""Staff come in and go out."""

import time

import pytest
from redis import Redis

from admin import create_app
from admin.throttle import PER_ACCOUNT, WINDOW
from domain.shared.db import transaction
from domain.users import commands
from tests.factories.users import NEW_PASSWORD, PASSWORD, make_shopper, make_staff

ADA = {"email": "ada@shop.test", "password": PASSWORD}
WRONG = {"email": "ada@shop.test", "password": NEW_PASSWORD}


@pytest.fixture(autouse=True)
def ada(sessions):
    """Ada owns the shop."""
    with transaction(sessions) as tx:
        return make_staff(tx)


def test_ada_comes_in_and_goes_out(admin):
    assert admin.get("/sign-in").status_code == 200

    entered = admin.post("/sign-in", data=ADA)
    assert (entered.status_code, entered.location) == (303, "/")
    cookie = entered.headers["Set-Cookie"]
    assert cookie.startswith("admin_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie

    page = admin.get("/")
    assert page.status_code == 200
    assert "Ada" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert admin.get("/sign-in").location == "/"

    left = admin.post("/sign-out")
    assert (left.status_code, left.location) == (303, "/sign-in")
    assert admin.get("/").location == "/sign-in"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (WRONG, "is not right"),
        (ADA | {"email": "nobody@shop.test"}, "is not right"),
        (ADA | {"email": "<script>alert(1)</script>"}, "is not right"),
        ({}, "Enter your e-mail address."),
    ],
)
def test_wrong_answers_stay_outside(admin, data, message):
    response = admin.post("/sign-in", data=data)

    assert response.status_code == 422
    assert message in response.text
    assert "<script>alert" not in response.text
    assert "Set-Cookie" not in response.headers
    assert admin.get("/").status_code == 303


def test_a_shopper_is_no_staff(admin, sessions):
    with transaction(sessions) as tx:
        make_shopper(tx)

    assert admin.post("/sign-in", data={"email": "grace@example.com", "password": PASSWORD}).status_code == 422


def test_a_cookie_signed_for_the_storefront_opens_nothing(app, ada, sessions):
    from flask.sessions import SecureCookieSessionInterface

    with transaction(sessions) as tx:
        held = commands.begin_staff_session(tx, staff_id=ada, address="", browser="")
    claims = {"_user_id": held, "seen": int(time.time())}
    storefronts = SecureCookieSessionInterface().get_signing_serializer(app).dumps(claims)
    own = app.session_interface.get_signing_serializer(app).dumps(claims)

    stranger, friend = app.test_client(), app.test_client()
    stranger.set_cookie("admin_session", storefronts)
    friend.set_cookie("admin_session", own)

    assert stranger.get("/").status_code == 303
    assert friend.get("/").status_code == 200


def test_a_new_password_ends_the_sign_in_at_the_next_click(admin, sessions):
    admin.post("/sign-in", data=ADA)
    with transaction(sessions) as tx:
        commands.set_staff_password(tx, email="ada@shop.test", password=NEW_PASSWORD)

    assert admin.get("/").location == "/sign-in"


def test_who_asked_for_a_page_gets_there_after_signing_in(admin):
    asked = admin.get("/products?q=mug")
    assert asked.status_code == 303
    assert asked.location == "/sign-in?next=/products?q%3Dmug"

    assert admin.post(asked.location, data=ADA).location == "/products?q=mug"


@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test/", "/\\evil.test", "/\t/evil.test", "evil"])
def test_no_link_leads_elsewhere_after_signing_in(admin, elsewhere):
    response = admin.post("/sign-in", query_string={"next": elsewhere}, data=ADA)

    assert (response.status_code, response.location) == (303, "/")


def test_a_partial_asks_the_browser_to_sign_in(admin):
    response = admin.get("/orders", headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert (response.status_code, response.headers["HX-Redirect"], response.text) == (401, "/sign-in", "")


def test_guessing_is_slowed_down_but_others_are_not_held_up(admin, redis, sessions):
    with transaction(sessions) as tx:
        make_staff(tx, email="bob@shop.test", name="Bob")
    for _ in range(PER_ACCOUNT):
        assert admin.post("/sign-in", data=WRONG).status_code == 422

    refused = admin.post("/sign-in", data=ADA)

    assert refused.status_code == 429
    assert "Please wait 15 minutes" in refused.text
    assert 0 < int(refused.headers["Retry-After"]) <= WINDOW
    assert admin.post("/sign-in", data=ADA, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 303
    assert admin.post("/sign-in", data=ADA | {"email": "bob@shop.test"}).status_code == 303

    redis.flushall()
    assert admin.post("/sign-in", data=ADA).status_code == 303


def test_a_right_password_forgives_the_wrong_ones_before(admin):
    for _ in range(2):
        for _ in range(PER_ACCOUNT - 1):
            admin.post("/sign-in", data=WRONG)
        assert admin.post("/sign-in", data=ADA).status_code == 303
        admin.post("/sign-out")


def test_without_redis_staff_still_come_in(settings, sessions):
    away = Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    client = create_app(settings=settings, sessions=sessions, redis=away).test_client()

    assert client.post("/sign-in", data=WRONG).status_code == 422
    assert client.post("/sign-in", data=ADA).status_code == 303
    page = client.get("/")
    assert page.status_code == 200
    assert "Redis does not answer" in page.text


def test_another_site_cannot_post(admin):
    admin.post("/sign-in", data=ADA)

    assert admin.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert admin.post("/sign-out", headers={"Origin": "http://localhost:8000"}).status_code == 403
    assert admin.get("/").status_code == 200


def test_with_https_the_cookie_is_bound_to_the_host(settings, sessions):
    secure = settings.model_copy(update={"admin_url": "https://admin.shop.test"})
    client = create_app(settings=secure, sessions=sessions).test_client()

    cookie = client.post("/sign-in", data=ADA, base_url="https://admin.shop.test").headers["Set-Cookie"]

    assert cookie.startswith("__Host-admin_session=")
    assert "Secure" in cookie
