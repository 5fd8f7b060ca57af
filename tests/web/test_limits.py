"""What is too large, too long, unreadable or for another host."""

from io import BytesIO

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import create_environ, run_wsgi_app

from domain.shared.settings import Settings
from tests.web.conftest import make
from web.limits import takes_body


def test_ten_megabytes_are_too_many(client: FlaskClient) -> None:
    answer = client.post("/act", data={"note": "x" * 10_000_000})

    assert answer.status_code == 413
    assert "This is too large" in answer.text


def test_a_form_of_thousands_of_parts_is_too_large(client: FlaskClient) -> None:
    data = {f"field{i}": "x" for i in range(400)}

    assert client.post("/act", data=data, content_type="multipart/form-data").status_code == 413


def test_an_endless_query_is_refused(client: FlaskClient) -> None:
    assert client.get("/page?q=" + "x" * 9000).status_code == 414


@pytest.mark.parametrize("path", ["/page?q=%00", "/page%00"])
def test_what_no_database_can_hold_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_only_our_own_names_are_answered_and_probes_always(unreachable: Settings) -> None:
    client = make(unreachable.model_copy(update={"trusted_hosts": ("shop.test",)})).test_client()

    assert client.get("/page", headers={"Host": "shop.test"}).status_code == 200
    assert client.get("/page", headers={"Host": "evil.test"}).status_code == 400
    assert client.get("/healthz", headers={"Host": "10.0.0.7"}).status_code == 200


def test_forwarded_headers_count_only_behind_a_trusted_proxy_and_the_host_never(unreachable: Settings) -> None:
    headers = {"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "https", "Origin": "https://evil.test"}

    for hops in (0, 1, 2):
        client = make(unreachable.model_copy(update={"trusted_hops": hops})).test_client()
        assert client.post("/act", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("hops", "forwarded", "found"),
    [
        (0, "203.0.113.5", "127.0.0.1 http"),
        (1, "198.51.100.9, 203.0.113.5", "203.0.113.5 https"),
        (2, "198.51.100.9, 203.0.113.5, 70.132.0.1", "203.0.113.5 https"),  # CloudFront, then its load balancer
        (2, "203.0.113.5", "127.0.0.1 https"),  # fewer than there must be: none of them is believed
    ],
)
def test_an_address_that_a_visitor_writes_himself_is_not_believed(
    unreachable: Settings, hops: int, forwarded: str, found: str
) -> None:
    app = make(unreachable.model_copy(update={"trusted_hops": hops}))
    app.add_url_rule("/who", "who", lambda: f"{request.remote_addr} {request.scheme}")

    answer = app.test_client().get("/who", headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"})

    assert answer.text == found


@pytest.mark.parametrize(
    ("url", "names"), [("https://shop.test", {"shop.test"}), ("http://shop.test", {"shop.test", "x"})]
)
def test_a_shop_on_https_answers_to_its_own_name_alone(unreachable: Settings, url: str, names: list[str]) -> None:
    client = make(unreachable.model_copy(update={"storefront_url": url})).test_client()

    assert {
        name for name in ("shop.test", "x") if client.get("/page", headers={"Host": name}).status_code == 200
    } == names


def test_a_body_of_unknown_length_is_not_cut_but_refused(client: FlaskClient) -> None:
    assert in_chunks(client.application, "/act", BytesIO(b"note=short")) == "200 OK"
    assert in_chunks(client.application, "/act", BytesIO(b"note=" + b"x" * 10_000_000)).startswith("413 ")


def test_where_files_are_taken_a_body_of_unknown_length_is_not_even_read(client: FlaskClient) -> None:
    app = client.application
    app.add_url_rule("/files", "files", takes_body(5_000_000)(lambda: "taken"), methods=["POST"])
    body = BytesIO(b"note=short")

    assert in_chunks(app, "/files", body).startswith("411 ")
    assert body.tell() == 0
    assert app.test_client().post("/files", data={"note": "short"}).text == "taken"


def in_chunks(app: Flask, path: str, body: BytesIO) -> str:
    """Send a body as a server hands on what came in chunks; return the status."""
    environ = create_environ(path, method="POST", content_type="application/x-www-form-urlencoded")
    del environ["CONTENT_LENGTH"]
    return run_wsgi_app(app, environ | {"wsgi.input": body, "wsgi.input_terminated": True})[1]
