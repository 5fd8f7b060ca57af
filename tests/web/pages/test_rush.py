"""Many at once, a Redis that is wiped or gone, and strangers who would fill it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from redis import Redis

from cli.embedded import embedded_redis
from domain.shared.db import Sessions
from domain.shared.pages import VERSIONS
from domain.shared.settings import Settings
from storefront import create_app
from tests.storefront.conftest import Goods
from tests.web.pages.conftest import BOWL, MUG, MUGS, name_of, see
from web.pages import front, shelf


def test_one_renders_while_the_others_wait(app: Flask, rendered: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "PATIENCE", 30.0)
    see(app.test_client(), BOWL)
    start = threading.Barrier(12)

    def visit(_number: int) -> bytes:
        start.wait()
        return app.test_client().get(MUG).data

    with ThreadPoolExecutor(12) as pool:
        pages = list(pool.map(visit, range(12)))

    assert len(set(pages)) == 1
    assert rendered == [BOWL, MUG]


def test_who_waits_in_vain_renders_it_too(client: FlaskClient, app: Flask, redis: Redis, rendered: list[str]) -> None:
    redis.set(shelf._task(name_of(MUG)), 1, px=60_000)

    assert client.get(MUG).status_code == 200
    assert rendered == [MUG]


def test_an_old_page_is_shown_while_somebody_renders_it_anew(
    client: FlaskClient, redis: Redis, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(MUG)
    monkeypatch.setattr(front, "FRESH", -1)
    redis.set(shelf._task(name_of(MUG)), 1, px=60_000)
    assert client.get(MUG).data == first.data
    assert rendered == [MUG]

    redis.delete(shelf._task(name_of(MUG)))
    assert client.get(MUG).data == first.data
    assert rendered == [MUG, MUG]


def test_a_wiped_redis_makes_every_page_anew(client: FlaskClient, redis: Redis, rendered: list[str]) -> None:
    old = client.get(MUG).headers["ETag"]
    redis.flushall()

    assert client.get(MUG, headers={"If-None-Match": old}).status_code == 200
    assert rendered == [MUG, MUG]


def test_what_redis_holds_has_a_bound(client: FlaskClient, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "SLOTS", 1)
    see(client, MUG, BOWL, MUGS)

    assert sorted(redis.keys("pages:*")) == [b"pages:0", VERSIONS.encode()]
    assert 0 < redis.ttl("pages:0") <= shelf.KEPT


def test_without_redis_the_shop_is_slower_and_open(
    own: Settings, sessions: Sessions, goods: Goods, statements: Any
) -> None:
    gone = own.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    client = create_app(settings=gone, sessions=sessions, gateways={}).test_client()
    see(client, MUG)

    with statements() as seen:
        page = client.get(MUG)

    assert "Harbour mug" in page.text
    assert len(seen) == 1
    assert client.get(MUG, headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


def test_a_redis_that_is_killed_and_comes_back_is_missed_by_nobody(
    own: Settings, sessions: Sessions, goods: Goods, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "PAUSE", 0.0)
    with embedded_redis(tmp_path) as url:
        app = create_app(settings=own.model_copy(update={"redis_url": url}), sessions=sessions, gateways={})
        client = app.test_client()
        page = client.get(MUG)
        assert client.get(MUG).data == page.data
    drawn: list[str] = []

    def note(_app: Flask, **_: Any) -> None:
        drawn.append("page")

    with template_rendered.connected_to(note, app):
        assert [client.get(MUG).data for _ in range(2)] == [page.data] * 2
        assert "page" in drawn
        with embedded_redis(tmp_path):
            see(client, MUG)
            drawn.clear()
            see(client, MUG, MUG)
            assert drawn == []


def test_a_shop_may_keep_nothing(own: Settings, sessions: Sessions, goods: Goods, redis: Redis) -> None:
    client = create_app(
        settings=own.model_copy(update={"page_cache": False}), sessions=sessions, gateways={}
    ).test_client()
    see(client, MUG, MUGS)

    assert redis.keys("pages:*") == []
