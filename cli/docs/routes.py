"""docs/routes.md: every address of both apps, its methods and who may use it."""

from collections.abc import Callable

from flask import Flask
from pydantic import SecretStr

from domain.shared.settings import Settings

HEAD = """# Routes

Generated from both apps by `./shop docs`; do not edit by hand.

What changes something answers to POST only, refuses requests that another site's page sent, and redirects with 303.
"""


def both_apps() -> tuple[Flask, Flask]:
    """Make the storefront and the admin to be asked for their maps: nothing is connected to."""
    from admin import create_app as create_admin
    from storefront import create_app as create_storefront

    settings = Settings(
        database_url="postgresql://nobody@localhost/nothing",
        secret_key=SecretStr("nothing is signed with this"),
        demo_gateway_secret=SecretStr("nothing is signed with this"),
    )
    return create_storefront(settings=settings), create_admin(settings=settings)


def routes() -> str:
    """Write one table per app."""
    from admin.access import EVERYBODY, STAFF, permission_of
    from storefront.access import ACCESS

    storefront, admin = both_apps()

    def in_admin(endpoint: str) -> str:
        needed = permission_of(admin, endpoint)
        return {None: "nobody", EVERYBODY: "everybody", STAFF: "any member of staff"}.get(needed, f"`{needed}`")

    return HEAD + _table("Storefront", storefront, lambda name: ACCESS[name].value) + _table("Admin", admin, in_admin)


def _table(title: str, app: Flask, who: Callable[[str], str]) -> str:
    lines = [f"\n## {title}\n", "| address | methods | name | who |", "|---|---|---|---|"]
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        lines.append(f"| `{rule.rule}` | {methods} | {rule.endpoint} | {who(rule.endpoint)} |")
    return "\n".join(lines) + "\n"
