"""What is missing for a start is said in one line, with what to do, and never with a password."""

import shutil
import socket
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import preflight
from cli.environment import child_environment, load_settings
from cli.errors import CliError
from cli.ports import free_port
from cli.reach import check_database, check_redis
from domain.shared.settings import Settings


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))
        link.listen()
        yield link.getsockname()[1]


@pytest.fixture(autouse=True)
def _own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHOP_VAR", str(tmp_path))
    for name in ("SHOP_DATABASE_URL", "SHOP_REDIS_URL", "SHOP_SANDBOX_PORT", "SHOP_STOREFRONT_PORT", "SHOP_ADMIN_PORT"):
        monkeypatch.delenv(name, raising=False)


def test_a_port_in_use_names_its_variable(busy_port: int) -> None:
    with pytest.raises(CliError) as raised:
        preflight.check_port("127.0.0.1", busy_port, "SHOP_STOREFRONT_PORT")

    assert str(raised.value) == (
        f"Port {busy_port} is in use. Set SHOP_STOREFRONT_PORT to a free one, or stop what runs there."
    )


def test_a_port_nobody_asked_for_gives_way(busy_port: int) -> None:
    chosen = preflight.choose_port("127.0.0.1", busy_port, "SHOP_SANDBOX_PORT", but_not={busy_port + 1})

    assert busy_port + 1 < chosen < busy_port + 50


def test_a_port_that_is_chosen_is_kept_before_anything_answers_there() -> None:
    free = free_port()
    first = preflight.choose_port("127.0.0.1", free, "SHOP_SANDBOX_PORT", but_not=set())

    assert first == free
    assert preflight.choose_port("127.0.0.1", free, "SHOP_SANDBOX_PORT", but_not=set()) > free


def test_a_port_somebody_asked_for_does_not(busy_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SANDBOX_PORT", str(busy_port))

    with pytest.raises(CliError, match=r"Port \d+ is in use. Set SHOP_SANDBOX_PORT"):
        preflight.choose_port("127.0.0.1", busy_port, "SHOP_SANDBOX_PORT", but_not=set())


def test_storefront_and_admin_need_a_port_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_STOREFRONT_PORT", "8001")

    with pytest.raises(CliError, match=r"both to answer on port 8001. Set SHOP_STOREFRONT_PORT or SHOP_ADMIN_PORT"):
        preflight.check(load_settings())


def test_a_full_disk_is_said_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")(10**10, 10**10 - 42_000_000, 42_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    with pytest.raises(CliError, match=rf"Only 42 MB are free at {tmp_path}. Make room for 1 GB"):
        preflight.check(load_settings())


def test_a_database_that_does_not_answer_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_DATABASE_URL", "postgresql://shop:hush-hush@127.0.0.1:1/shop")

    with pytest.raises(
        CliError, match=r"^PostgreSQL at 127.0.0.1:1/?\S* does not answer .*SHOP_DATABASE_URL"
    ) as raised:
        check_database(load_settings())

    assert "hush" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_redis_that_does_not_answer_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_REDIS_URL", "redis://:hush-hush@127.0.0.1:1/0")

    with pytest.raises(CliError, match=r"^Redis at 127.0.0.1:1 does not answer .*SHOP_REDIS_URL") as raised:
        check_redis(load_settings())

    assert "hush" not in str(raised.value)


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_ADMIN_PORT", "eight")
    monkeypatch.setenv("SHOP_DATABASE_URL", "mysql://shop:hush-hush@localhost/shop")

    with pytest.raises(
        CliError, match=r"SHOP_DATABASE_URL: It must start with postgresql://; SHOP_ADMIN_PORT: "
    ) as raised:
        load_settings()

    assert "hush" not in str(raised.value)


def test_a_child_reads_the_very_settings_of_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_STRIPE_SECRET_KEY", "sk_test_1")
    monkeypatch.setenv("SHOP_STRIPE_WEBHOOK_SECRET", "whsec_1")
    settings = load_settings(keep_secrets=True, smtp_host="127.0.0.1", gateways=("demo", "stripe"))
    environment = child_environment(settings)
    for name, value in environment.items():
        if name.startswith("SHOP_"):
            monkeypatch.setenv(name, value)

    assert Settings() == settings  # type: ignore[call-arg]
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert load_settings().secret_key == settings.secret_key


def test_cookies_are_secure_where_the_storefront_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load_settings().secure_cookies

    monkeypatch.setenv("SHOP_STOREFRONT_URL", "https://shop.example/")

    assert load_settings().secure_cookies
    assert load_settings().storefront_url == "https://shop.example"
