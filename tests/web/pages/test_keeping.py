"""Kept pages: shown again while nothing on them has changed, and to nobody else than they are for."""

import pytest
from flask import Flask, template_rendered
from flask import session as cookie
from flask.testing import FlaskClient
from redis import Redis

from domain.shared.db import Sessions
from domain.shared.pages import VERSIONS
from domain.shared.settings import Settings
from storefront import create_app
from tests.storefront.conftest import PART
from tests.web.pages.conftest import BOWL, MUG, MUGS, VASES, heads
from web.cache import public
from web.pages import keep_page


def test_a_page_is_rendered_once_and_shown_again(client: FlaskClient, rendered: list[str]) -> None:
    first = [client.get(path) for path in ("/", MUGS, MUG)]
    again = [client.get(path) for path in ("/", MUGS, MUG)]

    assert rendered == ["/", MUGS, MUG]
    assert [answer.data for answer in again] == [answer.data for answer in first]
    for before, after in zip(first, again, strict=True):
        assert heads(after) == heads(before)
        assert len(after.headers["X-Request-Id"]) == 12
        assert after.headers["X-Request-Id"] != before.headers["X-Request-Id"]


def test_another_process_shows_it_too(
    own: Settings, sessions: Sessions, client: FlaskClient, rendered: list[str]
) -> None:
    page = client.get(MUG)
    other = create_app(settings=own, sessions=sessions, gateways={})
    drawn: list[str] = []
    with template_rendered.connected_to(lambda *_, **__: drawn.append("page"), other):
        answer = other.test_client().get(MUG)

    assert (answer.data, heads(answer)) == (page.data, heads(page))
    assert drawn == []


def test_head_has_the_same_head_and_no_body(client: FlaskClient, rendered: list[str]) -> None:
    first = client.head(MUG)
    page = client.get(MUG)
    again = client.head(MUG)

    assert rendered == [MUG]
    assert (first.data, again.data) == (b"", b"")
    assert heads(first) == heads(page) == heads(again)
    assert int(again.headers["Content-Length"]) == len(page.data)


def test_who_has_the_page_is_told_so_without_rendering(client: FlaskClient, redis: Redis, rendered: list[str]) -> None:
    page = client.get(MUG)
    kept = [key for key in redis.keys("pages:*") if key != VERSIONS.encode()]
    redis.delete(*kept)
    rendered.clear()

    answer = client.get(MUG, headers={"If-None-Match": f'"other", W/{page.headers["ETag"]}'})

    assert (answer.status_code, answer.data, rendered) == (304, b"", [])
    for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
        assert answer.headers[name] == page.headers[name]
    assert client.get(MUG, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_tag_is_the_same_before_and_after_it_is_kept(client: FlaskClient) -> None:
    assert client.get(MUGS).headers["ETag"] == client.get(MUGS).headers["ETag"]
    assert client.get(MUGS).headers["ETag"] != client.get(VASES).headers["ETag"]


def test_a_part_and_the_whole_are_kept_apart(client: FlaskClient, rendered: list[str]) -> None:
    whole, part = client.get(MUGS), client.get(MUGS, headers=PART)
    boosted = client.get(MUGS, headers=PART | {"HX-Boosted": "true"})
    restored = client.get(MUGS, headers=PART | {"HX-History-Restore-Request": "true"})

    assert "<html" in whole.text
    assert "<html" not in part.text
    assert client.get(MUGS, headers=PART).data == part.data
    assert boosted.data == restored.data == whole.data
    assert whole.headers["ETag"] != part.headers["ETag"]
    assert "HX-Request-Type" in whole.headers["Vary"]
    assert len(rendered) == 2


def test_what_advertisements_add_and_the_order_of_a_query_change_nothing(
    client: FlaskClient, rendered: list[str]
) -> None:
    first = client.get(f"{MUGS}?sort=price&in_stock=1&utm_source=mail")
    again = client.get(f"{MUGS}?gclid=7&in_stock=1&sort=price")

    assert len(rendered) == 1
    assert again.data == first.data
    assert "utm_source" not in first.text


@pytest.mark.parametrize(
    "path",
    [
        f"{MUGS}?taste=sweet",
        f"{MUGS}?page=7",
        f"{MUGS}?sort=sideways",
        f"{MUGS}?sort=price&sort=price",
        f"{MUGS}?q=mug",
        f"{MUG}?x=1",
        f"{BOWL}?Colour=Puce",
        f"{BOWL}?sku=NONE",
        f"{MUG}?noted=1",
        "/?x=1",
        "/search?q=mug",
        "/p/nothing",
        "/c/nowhere",
        "/cart",
    ],
)
def test_nothing_is_kept_of_what_has_no_end(client: FlaskClient, redis: Redis, path: str) -> None:
    first = client.get(path)

    assert set(redis.keys("pages:*")) <= {VERSIONS.encode()}
    assert redis.hlen(VERSIONS) <= 1
    assert client.get(path).data == first.data


def test_the_choices_that_a_page_offers_are_kept(client: FlaskClient, rendered: list[str]) -> None:
    paths = [f"{BOWL}?Colour=Green", f"{BOWL}?sku=BOWL-S", f"{MUGS}?sort=name", MUG]
    for path in [*paths, *paths]:
        assert client.get(path).status_code == 200

    assert len(rendered) == 4


def test_pages_are_the_same_for_whoever_brings_cookies(
    app: Flask, own: Settings, sessions: Sessions, rendered: list[str]
) -> None:
    shopper = app.test_client()
    shopper.post("/cart/lines", data={"sku": "MUG-1", "quantity": "3"})
    mine = shopper.get(MUG)
    stranger = app.test_client().get(MUG)

    assert stranger.data == mine.data
    assert "Set-Cookie" not in mine.headers
    assert "Set-Cookie" not in stranger.headers
    assert rendered.count(MUG) == 1


def test_a_page_whose_view_looks_at_the_session_is_not_kept(own: Settings, sessions: Sessions, redis: Redis) -> None:
    app = create_app(settings=own, sessions=sessions, gateways={})
    drawn = []

    @public()
    def peek(slug: str) -> str:
        keep_page()
        drawn.append(slug)
        return f"for {cookie.get('name')}"

    app.view_functions["catalog.product"] = peek
    for _ in range(2):
        assert app.test_client().get("/p/mine").text == "for None"

    assert drawn == ["mine", "mine"]
