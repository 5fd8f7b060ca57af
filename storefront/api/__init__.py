"""The shop as programs use it: `/api/v1`, by the same commands and queries as the pages."""

from flask import Flask

from storefront.api import (
    access,
    account,
    cart,
    catalogue,
    checkout,
    credentials,
    orders,
    privacy,
    registration,
    tokens,
)
from storefront.api.table import api

PARTS = (access, catalogue, cart, checkout, orders, tokens, registration, account, credentials, privacy)
"""Importing one adds its operations to the table."""


def init_api(app: Flask) -> None:
    """Give an app the operations, the contract and its page."""
    app.extensions["api_keys"] = tokens.KnownKeys()
    app.register_blueprint(api.bp)
