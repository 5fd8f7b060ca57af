"""The shop's settings, as the views of an app read them."""

from flask import current_app

from domain.shared.settings import Settings


def shop_settings() -> Settings:
    """Return the settings that this app was made with."""
    found: Settings = current_app.config["SHOP"]
    return found
