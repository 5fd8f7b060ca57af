"""Forms that other sites send are refused; our own and programs are not."""

import pytest
from flask.testing import FlaskClient

ALLOWED = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost"},
    {"Origin": "https://LOCALHOST"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
]
REFUSED = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "http://evil.test"},
    {"Origin": "http://localhost.evil.test"},
    {"Origin": "http://localhost:81"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://[localhost"},
]


@pytest.mark.parametrize("headers", ALLOWED)
def test_our_own_forms_are_taken(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/act", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", REFUSED)
def test_forms_of_other_sites_are_refused_with_words(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/act", headers=headers)

    assert answer.status_code == 403
    assert "sent from another site" in answer.text


@pytest.mark.parametrize("headers", REFUSED)
def test_looking_is_never_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.get("/page", headers=headers).status_code == 200


def test_a_webhook_proves_itself_otherwise(client: FlaskClient) -> None:
    assert client.post("/webhooks/act", headers={"Sec-Fetch-Site": "cross-site"}).text == "taken"
