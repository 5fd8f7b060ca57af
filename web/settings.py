"""The shop's settings, as an app's views read them: what the environment says, and over it what the owner decides."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from domain.shared.preferences import LEGAL, Preferences, preferences
from domain.shared.settings import Settings
from web.filters import Words
from web.here import asked

FRESH = 20
"""For how many seconds a process goes by what the owner decided before it looks again."""
UNCHANGING = frozenset({"static", "media", "healthz", "readyz"})
"""Endpoints that show nothing of the settings."""

log = structlog.get_logger("web")


@dataclass
class Followed:
    """The owner's decisions as this process last read them; `apply` is called with the settings when they change."""

    base: Settings
    apply: Callable[[Settings, Preferences], None]
    present: Preferences = field(default_factory=lambda: Preferences({}))
    read_at: float = float("-inf")

    def look(self) -> None:
        """Read them again if it is time; without a database the last ones hold."""
        now = time.monotonic()
        if now - self.read_at <= FRESH:
            return
        self.read_at = now  # noted before reading: while one request reads, the others go by what there is
        try:
            # Not the request's own session: that may be one that reads from a replica.
            with current_app.extensions["read_sessions"]() as reading:
                found = preferences(reading)
        except SQLAlchemyError as error:
            log.warning("preferences not read", reason=type(error).__name__)
            return
        if found != self.present:
            self.present = found
            self.apply(found.over(self.base), found)

    def forget(self) -> None:
        """Have them read again by the next request."""
        self.read_at = float("-inf")


def init_settings(app: Flask, settings: Settings, words: Words) -> None:
    """Have an app, and the words its templates write with, go by the owner's decisions."""

    def use(found: Settings, said: Preferences) -> None:
        app.config["SHOP"] = found
        words.use(found)
        words.say({page: LEGAL[page] for page in said.legal}, open=said.open)

    followed = Followed(settings, use)
    app.extensions["preferences"] = followed

    @app.before_request
    def follow() -> None:
        endpoint = asked().endpoint
        if endpoint is not None and endpoint not in UNCHANGING:
            followed.look()


def shop_settings() -> Settings:
    """Return the settings that are in force."""
    found: Settings = current_app.config["SHOP"]
    return found


def shop_preferences() -> Preferences:
    """Return what the owner has decided."""
    followed: Followed = current_app.extensions["preferences"]
    return followed.present


def base_settings() -> Settings:
    """Return what the environment says, without the owner's decisions."""
    followed: Followed = current_app.extensions["preferences"]
    return followed.base


def look_again() -> None:
    """Have this process read the owner's decisions again, as after a change of them."""
    followed: Followed = current_app.extensions["preferences"]
    followed.forget()
