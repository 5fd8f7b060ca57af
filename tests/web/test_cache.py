"""Public pages may be kept and are answered with 304; everything else is kept by nobody."""

from flask.testing import FlaskClient


def test_a_public_page_may_be_kept_and_sets_no_cookie(client: FlaskClient) -> None:
    answer = client.get("/page")

    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=60, stale-while-revalidate=600"
    assert set(answer.vary) == {"HX-Request", "HX-Request-Type", "HX-History-Restore-Request"}
    assert "Set-Cookie" not in answer.headers


def test_who_has_the_page_is_told_so(client: FlaskClient) -> None:
    tag = client.get("/page").headers["ETag"]

    answer = client.get("/page", headers={"If-None-Match": tag})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == tag
    assert answer.headers["Cache-Control"].startswith("public")
    assert client.get("/page", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_part_is_another_answer_than_the_page(client: FlaskClient) -> None:
    part = client.get("/page", headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert part.text == "part"
    assert part.headers["ETag"] != client.get("/page").headers["ETag"]


def test_what_says_nothing_is_kept_by_nobody(client: FlaskClient) -> None:
    for path in ("/mine", "/nowhere", "/pages/fail/bug"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_the_browser_may_keep_what_it_asks_for_again(client: FlaskClient) -> None:
    first = client.get("/poll")

    assert first.headers["Cache-Control"] == "private, no-cache"
    assert client.get("/poll", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
