"""The restore drill: what is destroyed comes back, and what does not come back is noticed."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from cli import drill as module
from cli.audit.command import audit
from cli.drill import back_up, drill, restore
from cli.errors import CliError
from domain.shared.db import Sessions, transaction
from domain.shared.settings import Settings
from tests.factories.catalog import make_product
from tests.factories.orders import make_order


@pytest.fixture
def sold(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", on_hand=20)
        for paid in (True, True, False):
            make_order(tx, sku="MUG", paid=paid)


def test_a_shop_that_is_destroyed_comes_back_with_its_books_right(
    settings: Settings, engine: Engine, sold: None, tmp_path: Path
) -> None:
    admin = create_engine(settings.database_url, isolation_level="AUTOCOMMIT")
    before = back_up(settings.database_url, tmp_path / "shop.dump")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE destroyed"))
    back = admin.url.set(database="destroyed")
    try:
        address = back.render_as_string(hide_password=False)
        restore(address, tmp_path / "shop.dump")
        with create_engine(back).connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM orders.orders")) == before["orders.orders"] == 3
            assert {promise: rows for promise, rows in audit(connection, grace=3600).items() if rows} == {}
        with pytest.raises(CliError, match="pg_restore failed"):
            restore(address, tmp_path / "shop.dump")
    finally:
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE destroyed WITH (FORCE)"))
        admin.dispose()


def test_the_drill_restores_on_a_server_of_its_own_and_finds_nothing_wrong(
    settings: Settings, sold: None, tmp_path: Path
) -> None:
    said: list[str] = []

    assert drill(settings.database_url, tmp_path / "shop.dump", tmp_path / "lost", said.append) == []

    assert [line.split()[0] for line in said] == ["Backed", "Restored", "Audited"]


def test_a_row_that_did_not_come_back_is_named(
    settings: Settings, sold: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(url: str, file: Path) -> None:
        restore(url, file)
        with create_engine(url).begin() as connection:
            connection.execute(text("DELETE FROM orders.timeline"))
            connection.execute(text("UPDATE catalog.stock SET on_hand = on_hand + 1"))

    monkeypatch.setattr(module, "restore", careless)

    wrong = drill(settings.database_url, tmp_path / "shop.dump", tmp_path / "lost", lambda _line: None)

    assert any(line.startswith("orders.timeline: ") and line.endswith(", 0 after") for line in wrong)
    assert any("ledger" in line or "stock" in line.lower() for line in wrong)
