"""Open pages hear of new orders and low stock, each as far as the role may."""

import re
import time
from uuid import uuid4

from admin.views import news, orders
from domain.catalog.events import StockChanged
from domain.orders.events import OrderPlaced
from domain.shared.db import Sessions, transaction
from domain.shared.money import Money
from domain.shared.outbox import record
from tests.admin.conftest import StaffClient
from tests.factories.catalog import make_product
from tests.factories.orders import make_order

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def address(page: str) -> str:
    found = re.search(r'hx-get="(/news[^"]+)"', page)
    assert found
    return found.group(1).replace("&amp;", "&")


def test_an_order_and_low_stock_are_said_once(staff: StaffClient, sessions: Sessions) -> None:
    client = staff("manager")
    with transaction(sessions) as tx:
        mug = make_product(tx, title="Mug", sku="MUG", on_hand=3)
        before = make_order(tx, sku="MUG")
    time.sleep(0.002)  # the ids of events have milliseconds
    ask = address(client.get("/products").text)
    assert client.get(ask, headers=PART).status_code == 204

    with transaction(sessions) as tx:
        order = make_order(tx, sku="MUG")
        record(tx, StockChanged(product_ids=(mug.id,)))
    heard = client.get(ask, headers=PART)

    assert heard.status_code == 200
    assert f'<a href="/orders/{order.number}">{order.number}</a>' in heard.text
    assert "1 left: Mug" in heard.text
    assert before.number not in heard.text
    assert client.get(address(heard.text), headers=PART).status_code == 204


def test_a_role_hears_of_what_it_may_see_alone(staff: StaffClient, sessions: Sessions) -> None:
    keeper, analyst = staff("catalogue"), staff("analyst")
    with transaction(sessions) as tx:
        order = make_order(tx, sku=make_product(tx, title="Mug", sku="MUG", on_hand=1).sku)
    heard = keeper.get("/news?since=1", headers=PART)

    assert "Sold out: Mug" in heard.text
    assert order.number not in heard.text
    assert analyst.get("/news?since=1", headers=PART).status_code in (200, 204)
    assert order.number in staff("orders").get("/news?since=1", headers=PART).text


def test_an_open_page_keeps_nobody_signed_in_and_leads_nobody_away(app, staff: StaffClient) -> None:
    client = staff("manager")
    with client.session_transaction() as cookie:
        cookie["seen"] = seen = int(time.time()) - 100
    client.get("/news?since=1", headers=PART)
    with client.session_transaction() as cookie:
        assert cookie["seen"] == seen
        cookie["seen"] = int(time.time()) - 24 * 3600

    answer = client.get("/news?since=1", headers=PART)
    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (204, None)
    assert client.get("/products", headers=PART).headers["HX-Redirect"] == "/sign-in"


def test_words_that_make_no_sense_are_nothing_new(staff: StaffClient) -> None:
    client = staff("manager")
    for odd in ("", "?since=x", "?since=-5", "?since=99999999999999999999&seen=%F0%9F%8D%B5"):
        assert client.get(f"/news{odd}", headers=PART).status_code in (200, 204), odd


def placed(number: str) -> OrderPlaced:
    return OrderPlaced(order_id=uuid4(), number=number, total=Money(1250, "EUR"), units=1)


def test_an_order_whose_commit_comes_after_that_of_newer_ones_is_said_all_the_same(
    staff: StaffClient, sessions: Sessions
) -> None:
    client = staff("manager")
    with transaction(sessions) as tx:
        record(tx, placed("CS-0000-0001"))
    with sessions() as slow:
        record(slow, placed("CS-0000-0002"))
        for number in range(3, 7):
            with transaction(sessions) as tx:
                record(tx, placed(f"CS-0000-000{number}"))
        heard = client.get("/news?since=1", headers=PART)
        assert re.findall(r"CS-0000-000(\d)</a>", heard.text) == list("65431")
        slow.commit()

    heard = client.get(address(heard.text), headers=PART)
    assert re.findall(r"CS-0000-000(\d)</a>", heard.text) == list("65432")


def test_news_is_two_seconds_old_at_most_by_how_it_is_asked_for(staff: StaffClient, sessions: Sessions) -> None:
    """A page asks once a second, is never answered from anything kept, and by the database that is written to."""
    client = staff("manager")
    page = client.get("/customers")
    nothing = client.get(address(page.text), headers=PART)
    with transaction(sessions) as tx:
        record(tx, placed("CS-0000-0001"))
    heard = client.get(address(page.text), headers=PART)

    assert "CS-0000-0001" in heard.text
    for part in (page.text, heard.text):
        assert re.findall(r'<section id="?news"?[^>]* hx-trigger="every (\d+)s"', part) == ["1"]
    for answer in (nothing, heard):
        assert answer.headers["Cache-Control"] == "no-store"
    may_lag = [hasattr(view, "__wrapped__") for view in (orders.index, news.show)]  # what reads a replica is wrapped
    assert may_lag == [True, False]
