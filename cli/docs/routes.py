"""docs/routes.md: every address of both apps, its methods and who may use it."""

from flask import Flask

from domain.shared.settings import Settings

HEAD = """# Routes

Generated from both apps by `./shop docs`; do not edit by hand.

Addresses that change something answer to POST only, refuse requests that another site sent, and redirect with 303.
"""


def routes() -> str:
    """Write one table per app."""
    from admin import create_app as create_admin
    from admin.access import who as who_admin
    from storefront import create_app as create_storefront
    from storefront.access import who as who_storefront

    settings = Settings.model_construct(**_names_only())
    return (
        HEAD
        + _table("Storefront", create_storefront(settings=settings), who_storefront)
        + _table("Admin", create_admin(settings=settings), who_admin)
    )
