"""Alive is not ready: ready needs the database with its migrations."""

import pytest
from flask.testing import FlaskClient

from domain.shared.db import Sessions
from domain.shared.settings import Settings
from web.app import make_app
from web.health import migrations, revisions


def test_an_app_without_its_parts_is_alive_and_not_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "database": "down", "migrations": "unknown", "redis": "down"}


def test_an_app_with_its_parts_is_ready(settings: Settings, sessions: Sessions) -> None:
    answer = make_app("tests.web", settings=settings, sessions=sessions).test_client().get("/readyz")

    assert answer.json == {"status": "ready", "database": "ok", "migrations": "ok", "redis": "ok"}
    assert answer.status_code == 200


def test_without_redis_the_shop_still_sells(settings: Settings, sessions: Sessions) -> None:
    broken = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})

    answer = make_app("tests.web", settings=broken, sessions=sessions).test_client().get("/readyz")

    assert (answer.status_code, answer.json["status"], answer.json["redis"]) == (200, "degraded", "down")


def test_the_version_before_stays_ready_when_the_schema_is_ahead_of_it() -> None:
    newest, before = revisions()[:2]

    assert [migrations(one) for one in (newest, before, "9999", None)] == ["ok", "behind", "ahead", "missing"]


def test_a_schema_from_a_later_release_takes_no_server_out(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.health.revisions", lambda: ("0001",))

    answer = make_app("tests.web", settings=settings, sessions=sessions).test_client().get("/readyz")

    assert (answer.status_code, answer.json["migrations"]) == (200, "ahead")
