"""The sandbox's web app: the demo gateway and the mailbox side by side."""

from flask import Flask, Response, render_template, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from cli.sandbox import api, faults, letters, mailbox, pages
from cli.sandbox.store import Store
from domain.shared.settings import Settings


def create_app(settings: Settings, store: Store) -> Flask:
    """Make the app on a store; the gateway is part of it where the settings have a secret for it."""
    app = Flask(__name__)
    app.jinja_env.undefined = StrictUndefined
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    app.jinja_env.globals["shop_name"] = settings.name
    app.jinja_env.globals["storefront_url"] = settings.storefront_url

    if settings.demo_gateway_secret is not None:
        secret = settings.demo_gateway_secret.get_secret_value()
        app.register_blueprint(api.blueprint(store, secret=secret, base_url=settings.sandbox_url))
        app.register_blueprint(faults.blueprint(store.faults, secret=secret))
        app.register_blueprint(pages.blueprint(store, locale=settings.locale))
    app.register_blueprint(mailbox.blueprint(store))
    app.register_blueprint(letters.blueprint(settings))

    @app.get("/")
    def index() -> str:
        return render_template("index.html")

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> tuple[str, int]:
        return render_template("error.html", error=error), error.code or 500

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'",
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response

    return app
