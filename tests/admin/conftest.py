"""Staff who are signed in, on a database of real commits."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from domain.shared.db import Sessions, transaction
from domain.shared.settings import Settings
from tests.factories.users import PASSWORD, make_staff

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from redis import Redis

StaffClient = Callable[..., "FlaskClient"]


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
