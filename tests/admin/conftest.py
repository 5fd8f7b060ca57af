"""Staff who are signed in, on a database of real commits."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask

from domain.shared.db import Sessions, transaction
from domain.shared.settings import Settings
from tests.factories.users import PASSWORD, make_staff

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from redis import Redis
    from werkzeug.test import TestResponse

StaffClient = Callable[..., "FlaskClient"]


def version_of(page: str, action: str) -> str:
    """Return the version that the form with this action was made from; nothing where it knows none."""
    start = page.index(f'action="{action}"')
    found = re.search(r'name="version"[^>]* value="([^"]*)"', page[start : page.index("</form>", start)])
    return found[1] if found else ""


def send(client: "FlaskClient", path: str, data: Mapping[str, Any], page: str = "", **more: Any) -> "TestResponse":
    """Open the page of a form, by default at the form's own address, and send the form with other answers."""
    version = version_of(client.get(page or path).text, path)
    return client.post(path, data={**data, "version": version}, **more)


@pytest.fixture
def app(settings: Settings, sessions: Sessions, redis: "Redis") -> Flask:
    """The admin on this run's database and Redis."""
    from admin import create_app

    return create_app(settings=settings, sessions=sessions, redis=redis)


@pytest.fixture
def staff(app: Flask, sessions: Sessions) -> StaffClient:
    """Make a client that is signed in with a role: `staff("orders")`."""

    def sign_in(role: str = "owner", name: str = "") -> "FlaskClient":
        name = name or role.capitalize()
        email = f"{name.lower()}@shop.test"
        with transaction(sessions) as tx:
            make_staff(tx, email=email, name=name, role=role)
        client = app.test_client()
        response = client.post("/sign-in", data={"email": email, "password": PASSWORD})
        assert (response.status_code, response.location) == (303, "/"), response.text
        return client

    return sign_in
