"""Refusals and failures: the right status, words to read, and never an inside view."""

import json

import pytest
from flask import Response
from flask.testing import FlaskClient
from sqlalchemy import text

from domain.shared.settings import Settings
from tests.web.conftest import make
from web.db import session


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        ("missing", 404, "There is no such mug."),
        ("rule", 422, "At most 20."),
        ("conflict", 409, "Somebody was faster."),
    ],
)
def test_a_refusal_of_the_shop_is_said_in_its_words(client: FlaskClient, what: str, status: int, words: str) -> None:
    page, data = client.get(f"/pages/fail/{what}"), client.get(f"/api/fail/{what}")

    assert (page.status_code, data.status_code) == (status, status)
    assert words in page.text
    assert data.json["detail"] == words


def test_a_mistake_of_ours_shows_a_reference_that_the_log_has(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.get("/pages/fail/bug")

    reference = answer.headers["X-Request-Id"]
    assert answer.status_code == 500
    assert reference in answer.text
    assert "secret detail" not in answer.text
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    logged = next(line for line in lines if line["event"] == "unexpected error")
    assert logged["request"] == reference
    assert logged["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert "locals" not in logged["exception"][0]["frames"][0]


def test_without_a_database_the_page_asks_for_patience(client: FlaskClient) -> None:
    page, data = client.get("/pages/database"), client.get("/api/database")

    assert page.status_code == data.status_code == 503
    assert page.headers["Retry-After"] == "5"
    assert "We will be right back" in page.text
    assert data.json["request_id"] == data.headers["X-Request-Id"]
    assert data.mimetype == "application/problem+json"


def test_htmx_is_told_in_the_status_region(client: FlaskClient) -> None:
    answer = client.get("/pages/fail/rule", headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert answer.status_code == 422
    assert answer.text.startswith('<hx-partial hx-target="#status" hx-swap="innerHTML">')
    assert "At most 20." in answer.text


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.post("/mine")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_the_way_back_is_only_ever_our_own(client: FlaskClient) -> None:
    ours = client.get("/nowhere", headers={"Referer": "http://localhost/c/mugs?page=2"})
    theirs = client.get("/nowhere", headers={"Referer": "http://evil.test/"})

    assert "href='/c/mugs?page=2'" in ours.text
    assert "href='/'" in theirs.text
    for tricky in ("http://localhost//evil.test/", "http://localhost/\\evil.test/"):
        assert "href='/'" in client.get("/nowhere", headers={"Referer": tricky}).text


def test_the_log_names_no_query_and_no_key(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    client.get("/keyed?key=very-secret&email=a@b.test")

    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["path"], line["status"], line["method"]) == ("/keyed", 200, "GET")
    assert "very-secret" not in json.dumps(line)


def test_the_log_names_the_rule_of_an_address_that_is_a_key_itself(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.application.add_url_rule("/lists/<token>", "lists", lambda token: "shown")
    client.get("/lists/very-secret")

    written = capsys.readouterr().out
    assert json.loads(written.splitlines()[-1])["path"] == "/lists/<token>"
    assert "very-secret" not in written


def test_a_failure_outside_of_a_view_shows_a_reference_too(
    client: FlaskClient, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([OSError("a disk went away")])

    def fail_once(response: Response) -> Response:
        for failure in failures:
            raise failure
        return response

    hooks = client.application.after_request_funcs[None]
    monkeypatch.setitem(client.application.after_request_funcs, None, [fail_once, *hooks])

    answer = client.get("/mine")

    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    logged = next(line for line in lines if line["event"] == "unexpected error")
    assert logged["exception"][0]["exc_type"] == "OSError"


def test_a_text_that_no_database_can_hold_is_the_senders_mistake(settings: Settings) -> None:
    app = make(settings)
    app.add_url_rule("/nul", "nul", lambda: str(session().scalar(text("SELECT CAST(:t AS text)"), {"t": "a\x00b"})))

    answer = app.test_client().get("/nul")

    assert answer.status_code == 400
    assert "NUL" not in answer.text
