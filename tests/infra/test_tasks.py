"""What Terraform gives the tasks is what the app reads, and a shop starts with it."""

import re
from pathlib import Path

import pytest

from domain.shared.settings import Settings
from domain.shared.telemetry import EVERY_FIGURE

INFRA = Path(__file__).resolve().parents[2] / "infra"
SERVICES = (INFRA / "services.tf").read_text()
GIVEN = re.findall(r"^ +(SHOP_\w+) += (.+)$", SERVICES, re.MULTILINE)

PLAIN = re.compile(r'"([^"$]*)"(?: #.*)?')


def test_every_setting_of_a_task_is_one_that_the_app_reads() -> None:
    names = {name for name, _ in GIVEN}

    assert {"SHOP_DATABASE_REPLICA_URL", "SHOP_DRAIN_SECONDS", "SHOP_MEDIA_BUCKET", "SHOP_MEDIA_URL"} <= names
    assert {name.removeprefix("SHOP_").lower() for name in names} <= Settings.model_fields.keys()


def test_a_shop_starts_with_what_a_task_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    like = {
        "SHOP_DATABASE_URL": "postgresql://shop:word@database/shop", "SHOP_REDIS_URL": "rediss://:word@cache:6379/0",
        "SHOP_DATABASE_REPLICA_URL": "", "SHOP_SECRET_KEY": "k" * 64, "SHOP_DATABASE_POOL_SIZE": "4",
        "SHOP_GATEWAYS": "demo", "SHOP_DEMO_GATEWAY_SECRET": "d" * 48, "SHOP_MAIL_FROM": "Shop <hello@shop.example>",
    }  # fmt: skip
    monkeypatch.setenv("SHOP_DEMO_GATEWAY_SECRET", like["SHOP_DEMO_GATEWAY_SECRET"])
    for name, value in GIVEN:
        plain = PLAIN.fullmatch(value)
        made = "https://shop.example" if name.endswith("_URL") else "named-by-aws"
        monkeypatch.setenv(name, like.get(name, plain[1] if plain else made))

    settings = Settings()  # type: ignore[call-arg]  # the environment gives them

    assert (settings.drain_seconds, settings.trusted_hops, settings.page_cache) == (15, 2, True)
    assert (settings.media_url, settings.event_bus) == ("https://shop.example", "named-by-aws")
    assert settings.secure_cookies


def test_alarms_look_for_figures_where_the_collector_puts_them() -> None:
    named = re.search(r"figures = \{ (\w+) = \"(\w+)\" \}", (INFRA / "telemetry.tf").read_text())

    assert named is not None
    assert {named[1]: named[2]} == EVERY_FIGURE
