"""Whoever comes too often through the doors that cost something waits a moment; whoever looks around does not."""

import pytest
from redis import Redis

from domain.shared.settings import Settings
from tests.web.conftest import make
from web.rates import FREE, SEARCH, SIGN_IN, init_rates

STRANGER, OTHER = {"REMOTE_ADDR": "203.0.113.5"}, {"REMOTE_ADDR": "203.0.113.6"}
TABLE = {"enter": SIGN_IN, "look_for": SEARCH, "webhook": FREE}


def view(name):
    def answer():
        return "fine"

    answer.__qualname__ = name
    return answer


def client_of(settings: Settings, **changes):
    settings = settings.model_copy(
        update={"rate_sign_in": "3 per minute", "rate_search": "4 per minute", "rate_write": "5 per minute", **changes}
    )
    app = make(settings)
    for name, path, method in (
        ("enter", "/enter", "POST"), ("look_for", "/look-for", "GET"), ("send", "/send", "POST"),
        ("also", "/also", "POST"), ("webhook", "/webhook", "POST"), ("look", "/look", "GET"),
    ):  # fmt: skip
        app.add_url_rule(path, name, view(name), methods=[method])
    init_rates(app, settings, TABLE)
    return app.test_client()


@pytest.fixture(params=["redis", "no redis", "redis is gone"])
def client(request: pytest.FixtureRequest, settings: Settings, redis: Redis):
    """A client of an app that counts in Redis, in itself, and in itself because Redis does not answer."""
    urls = {"redis": settings.redis_url, "no redis": None, "redis is gone": "redis://127.0.0.1:1/0"}
    return client_of(settings, redis_url=urls[request.param])


@pytest.mark.parametrize(
    ("path", "method", "most"), [("/enter", "POST", 3), ("/look-for", "GET", 4), ("/send", "POST", 5)]
)
def test_each_class_has_a_limit_of_its_own_and_a_kind_page(client, path, method, most):
    for _ in range(most):
        assert client.open(path, method=method, environ_base=STRANGER).status_code == 200

    refused = client.open(path, method=method, environ_base=STRANGER)

    assert refused.status_code == 429
    assert "That was a little too fast" in refused.text
    assert "Please wait a moment" in refused.text
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert refused.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in refused.headers
    assert client.open(path, method=method, environ_base=OTHER).status_code == 200
    assert client.get("/look", environ_base=STRANGER).status_code == 200


def test_one_class_counts_all_its_routes_together(client):
    for path in ("/send", "/also", "/send", "/also", "/send"):
        assert client.post(path, environ_base=STRANGER).status_code == 200

    assert client.post("/also", environ_base=STRANGER).status_code == 429


def test_what_proves_itself_otherwise_and_what_only_reads_is_not_counted(client):
    for _ in range(20):
        assert client.post("/webhook", environ_base=STRANGER).status_code == 200
        assert client.get("/look", environ_base=STRANGER).status_code == 200


def test_this_machine_is_counted_at_the_sign_in_only(client):
    for _ in range(9):
        assert client.post("/send").status_code == 200
        assert client.get("/look-for").status_code == 200
    assert [client.post("/enter").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_household_is_one_visitor(client):
    for last in range(4):
        client.get("/look-for", environ_base={"REMOTE_ADDR": f"2001:db9:1:2::{last:x}"})

    assert client.get("/look-for", environ_base={"REMOTE_ADDR": "2001:db9:1:2:ffff::9"}).status_code == 429
    assert client.get("/look-for", environ_base={"REMOTE_ADDR": "2001:db9:1:3::9"}).status_code == 200


def test_limits_can_be_turned_off(settings: Settings):
    client = client_of(settings, rate_limits=False)

    assert {client.post("/enter", environ_base=STRANGER).status_code for _ in range(9)} == {200}


def test_processes_count_together_and_never_keep_an_address(settings: Settings, redis: Redis):
    first, second = client_of(settings), client_of(settings)
    for client in (first, second, first):
        assert client.post("/enter", environ_base=STRANGER).status_code == 200

    assert second.post("/enter", environ_base=STRANGER).status_code == 429
