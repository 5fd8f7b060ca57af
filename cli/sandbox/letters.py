"""Every letter and text message of the shop on one page, as their readers would get them."""

from flask import Blueprint, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from cli.sandbox.mailbox import MAIL_POLICY
from domain.notifications.adapters.templates import Letter, render, render_sms
from domain.notifications.samples import LETTERS, TEXTS
from domain.shared.settings import Settings


def blueprint(settings: Settings) -> Blueprint:
    """Make the pages; they only read."""
    bp = Blueprint("letters", __name__)

    def letter(name: str) -> Letter:
        if name not in LETTERS:
            abort(404)
        return render(name, LETTERS[name], settings, to="aoife@example.com")

    @bp.get("/letters")
    def index() -> str:
        letters = [(name, letter(name)) for name in LETTERS]
        texts = [(name, render_sms(name, context, settings)) for name, context in TEXTS.items()]
        return render_template("letters/index.html", letters=letters, texts=texts)

    @bp.get("/letters/<name>")
    def show(name: str) -> str:
        return render_template("letters/letter.html", name=name, letter=letter(name))

    @bp.get("/letters/<name>/html")
    def html(name: str) -> ResponseReturnValue:
        response = make_response(letter(name).html)
        response.headers["Content-Security-Policy"] = MAIL_POLICY
        return response

    return bp
