"""A browser: what it calls itself, in words that its owner knows it by, and whether it has been here before."""

import re
import secrets

from flask import Response, request

from web.settings import shop_settings

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
"""Looked for in this order: most browsers name others too."""
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
           ("Macintosh", "Mac"), ("Linux", "Linux"))  # fmt: skip


def device_words(agent: str) -> str:
    """Say in a few words which browser on which system this is: “Firefox on Windows”."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "A browser")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return f"{browser} on {system}" if system else browser


KNOWN_FOR = 400 * 24 * 3600
"""Seconds that a browser is known again: the longest that browsers keep a cookie."""


def own_device() -> str:
    """Return the secret by which this browser is known again at its next sign-in, or a new one."""
    held = request.cookies.get(_cookie(), "")
    return held if re.fullmatch(r"[\w-]{32}", held) else secrets.token_urlsafe(24)


def keep_device(response: Response, device: str) -> None:
    """Have a browser keep its secret; it opens nothing, and only spares its owner a letter."""
    secure = shop_settings().secure_cookies
    response.set_cookie(_cookie(), device, max_age=KNOWN_FOR, secure=secure, httponly=True, samesite="Lax")


def _cookie() -> str:
    return "__Host-device" if shop_settings().secure_cookies else "device"
