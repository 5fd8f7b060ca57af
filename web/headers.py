"""The security headers on every answer."""

from flask import Flask, Response, g

FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get",
    "screen-wake-lock", "usb", "xr-spatial-tracking",
)  # fmt: skip


def init_headers(app: Flask, *, secure: bool, form_actions: tuple[str, ...] = ()) -> None:
    """Set the headers of an app; `form_actions` are the origins that a form's answer may redirect to."""
    policy = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
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

    def add(response: Response) -> Response:
        response.headers.extend(fixed)
        response.headers["Referrer-Policy"] = g.get("referrer_policy", "strict-origin-when-cross-origin")
        return response

    app.after_request(add)


def keep_address_private() -> None:
    """Keep this page's address, which holds a key, from every other site.

    Not `no-referrer`: with it browsers send `Origin: null` with the page's own forms, and we could not know them.
    """
    g.referrer_policy = "same-origin"
