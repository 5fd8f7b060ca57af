"""A program that uses the storefront's API; every answer it gets is held against the contract."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from tests.examples import sent_as
from tests.storefront.conftest import Goods


@dataclass
class Phone:
    """Somebody's phone: it has no cookies, and keeps what the API hands it in `headers`."""

    client: FlaskClient
    contract: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask for something."""
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Have something made or done."""
        return self.call("POST", path, body, **headers)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Call an operation and check that its answer is as the contract says."""
        named = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.open(f"/api/v1{path}", method=method, headers=named, **sent_as(body))
        self.check(method, answer)
        return answer

    def check(self, method: str, answer: TestResponse) -> None:
        """Hold an answer against the contract."""
        adapter = self.client.application.url_map.bind("localhost")
        endpoint, _ = adapter.match(answer.request.path, method=method)
        found = next(
            operation
            for methods in self.contract["paths"].values()
            for operation in methods.values()
            if f"api.{operation['operationId']}" == endpoint
        )
        told = found["responses"].get(str(answer.status_code), found["responses"]["default"])
        assert "Set-Cookie" not in answer.headers
        if answer.status_code in (204, 304):
            assert answer.data == b""
            return
        schema = told["content"][answer.mimetype]["schema"]
        whole = schema | {"components": self.contract["components"]}
        errors = [
            f"{error.json_path}: {error.message}" for error in Draft202012Validator(whole).iter_errors(answer.json)
        ]
        assert errors == [], f"{method} {answer.request.path}"


@pytest.fixture
def phone(goods: Goods, new_client: Callable[[], FlaskClient]) -> Phone:
    """A phone in front of the shelves."""
    client = new_client()
    return Phone(client, client.get("/api/v1/openapi.json").json)
