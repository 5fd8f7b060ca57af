"""Reports as staff see and download them."""

from datetime import timedelta

from domain.analytics.commands import copy_order, keep_opinion
from domain.analytics.periods import day_of
from domain.analytics.visits import count_search, count_visit
from domain.shared.db import Sessions, transaction, utcnow
from tests.admin.conftest import StaffClient
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from tests.factories.reviews import make_review


def sell(sessions: Sessions, title: str = "Mug") -> None:
    today = day_of(utcnow(), "Europe/Dublin")
    with transaction(sessions) as tx:
        product = make_product(tx, title=title, sku="MUG", price=1000, on_hand=3)
        order = make_order(tx, sku=product.sku, quantity=2, paid=True)
        copy_order(tx, order.order_id)
        keep_opinion(tx, order_id=order.order_id, score=4, answered_at=utcnow())
        count_visit(tx, day=today, browser="one", product=True)
        count_search(tx, day=today, words="=urn", empty=True)


def test_a_days_business_on_one_page(staff: StaffClient, sessions: Sessions) -> None:
    sell(sessions)
    page = staff("analyst").get("/reports?period=today").text

    for words in ("€24.90", "1 paid", "100.0%", "4.0 of 5", "MUG", "=urn", "IE"):
        assert words in page, words
    assert '<rect class="chart-bar"' in page
    assert 'aria-label="Revenue from' in page


def test_a_span_without_business_says_so(staff: StaffClient, sessions: Sessions) -> None:
    client = staff("analyst")
    page = client.get("/reports?period=own&first=2020-01-01&last=2020-03-31").text

    assert "Nothing was paid on these days." in page
    assert "1 Jan 2020 to 31 Mar 2020, beside 2 Oct 2019 to 31 Dec 2019" in page
    for odd in (
        "period=own&first=x&last=9999-99-99",
        "first=0001-01-01&last=0001-01-02",
        "first=9999-12-31&last=9999-12-31",
    ):
        assert client.get(f"/reports?{odd}").status_code == 200


def test_a_download_has_the_same_figures_and_runs_nothing(staff: StaffClient, sessions: Sessions) -> None:
    sell(sessions, title='=HYPERLINK("http://bad.test")')
    client = staff("analyst")
    today = day_of(utcnow(), "Europe/Dublin")

    def rows(name: str, days: int = 0) -> list[str]:
        answer = client.get(f"/reports/{name}.csv?first={today - timedelta(days=days)}&last={today}")
        assert answer.headers["Content-Disposition"].endswith(f'{name}-{today - timedelta(days=days)}-{today}.csv"')
        return answer.text.lstrip("\ufeff").splitlines()

    assert rows("days", 1) == [
        "Day,Orders,Paid,Revenue",
        f"{today - timedelta(days=1)},0,0,0.00",
        f"{today},1,1,24.90",
    ]
    assert rows("products")[1] == 'MUG,"\'=HYPERLINK(""http://bad.test"")",1,2,0,20.00'
    assert rows("searches")[1] == "'=urn,1,1"
    assert rows("countries")[1] == "IE,1,2,24.90"
    assert rows("satisfaction")[1:3] == ["5 · Very content,0", "4 · Content,1"]
    assert rows("stock-at-risk") == ["SKU,Product,Can be sold,Sold in 30 days,Lasts for days"]
    assert client.get("/reports/nothing.csv").status_code == 404


def test_the_stars_of_published_reviews_stand_beside_those_of_the_span_before(
    staff: StaffClient, sessions: Sessions
) -> None:
    client, now = staff("analyst"), utcnow()
    today = day_of(now, "Europe/Dublin")
    assert '<dt>Stars in reviews</dt><dd>–</dd><dd class="hint">0 reviews</dd></div>' in client.get("/reports").text

    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", on_hand=9)
        make_review(tx, mug, email="a@example.com", stars=5, now=now)
        make_review(tx, mug, email="b@example.com", stars=4, now=now)
        make_review(tx, mug, email="c@example.com", stars=1, now=now, published=False)
        make_review(tx, mug, email="d@example.com", stars=3, now=now - timedelta(days=1))

    tile = client.get("/reports?period=today").text.split("<dt>Stars in reviews</dt>")[1].split("</div>")[0]
    assert '<dd>4.5 of 5</dd><dd class="hint">2 reviews</dd>' in tile
    assert "up 50%" in tile
    assert "change-good" in tile
    rows = client.get(f"/reports/reviews.csv?first={today}&last={today}").text.lstrip("\ufeff").splitlines()
    assert rows == ["Stars,Reviews", "5 stars,1", "4 stars,1", "3 stars,0", "2 stars,0", "1 star,0"]


def test_the_page_costs_the_same_however_much_was_sold(staff: StaffClient, sessions: Sessions, statements) -> None:
    client = staff("analyst")
    with statements() as empty:
        client.get("/reports")
    sell(sessions)
    with statements() as full:
        client.get("/reports")

    assert len(full) - len(empty) in (0, 1)  # the stock of what was sold


def test_reports_are_for_those_who_may_read_them(staff: StaffClient) -> None:
    client = staff("orders")
    assert [client.get(path).status_code for path in ("/reports", "/reports/days.csv")] == [403, 403]
