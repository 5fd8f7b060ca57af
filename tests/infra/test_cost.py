"""The bill adds up, its page is fresh, and the smallest size stays under its cap without giving up safety."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from infra import cost, sizes
from infra.bill import PAID, SANDBOX
from infra.pricing import FREE, TABLE, Line, plain, price

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_fresh() -> None:
    assert (ROOT / "docs" / "cost.md").read_text() == cost.page(), "Run python infra/cost.py --write and commit."


def test_the_smallest_size_is_safe_and_under_its_cap() -> None:
    size = sizes.read("mvp")
    lines = cost.bill(cost.TRAFFIC[0])

    assert cost.TRAFFIC[0].shoppers == 20
    assert (size["multi_az"], size["services"]["storefront"]["least"], size["cache_nodes"]) == (True, 2, 1)
    assert {"Firewall, one list for all sites", "PostgreSQL db.t4g.micro, two zones", "Valkey cache.t4g.micro"} <= {
        line.about for line in lines
    }
    assert cost.total(lines) == Decimal("105.76")
    assert cost.total(lines) < cost.CAP == Decimal("107.87")


@pytest.mark.parametrize(
    ("about", "amount"),
    [
        ("storefront (0.25 vCPU, 0.5 GB), on demand", "7.21"),
        ("storefront (0.25 vCPU, 0.5 GB), Spot", "2.16"),
        ("worker (0.25 vCPU, 1 GB), on demand", "8.51"),
        ("Public IPv4 addresses of tasks", "14.60"),
        ("PostgreSQL db.t4g.micro, two zones", "23.36"),
        ("Its storage, two zones", "4.60"),
        ("Valkey cache.t4g.micro", "9.34"),
    ],
)
def test_a_line_is_quantity_times_price(about: str, amount: str) -> None:
    found = {line.about: line.amount for line in cost.bill(cost.TRAFFIC[0])}
    assert found[about] == Decimal(amount)


def test_what_is_easily_forgotten_is_on_the_bill() -> None:
    lines = {line.about: (line.formula, line.amount) for line in cost.bill(cost.TRAFFIC[0])}
    choices = dict(cost.variants())

    assert lines["Keys"] == ("2 keys × 1", Decimal("2.00"))
    assert lines["Uses of the keys, over the free 20,000"] == ("0 ten thousand × 0.03", Decimal("0.00"))
    assert lines["Check from outside"] == ("0 check × 1", Decimal("0.00"))
    assert choices["`outside_check = true`"] - choices["as it is"] == Decimal("1.00")
    # The sandbox: a task on Spot, its address, its alarms, its images; its secret is a parameter and costs nothing.
    demo = choices["a `demo_image`, to try the shop out"] - choices["as it is"]
    assert demo == Decimal("2.16") + Decimal("3.65") + Decimal("0.40") + Decimal("0.10")
    assert choices["as it is"] + Decimal("1.00") < cost.CAP


def test_the_sandbox_is_as_terraform_has_it() -> None:
    written = (ROOT / "infra" / "services.tf").read_text()
    found = re.search(r'\["sandbox"\] : role => \{.*?size\s+= (\{[^}]*\})', written, re.DOTALL)
    assert found is not None
    assert sizes.parse(f"size = {found[1]}")["size"] == SANDBOX


def test_more_shoppers_never_cost_less() -> None:
    for name in sizes.NAMES:
        totals = [cost.total(cost.bill(cost.Traffic(shoppers, name))) for shoppers in (0, 20, 2_000, 20_000, 200_000)]
        assert totals == sorted(totals)


@pytest.mark.parametrize("name", sizes.NAMES)
def test_alarms_and_figures_are_those_that_terraform_counts(name: str) -> None:
    tested = (ROOT / "infra" / "tests" / f"{name}.tftest.hcl").read_text()
    found = re.search(r"output\.paid_alarms == (\d+) && output\.paid_metrics == (\d+)", tested)
    assert found is not None
    assert (int(found[1]), int(found[2])) == PAID[name]


@pytest.mark.parametrize("name", sizes.NAMES)
def test_every_machine_has_a_price(name: str) -> None:
    size = sizes.read(name)
    assert price(size["database_class"]) > 0
    assert price(size["cache_class"]) > 0


def test_every_price_names_where_it_comes_from() -> None:
    for group in ("prices", "database_hour", "cache_hour", "free"):
        for amount, source in TABLE[group].values():
            assert Decimal(amount) > 0
            assert "pricing" in source
            assert "://" not in source
    assert FREE["alarms"] == 10


def test_amounts_are_rounded_to_cents_and_printed_as_people_write() -> None:
    assert Line("a", "b", Decimal("1.5"), "h", Decimal("0.01")).amount == Decimal("0.02")
    assert plain(Decimal("1234.5000"), 3) == "1,234.5"
    assert plain(Decimal(1460), 3) == "1,460"


@pytest.mark.parametrize("text", ["a = 1 + 2", 'a = "${b}" c', "a =", "= 1", "a = var.b"])
def test_a_size_file_holds_plain_values_only(text: str) -> None:
    with pytest.raises(sizes.Unreadable):
        sizes.parse(text)


def test_a_size_file_is_read_as_terraform_reads_it() -> None:
    text = '# why\na = 2 # here\nb = { c = "d", e = [1, 2.5] }\nf = {\n  g = true\n}\n'
    assert sizes.parse(text) == {"a": 2, "b": {"c": "d", "e": [1, Decimal("2.5")]}, "f": {"g": True}}
