"""The page on scaling is fresh, and the small model behind it behaves as queues do."""

from math import inf
from pathlib import Path

import pytest

from infra import scaling
from infra.stations import Station, plain

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_fresh() -> None:
    assert (ROOT / "docs" / "scaling.md").read_text() == scaling.page(), (
        "Run python infra/scaling.py --write and commit."
    )


def test_one_server_waits_as_the_formula_says() -> None:
    assert Station("one", arrivals=5, takes_ms=100, servers=1, then="").waits_ms == pytest.approx(100)
    assert Station("one", arrivals=9, takes_ms=100, servers=1, then="").waits_ms == pytest.approx(900)


def test_two_servers_wait_as_the_formula_says() -> None:
    # Erlang C of 1 erlang on 2 servers is 1/3; the wait is that over (2 - 1) services.
    assert Station("two", arrivals=10, takes_ms=100, servers=2, then="").waits_ms == pytest.approx(100 / 3)


def test_half_a_core_is_one_server_that_takes_twice_as_long() -> None:
    half = Station("half", arrivals=2, takes_ms=100, servers=0.5, then="")
    assert (half.use, half.waits_ms) == (pytest.approx(0.4), pytest.approx(0.4 / 0.6 * 200))


def test_a_full_station_waits_for_ever() -> None:
    full = Station("full", arrivals=10, takes_ms=100, servers=1, then="")
    assert (full.use, full.waits_ms) == (1, inf)


def test_as_many_pages_reach_the_shop_as_the_bill_says() -> None:
    inside = scaling.pages_inside(200_000)
    every = scaling.peak(200_000) * float(scaling.HABITS.pages)
    assert sum(inside.values()) / every == pytest.approx(float(scaling.HABITS.reaches_the_shop))
    assert sum(page["share"] for page in scaling.MEASURED["pages"].values()) == pytest.approx(1)


def test_the_four_steps_are_those_that_were_asked_for() -> None:
    assert [shop.shoppers for shop in scaling.shops()] == [20, 2_000, 200_000, 20_000_000]
    worst = [scaling.first_to_break(scaling.stations(shop)) for shop in scaling.shops()]
    assert [station.use < 0.7 for station in worst] == [True, True, True, False]


def test_a_replica_takes_reads_off_the_primary() -> None:
    shop = scaling.shops()[2]
    alone = scaling.Shop(shop.shoppers, shop.size | {"read_replica": False}, shop.name, ())
    use = {name: {s.name: s.use for s in scaling.stations(which)} for name, which in (("with", shop), ("alone", alone))}
    both = use["with"]["Database, its cores"] + use["with"]["Replica, its cores"]
    assert both == pytest.approx(use["alone"]["Database, its cores"])


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0"), (0.0001, "< 0.001"), (0.01234, "0.012"), (2.54, "2.5"), (1234.5, "1,234")]
)
def test_numbers_are_written_with_what_they_mean(number: float, said: str) -> None:
    assert plain(number) == said
