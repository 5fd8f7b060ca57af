"""Settings come from the environment, and secrets from files that it names."""

import pytest
from pydantic import ValidationError

from domain.shared.settings import Settings

SECRET = "from a file that only we can read"  # noqa: S105


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    for name in ("SHOP_SECRET_KEY", "SHOP_DATABASE_URL", "SHOP_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHOP_GATEWAYS", "")
    monkeypatch.setenv("SHOP_DEMO_GATEWAY_SECRET", "a gateway secret for tests only")


def test_a_secret_is_read_from_the_file_that_the_environment_names(monkeypatch, tmp_path):
    for name, text in (("SECRET_KEY", SECRET), ("DATABASE_URL", "postgresql://shop:pw@db/shop")):
        path = tmp_path / name
        path.write_text(f"{text}\n")
        monkeypatch.setenv(f"SHOP_{name}_FILE", str(path))

    settings = Settings()

    assert settings.secret_key.get_secret_value() == SECRET
    assert settings.database_url == "postgresql+psycopg://shop:pw@db/shop"
    assert SECRET not in repr(settings)


def test_what_stands_in_the_environment_itself_comes_first(monkeypatch, tmp_path):
    path = tmp_path / "key"
    path.write_text(SECRET)
    monkeypatch.setenv("SHOP_SECRET_KEY_FILE", str(path))
    monkeypatch.setenv("SHOP_SECRET_KEY", "from the environment itself")
    monkeypatch.setenv("SHOP_DATABASE_URL", "postgresql://db/shop")

    assert Settings().secret_key.get_secret_value() == "from the environment itself"


def test_without_a_secret_nothing_starts(monkeypatch):
    monkeypatch.setenv("SHOP_DATABASE_URL", "postgresql://db/shop")

    with pytest.raises(ValidationError, match="secret_key"):
        Settings()


@pytest.mark.parametrize("rate", ["", "fast", "0 per minute", "10 per year", "10/minute; 5/second"])
def test_a_rate_is_so_many_per_second_minute_or_hour(rate):
    with pytest.raises(ValidationError, match="rate_write"):
        Settings(database_url="postgresql://db/shop", secret_key=SECRET, rate_write=rate)
