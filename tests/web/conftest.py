"""An app of a few routes, made the way both real ones are."""

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from jinja2 import DictLoader
from pydantic import SecretStr
from sqlalchemy import text

from domain.shared.errors import Conflict, NotFound, RuleBroken
from domain.shared.settings import Settings
from web.app import make_app
from web.cache import public, revalidated
from web.csrf import csrf_exempt
from web.db import session
from web.headers import keep_address_private
from web.htmx import partials, wants_partial

TEMPLATES = {
    "errors/error.html": "<h1>{{ title }}</h1><p>{{ message }} {{ reference or '' }}</p><a href='{{ back }}'>Back</a>",
    "_one.html": '<section class="a" id="one">{{ name }}</section>',
    "_two.html": '<p id="two">{{ name }}</p>',
    "_none.html": "<p>{{ name }}</p>",
}


@pytest.fixture
def unreachable() -> Settings:
    """Settings that lead to no database and no Redis at all."""
    return Settings(
        database_url="postgresql://nobody@127.0.0.1:1/none",
        redis_url="redis://127.0.0.1:1/0",
        secret_key=SecretStr("a secret for tests only"),
        demo_gateway_secret=SecretStr("a gateway secret for tests only"),
    )


def make(settings: Settings) -> Flask:
    """Make the app of a few routes."""
    app = make_app("tests.web", settings=settings, form_actions=("https://pay.test",))
    app.jinja_loader = DictLoader(TEMPLATES)

    @app.get("/page")
    @public(partial=True)
    def page() -> str:
        return "part" if wants_partial() else "the whole page"

    @app.get("/mine")
    def mine() -> str:
        return "mine"

    @app.get("/poll")
    def poll() -> Response:
        return revalidated(Response("same"))

    @app.get("/keyed")
    def keyed() -> str:
        keep_address_private()
        return "keyed"

    @app.post("/act")
    def act() -> str:
        return f"done with {len(request.form)}"

    @app.post("/webhooks/act")
    @csrf_exempt
    def hook() -> str:
        return "taken"

    @app.get("/partials")
    def parts() -> Response:
        return partials("_one.html", "_two.html", name="<Mug>", announce="Two & two")

    @app.get("/rootless")
    def rootless() -> Response:
        return partials("_none.html", name="x")

    @app.get("/<any(api, pages):kind>/fail/<what>")
    def fail(kind: str, what: str) -> str:
        errors = {
            "missing": NotFound("There is no such mug."),
            "rule": RuleBroken("At most 20."),
            "conflict": Conflict("Somebody was faster."),
            "bug": ZeroDivisionError("secret detail"),
        }
        raise errors[what]

    @app.get("/<any(api, pages):kind>/database")
    def database(kind: str) -> str:
        return str(session().scalar(text("SELECT 1")))

    return app


@pytest.fixture
def client(unreachable: Settings) -> FlaskClient:
    """A client of the app of a few routes, without a database."""
    return make(unreachable).test_client()
