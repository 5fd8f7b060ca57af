"""The bench, on a small shop: what it measures is real, and its report has every field that others read."""

import json
import re
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import text

from cli.bench.buyers import fields
from cli.bench.checkout import Checkouts, checkouts
from cli.bench.jobs import measure_jobs, show_jobs
from cli.bench.live import measure_live, show_live
from cli.bench.news import measure_news, show_news
from cli.bench.open_admin import NEW_ORDER, RUNS_LOW, measure_open_admin, show_open_admin
from cli.bench.pages import SHOPPERS, Row, measure_floor, measure_pages, measure_rush
from cli.bench.replay import Replay, replay, script
from cli.bench.report import MOST_CHECKOUT_STATEMENTS, MOST_STATEMENTS, Report, show
from cli.bench.stage import Place
from cli.bench.statements import count_statements
from cli.environment import child_environment
from cli.ports import free_port
from domain.shared.db import Sessions, transaction
from domain.shared.settings import Settings
from tests.factories.catalog import make_product
from tests.factories.delivery import make_method, make_rate
from tests.factories.users import PASSWORD, make_staff

ROW = {"name", "per_second", "of_floor", "p50", "p95", "p99", "statements", "bytes", "cpu_ms", "cpu_of_floor"}
ORDERS = {"orders", "per_second", "p50", "p95", "cpu_ms", "database_cpu_ms"}


@pytest.fixture
def place(settings: Settings, sessions: Sessions, tmp_path: Path) -> Place:
    """A shop of eight mugs, of which there are plenty."""
    ports = {name: free_port() for name in ("storefront_port", "sandbox_port")}
    own = settings.model_copy(
        update=ports
        | {
            "storefront_url": f"http://127.0.0.1:{ports['storefront_port']}",
            "sandbox_url": f"http://127.0.0.1:{ports['sandbox_port']}",
            "storefront_internal_url": f"http://127.0.0.1:{ports['storefront_port']}",
            "sandbox_internal_url": f"http://127.0.0.1:{ports['sandbox_port']}",
        }
    )
    (settings.var / "log").mkdir(exist_ok=True)
    with transaction(sessions) as tx:
        make_method(tx, "post", name="By post", price=500)
        make_rate(tx, "IE", 2300)
        made = [make_product(tx, title=f"Mug {number}", on_hand=10_000) for number in range(8)]
    slugs, skus = tuple(one.slug for one in made), tuple(one.sku for one in made)
    return Place(own, child_environment(own), "kitchen/mugs", slugs, skus)


def test_it_measures_pages_and_whole_checkouts(place: Place, sessions: Sessions) -> None:
    counts, sent = count_statements(place)
    floor = measure_floor(place, seconds=0.5, connections=2)
    pages = list(measure_pages(place, counts, seconds=0.5, connections=2))
    each, hot = checkouts(place, seconds=1.0, buyers=2)
    bare = replay(place, sent, seconds=1.0, connections=2)

    assert max(value for name, value in counts.items() if name != "checkout") <= MOST_STATEMENTS
    assert 20 < counts["checkout"] <= MOST_CHECKOUT_STATEMENTS
    assert floor.per_second > pages[0].per_second > 0
    assert floor.cpu_ms > 0
    assert {row.name: row.statements for row in pages if row.statements is not None} == {
        name: value for name, value in counts.items() if name != "checkout"
    }
    kept = [f"{name}, {how}" for name in ("listing with facets", "product") for how in ("kept", "304")]
    assert [row.name for row in pages if row.statements is None] == kept
    assert min(each.orders, hot.orders) > 0
    assert bare is not None
    assert bare.per_second > each.per_second
    with transaction(sessions) as tx:
        states = dict(tx.execute(text("SELECT state, count(*) FROM orders.orders GROUP BY state")).all())
    assert set(states) == {"paid"}
    assert states["paid"] > each.orders + hot.orders


def test_the_rush_is_on_every_page_and_each_shopper_has_a_cart_and_an_order(place: Place, sessions: Sessions) -> None:
    rush = measure_rush(place, seconds=0.5)

    own = ["own cart", "own details", "own delivery", "own review", "own order"]
    assert [row.name for row in rush][-len(own) :] == own
    assert min(row.bytes for row in rush if row.name in own) > 3000  # no step leads elsewhere
    with transaction(sessions) as tx:
        assert tx.scalar(text("SELECT count(*) FROM orders.orders WHERE state = 'paid'")) == SHOPPERS
        answered = "SELECT count(*) FROM cart.checkouts WHERE delivery_method IS NOT NULL"
        assert tx.scalar(text(answered)) == SHOPPERS


def test_its_report_has_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(json.dumps(report(listing=0.08).as_dict()))

    assert set(found) == {"machine", "products", "floor", "pages", "checkouts", "hot_variant", "checkout_statements",
                          "replay", "rush", "budgets"}  # fmt: skip
    assert set(found["floor"]) == set(found["pages"][0]) == set(found["rush"][0]) == ROW
    assert set(found["checkouts"]) == set(found["hot_variant"]) == ORDERS
    assert set(found["replay"]) == {"per_second", "ms", "by"}
    assert all(set(budget) == {"name", "wanted", "measured", "met"} for budget in found["budgets"])
    assert all(budget["met"] for budget in found["budgets"])

    show(report(listing=0.08))
    assert "kept    checkouts per second: 31.0 (≥ 30)" in capsys.readouterr().out


def test_a_budget_that_is_missed_is_said() -> None:
    missed = [budget.name for budget in report(listing=0.06).budgets() if not budget.met]

    assert missed == ["listing with facets: share of the floor"]


def test_a_form_is_filled_in_as_it_stands() -> None:
    form = """<form action="/checkout/x"><input type="hidden" name="token" value="a&amp;b"><input name="phone" value="">
        <input type="radio" name="way" value="slow"><input type="radio" name="way" value="fast" checked>
        <input type="checkbox" name="news" value="1"><select name="country"><option value="IE"></select></form>"""

    assert fields(form) == {"token": "a&b", "phone": "", "way": "fast", "country": ""}


def test_what_is_new_in_a_checkout_is_drawn_anew() -> None:
    old, new = "0" * 32, "01a206f1594276c9874b435ca7636bc9"
    dashed = "01a206f1-5942-76c9-874b-435ca7636bc9"

    written = script([f"VALUES ('{new}'::uuid, '{old}'::uuid)", f"SELECT '{dashed}'"], known={old})

    assert written == (f"SELECT gen_random_uuid() AS v0 \\gset\nVALUES (':v0'::uuid, '{old}'::uuid);\nSELECT ':v0';\n")


def report(*, listing: float) -> Report:
    def row(name: str, share: float | None, statements: int | None = None) -> Row:
        return Row(name, 100.0, share, 10.0, 20.0, 30.0, statements, 1000, 3.0, share)

    orders = Checkouts(310, 31.0, 100.0, 200.0, 30.0, 10.0)
    return Report(
        machine={"cores": 2},
        products=10_000,
        floor=row("floor", None),
        pages=[row("listing with facets", listing, 2)],
        checkouts=orders,
        hot_variant=orders,
        checkout_statements=57,
        replay=Replay(100.0, 40.0, "pgbench"),
        rush=[row("home", None)],
    )


def test_it_measures_how_soon_open_pages_see_a_change_and_what_streams_would_cost(
    place: Place, sessions: Sessions, capsys: pytest.CaptureFixture[str]
) -> None:
    found = measure_live(place, pages=8, seconds=1.0, say=print, ways=("asking", "many"))

    for way in found:
        assert way.seen["changes"] > 3
        assert way.seen["unseen"] <= 1
        assert way.seen["ordinary"] > 0
        assert way.seen["delay_max"] > 0
    with transaction(sessions) as tx:
        assert tx.scalar(text("SELECT count(*) FROM orders.orders WHERE number LIKE 'CS-BENC-%'")) == 0
    show_live(found, say=print)
    assert "streams, a thread for each" in capsys.readouterr().out


def test_it_measures_how_soon_an_open_page_of_the_admin_tells_of_an_order_and_of_low_stock(
    place: Place, sessions: Sessions, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction(sessions) as tx:
        make_staff(tx, email="olive@shop.test", role="owner")

    found = measure_open_admin(place, orders=2, email="olive@shop.test", password=PASSWORD)

    assert {name: len(delays) for name, delays in found.items()} == {NEW_ORDER: 2, RUNS_LOW: 2}
    assert min(delay for delays in found.values() for delay in delays) > 0
    show_open_admin(found, say=print)
    assert re.search(r"a new order +\d+ +\d+ +\d+ +2\n", capsys.readouterr().out)


def test_it_measures_how_soon_lists_show_a_change(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    took = measure_news(place, lambda line: None, changes=1)

    assert {name: len(times) for name, times in took.items()} == {"a new price": 1, "a sale that begins": 1}
    show_news(took)
    assert "a sale that begins" in capsys.readouterr().out


def test_it_measures_the_work_behind_orders(
    place: Place, sessions: Sessions, redis: Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    found = measure_jobs(place, orders=5, say=print)

    assert (found.orders, found.failed) == (5, 0)
    assert min(found.events_per_second, found.event_cpu_ms, found.jobs_per_second, found.job_cpu_ms) > 0
    with transaction(sessions) as tx:
        waiting = tx.scalar(text("SELECT count(*) FROM shared.outbox WHERE relayed_at IS NULL"))
        mails = tx.scalar(text("SELECT count(*) FROM notifications.messages WHERE state = 'sent'"))
        assert tx.scalar(text("SELECT count(*) FROM shared.claims")) == found.jobs
    assert (waiting, mails >= 10) == (0, True)
    show_jobs(found, say=print)
    assert "jobs per second" in capsys.readouterr().out
