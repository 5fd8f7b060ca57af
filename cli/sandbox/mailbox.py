"""The mailbox pages: every mail the shop sent, as its reader would see it."""

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from cli.sandbox import mails
from cli.sandbox.mails import Mail
from cli.sandbox.store import Store

# A mail styles itself and opens its links in the whole window; it runs nothing and fetches nothing but pictures.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-top-navigation-by-user-activation"
)


def blueprint(store: Store) -> Blueprint:
    """Make the pages; they only read."""
    bp = Blueprint("mailbox", __name__)

    @bp.get("/mailbox")
    def index() -> str:
        to = request.args.get("to", "").strip() or None
        return render_template("mailbox/index.html", mails=mails.mailbox(store, to=to), to=to)

    @bp.get("/mailbox.json")
    def as_json() -> Response:
        to = request.args.get("to", "").strip() or None
        return jsonify([mail.to_json() for mail in mails.mailbox(store, to=to, whole=True)])

    @bp.get("/mailbox/<int:mail_id>")
    def show(mail_id: int) -> str:
        return render_template("mailbox/mail.html", mail=_found(store, mail_id))

    @bp.get("/mailbox/<int:mail_id>/html")
    def html(mail_id: int) -> ResponseReturnValue:
        mail = _found(store, mail_id)
        response = make_response(mail.html.replace("<head>", '<head><base target="_top">', 1))
        response.headers["Content-Security-Policy"] = MAIL_POLICY
        return response

    return bp


def _found(store: Store, mail_id: int) -> Mail:
    mail = mails.read(store, mail_id)
    if mail is None:
        abort(404)
    return mail
