"""Sending papers to a browser."""

from collections.abc import Sequence

from flask import Response, current_app

from domain.catalog.media import NoSuchFile, Storage
from domain.orders.queries.papers import PaperView, SlipView
from domain.shared.settings import Settings
from web.papers.draw import draw_papers, draw_slips


def answer_paper(view: PaperView, settings: Settings) -> Response:
    """Answer with an invoice or a credit note."""
    return _pdf(draw_papers([view], settings, _logo(settings)), view.code)


def answer_papers(views: Sequence[PaperView], settings: Settings) -> Response:
    """Answer with many papers as one file."""
    return _pdf(draw_papers(views, settings, _logo(settings)), "invoices")


def answer_slip(view: SlipView, settings: Settings) -> Response:
    """Answer with a packing slip."""
    return _pdf(draw_slips([view], settings, _logo(settings)), f"slip-{view.order_number}")


def answer_slips(views: Sequence[SlipView], settings: Settings) -> Response:
    """Answer with many packing slips as one file."""
    return _pdf(draw_slips(views, settings, _logo(settings)), "slips")


def _logo(settings: Settings) -> bytes | None:
    """Return the logo as a PNG; a shop without one, or whose file is gone, is known by its name."""
    storage: Storage = current_app.extensions["storage"]
    if settings.logo is None:
        return None
    try:
        with storage.open(settings.logo.light.png) as file:
            return file.read()
    except NoSuchFile:
        return None


def _pdf(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
