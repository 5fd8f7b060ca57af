"""When htmx gets a part, and how several parts find their places."""

import pytest
from flask.testing import FlaskClient

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({}, "the whole page"),
        ({"HX-Request": "true", "HX-Request-Type": "full"}, "the whole page"),
        (PART, "part"),
        (PART | {"HX-Boosted": "true"}, "the whole page"),
        ({"HX-Request-Type": "full", "HX-History-Restore-Request": "true"}, "the whole page"),
        (PART | {"HX-History-Restore-Request": "true"}, "the whole page"),
    ],
)
def test_only_a_partial_request_gets_a_part(client: FlaskClient, headers: dict[str, str], text: str) -> None:
    assert client.get("/page", headers=headers).text == text


def test_each_partial_takes_the_place_of_its_id(client: FlaskClient) -> None:
    assert client.get("/partials").text.splitlines() == [
        '<hx-partial hx-target="#one" hx-swap="outerHTML">'
        '<section class="a" id="one">&lt;Mug&gt;</section></hx-partial>',
        '<hx-partial hx-target="#two" hx-swap="outerHTML"><p id="two">&lt;Mug&gt;</p></hx-partial>',
        '<hx-partial hx-target="#status" hx-swap="innerHTML">Two &amp; two</hx-partial>',
    ]


def test_a_partial_without_a_root_id_is_a_mistake(client: FlaskClient) -> None:
    assert client.get("/rootless").status_code == 500
