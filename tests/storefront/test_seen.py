"""A page's own script says that it was seen; who asks not to be counted is not."""

from flask.testing import FlaskClient
from sqlalchemy import text

from domain.shared.db import Sessions

BROWSER = {"User-Agent": "Mozilla/5.0 Firefox/150.0"}


def kept(sessions: Sessions) -> list[tuple[object, ...]]:
    with sessions() as reading:
        rows = reading.execute(
            text(
                "SELECT count(*), count(*) FILTER (WHERE product), (SELECT string_agg(words || empty, ' ') "
                "FROM analytics.search_facts) FROM analytics.visits"
            )
        )
        return [tuple(row) for row in rows]


def test_a_page_and_a_search_are_counted_without_a_cookie(storefront: FlaskClient, sessions: Sessions) -> None:
    told = [{"page": ""}, {"page": "p"}, {"page": "search", "q": "Tea\0pot", "found": "0"}]
    answers = [storefront.post("/seen", data=one, headers=BROWSER) for one in told]

    assert [(one.status_code, one.headers.get("Set-Cookie")) for one in answers] == [(204, None)] * 3
    assert kept(sessions) == [(1, 1, "teapot1")]


def test_nobody_is_counted_who_asks_for_that_and_no_robot(storefront: FlaskClient, sessions: Sessions) -> None:
    for headers in (BROWSER | {"Sec-GPC": "1"}, {"User-Agent": "Examplebot/1.0"}, {"User-Agent": ""}):
        assert storefront.post("/seen", data={"page": "p"}, headers=headers).status_code == 204

    assert kept(sessions) == [(0, 0, None)]


def test_another_site_counts_nothing(storefront: FlaskClient, sessions: Sessions) -> None:
    answer = storefront.post("/seen", data={"page": "p"}, headers=BROWSER | {"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert kept(sessions) == [(0, 0, None)]
