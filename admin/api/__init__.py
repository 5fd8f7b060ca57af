"""The admin as programs use it: `/api/v1`, with keys that reach as far as their scopes."""

from flask import Flask

from admin.api import access, inventory, orders, products, returns
from admin.api.table import api
from web.rates import API

PARTS = (access, products, inventory, orders, returns)
"""Importing one adds its operations to the table."""

RATES = {f"api.{operation.name}": API for operation in api.operations}
"""Every call counts against its key."""


def init_api(app: Flask) -> None:
    """Give an app the operations, the contract and its page."""
    app.register_blueprint(api.bp)
