"""Letting go of an app: its server marks that it is going, and every answer passes that on."""

import os

from flask import Flask, Response

MARK = "CORNERSHOP_DRAINING"
"""The variable that names the file whose presence says so; all processes of a server see it at once."""


def init_drain(app: Flask) -> None:
    """Have answers ask for their connection to be closed once the server is going."""
    if MARK in os.environ:
        app.after_request(_let_go)


def is_draining() -> bool:
    """Say whether this server is going, so that nobody should send it anything new."""
    mark = os.environ.get(MARK)
    return mark is not None and os.path.exists(mark)


def _let_go(response: Response) -> Response:
    if is_draining():
        response.headers["Connection"] = "close"
    return response
