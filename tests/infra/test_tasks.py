"""What Terraform gives the tasks is what the app reads, and a shop starts with it."""

import json
import re
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis import Redis

from cli.processes import ROLES
from domain.shared.db import Sessions
from domain.shared.settings import Settings
from domain.shared.telemetry import EVERY_FIGURE
from workers.schedule import SCHEDULE, Task, Tools

INFRA = Path(__file__).resolve().parents[2] / "infra"
SERVICES = (INFRA / "services.tf").read_text()
SECRETS = (INFRA / "secrets.tf").read_text()
READERS = {
    name: json.loads(parts) for name, parts in re.findall(r"^    (SHOP_\w+) += (\[.+\])$", SECRETS, re.MULTILINE)
}
"""Which containers read which secret."""

HANDLE_ORDERS = json.loads(re.findall(r"handle_orders = (\[.+\])", SECRETS)[0])
INSTEAD = dict(re.findall(r'^    (SHOP_\w+) += "([^"]+)"$', SECRETS, re.MULTILINE))
GIVEN = [*re.findall(r"^ +(SHOP_\w+) += (.+)$", SERVICES, re.MULTILINE), *((name, "") for name in READERS)]

PLAIN = re.compile(r'"([^"$]*)"(?: #.*)?')


def test_every_setting_of_a_task_is_one_that_the_app_reads() -> None:
    names = {name for name, _ in GIVEN}

    assert {"SHOP_DATABASE_REPLICA_URL", "SHOP_DRAIN_SECONDS", "SHOP_MEDIA_BUCKET", "SHOP_MEDIA_URL"} <= names
    assert {name.removeprefix("SHOP_").lower() for name in names} <= Settings.model_fields.keys()


LIKE = {
    "SHOP_DATABASE_URL": "postgresql://shop:word@database/shop?sslmode=verify-full",
    "SHOP_REDIS_URL": "rediss://:word@cache:6379/0",
    "SHOP_DATABASE_REPLICA_URL": "postgresql://shop:word@replica/shop", "SHOP_SECRET_KEY": "k" * 64,
    "SHOP_DATABASE_POOL_SIZE": "4", "SHOP_GATEWAYS": "demo", "SHOP_DEMO_GATEWAY_SECRET": "d" * 48,
    "SHOP_MAIL_FROM": "Shop <hello@shop.example>", "SHOP_SMTP_PASSWORD": "p" * 20,
}  # fmt: skip
"""What has its own form; the rest is an address or any word."""


def started(part: str, monkeypatch: pytest.MonkeyPatch, **chosen: str) -> Settings:
    """Return the settings of a container that is given what Terraform gives it, as services.tf and secrets.tf say."""
    for name, value in GIVEN:
        plain = PLAIN.fullmatch(value)
        made = "https://shop.example" if name.endswith("_URL") else "named-by-aws"
        monkeypatch.setenv(name, LIKE.get(name, plain[1] if plain else made))
    for name, value in chosen.items():
        monkeypatch.setenv(name, value)
    for name in {*READERS, *chosen} - {"SHOP_GATEWAYS"}:
        if part not in READERS.get(name, HANDLE_ORDERS):
            monkeypatch.delenv(name)
            if name in INSTEAD:
                monkeypatch.setenv(name, INSTEAD[name])
    if part not in HANDLE_ORDERS:
        monkeypatch.setenv("SHOP_GATEWAYS", "demo" if part == "sandbox" else ",")
    return Settings()  # type: ignore[call-arg]  # the environment gives them


def test_a_shop_starts_with_what_a_task_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = started("storefront", monkeypatch)

    assert (settings.drain_seconds, settings.trusted_hops, settings.page_cache) == (15, 2, True)
    assert (settings.media_url, settings.event_bus) == ("https://shop.example", "named-by-aws")
    assert settings.secure_cookies
    assert settings.database_replica_url is not None


@pytest.mark.parametrize("part", [*ROLES, "migrate"])
@pytest.mark.parametrize("gateways", ["demo", "stripe", "demo,stripe"])
def test_each_part_starts_with_its_own_secrets_alone(part: str, gateways: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stripe = {"SHOP_STRIPE_SECRET_KEY": "sk", "SHOP_STRIPE_WEBHOOK_SECRET": "wh"} if "stripe" in gateways else {}
    settings = started(part, monkeypatch, SHOP_GATEWAYS=gateways, **stripe)

    if part in HANDLE_ORDERS:
        assert settings.gateways == tuple(gateways.split(","))
    else:
        assert settings.gateways == (("demo",) if part == "sandbox" else ())
        assert settings.stripe_secret_key is None
    words = {"SHOP_DATABASE_URL": settings.database_url, "SHOP_SECRET_KEY": settings.secret_key.get_secret_value()}
    for name, word in words.items():
        assert ("none" in word or "nothing" in word) == (part not in READERS[name]), name
    assert (settings.redis_url is not None) == (part in READERS["SHOP_REDIS_URL"])
    assert (settings.smtp_password is not None) == (part == "worker")


def test_every_secret_of_the_shop_has_its_readers_and_every_reader_is_a_part() -> None:
    hidden = {f"SHOP_{name.upper()}" for name, field in Settings.model_fields.items() if "SecretStr" in str(field)}
    addresses = {"SHOP_DATABASE_URL", "SHOP_DATABASE_REPLICA_URL", "SHOP_REDIS_URL"}  # with passwords in them

    for_orders = {"SHOP_STRIPE_SECRET_KEY", "SHOP_STRIPE_WEBHOOK_SECRET"}  # as whatever stands in no list
    assert {*READERS, *for_orders} == hidden | addresses
    assert {part for parts in READERS.values() for part in parts} == {*ROLES, "migrate"}
    assert set(INSTEAD) == {"SHOP_DATABASE_URL", "SHOP_SECRET_KEY"}


class Unread(SecretStr):
    """A secret that is not there: whoever reads it fails."""

    def __init__(self) -> None:
        super().__init__("")

    def get_secret_value(self) -> str:
        raise AssertionError("read, though Terraform does not give it")


@pytest.mark.parametrize("task", SCHEDULE, ids=lambda task: task.name)
def test_the_scheduler_does_without_the_key_of_links_and_the_mail_servers_password(
    task: Task, settings: Settings, sessions: Sessions, redis: Redis
) -> None:
    without = settings.model_copy(update={"secret_key": Unread(), "smtp_password": Unread()})

    assert task.run(Tools(without, sessions, redis)) >= 0


def test_alarms_look_for_figures_where_the_collector_puts_them() -> None:
    named = re.search(r"figures = \{ (\w+) = \"(\w+)\" \}", (INFRA / "telemetry.tf").read_text())

    assert named is not None
    assert {named[1]: named[2]} == EVERY_FIGURE
