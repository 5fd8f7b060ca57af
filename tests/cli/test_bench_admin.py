"""The bench of the admin, on a small shop: what it stages is found by the pages, and each of them is measured."""

import pytest
from sqlalchemy import text

from cli import demo_accounts
from cli.bench.admin import BUDGET_MS, Measured, busy_among, measure_admin, show_admin
from cli.bench.admin_pages import PAGES
from cli.bench.history import ROWS, stage_history
from cli.bench.stage import Place
from domain.shared.db import Sessions, transaction
from domain.shared.settings import Settings
from tests.factories.catalog import make_product
from tests.factories.users import PASSWORD, make_staff

ORDERS = 500


@pytest.fixture
def place(settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A shop of some mugs that somebody may look after."""
    monkeypatch.setattr(demo_accounts, "STAFF_PASSWORD", PASSWORD)
    with transaction(sessions) as tx:
        made = [make_product(tx, title=f"Mug {number}", brand="Ferry") for number in range(4)]
        make_staff(tx, email=demo_accounts.STAFF_EMAIL)
    return Place(settings, {}, "kitchen/mugs", tuple(one.slug for one in made), tuple(one.sku for one in made))


def test_it_stages_an_old_shop_and_measures_every_page(place: Place, sessions: Sessions) -> None:
    said: list[str] = []

    found = measure_admin(place, orders=ORDERS, times=1, say=said.append)

    assert len(found) == len(PAGES)
    assert min(one.statements for one in found) > 0
    assert min(min(one.clock_p50, one.processors_p50, one.floor) for one in found) > 0
    wanted = {kind.what: kind.rows if kind.fixed else kind.rows * ORDERS // 500_000 for kind in ROWS}
    with sessions() as session:
        there = {kind.what: session.scalar(text(f"SELECT count(*) FROM {kind.present}")) for kind in ROWS}  # noqa: S608
        assert there == wanted
        uses = session.execute(
            text("SELECT sum(uses), (SELECT count(*) FROM promotions.use_changes) FROM promotions.kept_uses")
        ).one()
        assert tuple(uses) == (wanted["uses of codes"], 0)
        with session.connection() as connection:
            assert stage_history(connection, ORDERS, said.append) == 0


def test_it_says_which_pages_break_the_budget(capsys: pytest.CaptureFixture[str]) -> None:
    quick = Measured("/orders", 20, 40, 10, 12, 5, 3)
    late = Measured("/reports", 100, BUDGET_MS + 50, 60, 70, 30, 26)
    busy = Measured("/products", 300, 400, 200, BUDGET_MS + 10, 190, 4)

    show_admin([quick, late], ORDERS)
    assert busy_among([quick, late]) == []
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Over the budget by the clock: /reports (200)",
        "Over the budget in processor time, whatever else the machine does: none",
    ]
    show_admin([quick, busy], ORDERS)
    assert busy_among([quick, busy]) == ["/products (160)"]
    table = capsys.readouterr().out.splitlines()
    assert table[-1].endswith("whatever else the machine does: /products (160)")
    assert table[4].split() == ["/orders", "20", "40", "10", "12", "5.0", "50%", "3"]
