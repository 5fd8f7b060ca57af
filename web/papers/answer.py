"""Sending a paper to a browser."""

from flask import Response

from domain.orders.queries.papers import PaperView, SlipView
from domain.shared.settings import Settings
from web.papers.draw import draw_paper, draw_slip


def answer_paper(view: PaperView, settings: Settings) -> Response:
    """Answer with an invoice or a credit note."""
    return _pdf(draw_paper(view, settings), view.code)


def answer_slip(view: SlipView, settings: Settings) -> Response:
    """Answer with a packing slip."""
    return _pdf(draw_slip(view, settings), f"slip-{view.order_number}")


def _pdf(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
