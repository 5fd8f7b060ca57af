"""The security headers on every answer."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

from flask import Flask, Response, g

FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get",
    "screen-wake-lock", "usb", "xr-spatial-tracking",
)  # fmt: skip


def init_headers(app: Flask, *, secure: bool, form_actions: tuple[str, ...] = (), pictures: str | None = None) -> None:
    """Set the headers of an app.

    `form_actions` are the origins that a form's answer may redirect to, `pictures` the one that pictures come from
    where that is not the shop's own.
    """
    policy = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            " ".join(("img-src 'self' data:", *filter(None, (pictures,)))),
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            " ".join(("form-action 'self'", *form_actions)),
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )
    fixed = [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Permissions-Policy", ", ".join(f"{feature}=()" for feature in FEATURES)),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
    if secure:
        fixed.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))

    referrer = "strict-origin-when-cross-origin"
    app.extensions["fixed_headers"] = [*fixed, ("Referrer-Policy", referrer)]

    def add(response: Response) -> Response:
        response.headers.extend(fixed)
        if "styles" in g:
            response.headers["Content-Security-Policy"] = policy.replace("style-src 'self'", f"style-src {g.styles}")
        response.headers["Referrer-Policy"] = g.get("referrer_policy", referrer)
        return response

    app.after_request(add)


def allow_styles_of(html: str) -> None:
    """Let this answer, a letter, use the styles that are written in it, each by its hash, and no others."""
    written = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    written += [unescape(value) for value in re.findall(r'\sstyle="([^"]*)"', html)]
    hashes = {f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" for style in written}
    g.styles = " ".join(["'unsafe-hashes'", *sorted(hashes)])


def keep_address_private() -> None:
    """Keep this page's address, which holds a key, from every other site.

    Not `no-referrer`: with it browsers send `Origin: null` with the page's own forms, and we could not know them.
    """
    g.referrer_policy = "same-origin"
