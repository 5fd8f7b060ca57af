"""The security headers on every answer."""

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import unescape
from typing import Any

from flask import Flask, Response, after_this_request, current_app

POLICY, REFERRER = "Content-Security-Policy", "Referrer-Policy"
"""The two of which some answers have their own."""

FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get",
    "screen-wake-lock", "usb", "xr-spatial-tracking",
)  # fmt: skip


def init_headers(app: Flask, *, secure: bool, form_actions: tuple[str, ...] = (), pictures: str | None = None) -> None:
    """Put the headers on every answer of an app, outside of Flask, whose way to add a header checks it anew each time.

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
        (POLICY, policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Permissions-Policy", ", ".join(f"{feature}=()" for feature in FEATURES)),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
    if secure:
        fixed.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))

    fixed.append((REFERRER, "strict-origin-when-cross-origin"))
    app.extensions["fixed_headers"] = fixed
    inner = app.wsgi_app

    def guarded(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *trouble: Any) -> Any:
            own = {name for name, _ in headers if name in (POLICY, REFERRER)}
            more = [pair for pair in fixed if pair[0] not in own] if own else fixed
            return start_response(status, [*headers, *more], *trouble)

        return inner(environ, begin)

    app.wsgi_app = guarded  # type: ignore[method-assign]


def allow_styles_of(html: str) -> None:
    """Let this answer, a letter, use the styles that are written in it, each by its hash, and no others."""
    written = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    written += [unescape(value) for value in re.findall(r'\sstyle="([^"]*)"', html)]
    hashes = {f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" for style in written}
    policy = dict(current_app.extensions["fixed_headers"])[POLICY]
    styles = " ".join(["style-src 'unsafe-hashes'", *sorted(hashes)])
    _say(POLICY, policy.replace("style-src 'self'", styles))


def keep_address_private() -> None:
    """Keep this page's address, which holds a key, from every other site.

    Not `no-referrer`: with it browsers send `Origin: null` with the page's own forms, and we could not know them.
    """
    _say(REFERRER, "same-origin")


def _say(name: str, value: str) -> None:
    """Have this answer say something of its own, whatever becomes of it."""

    @after_this_request
    def say(response: Response) -> Response:
        response.headers[name] = value
        return response
