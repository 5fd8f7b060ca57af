"""docs/settings.md: every environment variable the store reads."""

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from domain.shared.settings import ROOT, Settings

HEAD = """# Settings

Generated from `domain/shared/settings.py` by `./shop docs`; do not edit by hand.

The store reads its settings from the environment when it starts. `./shop up` makes the ones it can make itself: with
neither `SHOP_DATABASE_URL` nor `SHOP_REDIS_URL` it runs a PostgreSQL and a Redis of its own.

Any of them can be given by the name of a file that holds it, as Docker, Kubernetes and systemd hand secrets over:
`SHOP_SECRET_KEY_FILE` in the place of `SHOP_SECRET_KEY`.

| variable | type | default |
|---|---|---|
"""


def settings_table() -> str:
    """Write one row per field of the settings class."""
    rows = []
    for name, field in Settings.model_fields.items():
        rows.append(f"| `SHOP_{name.upper()}` | {_kind(field.annotation)} | {_default(field)} |")
    return HEAD + "\n".join(rows) + "\n"


def _kind(annotation: object) -> str:
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    plain = {"SecretStr": "secret", "str": "text", "int": "number", "bool": "yes or no", "Path": "path"}
    for code, word in plain.items():
        if code in text:
            return "words, comma-separated" if "tuple" in text else word
    return text


def _default(field: object) -> str:
    default = getattr(field, "default", PydanticUndefined)
    if default is PydanticUndefined:
        return "follows from other settings" if getattr(field, "default_factory", None) else "required"
    if default is None or isinstance(default, SecretStr):
        return "none"
    if isinstance(default, tuple):
        return f"`{','.join(default)}`" if default else "none"
    if str(default).startswith(str(ROOT)):
        return f"`{str(default).removeprefix(str(ROOT)).lstrip('/')}` in the checkout"
    return f"`{default}`"
