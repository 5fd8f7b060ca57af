"""From the environment to settings, and from settings back to the environment of a child."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from cli.embedded import postgres, redis
from cli.errors import CliError
from domain.shared.settings import ROOT, Settings

KEPT_SECRETS = ("secret_key", "demo_gateway_secret")


def load_settings(*, keep_secrets: bool = False, **fixed: Any) -> Settings:
    """Read the settings, with the embedded stack's own values where the environment names no other.

    A secret that the environment does not give is read from SHOP_VAR; with `keep_secrets` it is made and kept there.
    """
    var = Path(os.environ.get("SHOP_VAR") or ROOT / "var").expanduser().absolute()
    values: dict[str, Any] = {"var": var}
    if not _given("database_url"):
        values["database_url"] = postgres.url(var)
    if not _given("redis_url"):
        values["redis_url"] = redis.url(var)
    for name in KEPT_SECRETS:
        if not _given(name):
            values[name] = _secret(var / name, keep=keep_secrets)
    try:
        return Settings(**(values | fixed))
    except ValidationError as error:
        raise CliError(explain(error), "Correct it, or unset it for the default") from None
    except OSError as error:
        raise CliError(f"A file that SHOP_…_FILE names cannot be read: {error}", "Correct the path") from None


def is_embedded(settings: Settings) -> tuple[bool, bool]:
    """Say whether the database, and whether Redis, is the one this command runs itself."""
    return settings.database_url == postgres.url(settings.var), settings.redis_url == redis.url(settings.var)


def variable(field: str) -> str:
    """Return the environment variable that sets a field."""
    return f"SHOP_{field.upper()}"


def _given(field: str) -> bool:
    """Say whether the environment sets a field, itself or by the name of a file."""
    return bool(os.environ.get(variable(field)) or os.environ.get(f"{variable(field)}_FILE"))


def child_environment(settings: Settings, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for a child process, so that it reads exactly these settings."""
    environment = {key: value for key, value in (base or os.environ).items() if not key.startswith("GRANIAN_")}
    for field in Settings.model_fields:
        text = _text(getattr(settings, field))
        if text is None:
            environment.pop(variable(field), None)
        else:
            environment[variable(field)] = text
    environment["PYTHONPATH"] = str(ROOT)
    environment["PYTHONSAFEPATH"] = environment["PYTHONUNBUFFERED"] = "1"
    return environment


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value)


def _secret(path: Path, *, keep: bool) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    secret = secrets.token_urlsafe(48)
    if keep:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(secret)
    return secret


def explain(error: ValidationError) -> str:
    """Put what pydantic found into one line that names the variables, without their values."""
    found = []
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        if problem["type"] == "default_factory_not_called":
            continue
        why = "it is not set" if problem["type"] == "missing" else problem["msg"].removeprefix("Value error, ")
        found.append(f"{variable(str(problem['loc'][0]))}: {why}" if problem["loc"] else why)
    return "; ".join(found)
