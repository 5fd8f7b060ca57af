"""Examples of an API that cannot be stale: a walk through every operation sends the contract's own examples.

On its way it sees that every edit takes If-Match, and that every POST is done once however often it is sent, and is
refused when its Idempotency-Key comes again with another body.

What comes back is the example of the answer, with what differs from day to day written in the same way always. It
stands in the app's `examples.json`, from which the contract takes it. After a change this writes it anew:
`SHOP_TEST_WRITE_EXAMPLES=1 ./shop test tests/storefront/api/test_examples.py tests/admin/test_api_examples.py`
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from web.api import Api

WRITE = "SHOP_TEST_WRITE_EXAMPLES" in os.environ
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SAME = (
    (re.compile(r'(?<=")\d{4}-\d\d-\d\dT[\d:.]+\+00:00(?=")'), "2026-01-31T12:00:00+00:00"),
    (re.compile(r'(?<=")\d{4}-\d\d-\d\d(?=")'), "2026-02-03"),
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+"), "eyJhbGciOiJFZERTQSJ9.eyJhdWQiOiJhcGkifQ.c2lnbmF0dXJl"),
    (re.compile(r"CS-\w{4}-\w{4}"), "CS-7K2M-9QXA"),
    (re.compile(r'(?<="refresh_token": "0192f0c1-7d5b-7000-8000-0000000000\d\d\.)[\w-]+'), "secret"),
    (re.compile(r'(?<="secret": ")[A-Z2-7]{32}(?=")'), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
    (re.compile(r"(?<=secret=)[A-Z2-7]{32}"), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
    (re.compile(r'(?<=")[2-9a-z]{5}-[2-9a-z]{5}(?=")'), "7k2m9-qxa4t"),
    (re.compile(r'(?<="key": ")[\w-]{20,}'), "the-key-to-this-order-and-no-other"),
    (re.compile(r'(?<="next": ")[\w-]+'), "W3RydWUsMTcwMF0"),
    (re.compile(r'(?<="x": ")[\w-]+'), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIuaPcHURo"),
)


def sent_as(body: Any) -> dict[str, Any]:
    """Say how a body goes out: bytes as they are."""
    return {"data": body, "content_type": "application/json"} if isinstance(body, bytes) else {"json": body}


def _otherwise(body: Any) -> bytes:
    """Write a body in other bytes; where none is wanted, send one."""
    return json.dumps(body or {}, indent=1).encode() + b" "


class Walk:
    """A walk through the operations of an API; it remembers the first answer of each."""

    def __init__(self, api: Api, contract: Mapping[str, Any], send: Callable[..., TestResponse]) -> None:
        self.api, self.send = api, send
        self.operations = {
            operation["operationId"]: (method.upper(), path.removeprefix("/api/v1"), operation)
            for path, methods in contract["paths"].items()
            for method, operation in methods.items()
        }
        self.contract = contract
        self.answers: dict[str, Any] = {}

    def __call__(self, name: str, *, path: Mapping[str, str] | None = None, query: str = "",
                 put: Callable[[Any], None] = lambda body: None, **headers: str) -> Any:  # fmt: skip
        """Call an operation with its own example; `put` writes into it the ids that are of this very walk."""
        method, address, operation = self.operations[name]
        sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
        body = json.loads(json.dumps(sent))
        put(body)
        whole, named = address.format(**path or {}) + query, {one["name"] for one in operation["parameters"]}
        if "If-Match" in named:
            self._is_of_what_was_seen(name, method, whole, body, headers)
            headers["If-Match"] = "*"
        assert ("Idempotency-Key" in named) == (method == "POST"), name
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        answer = self.send(method, whole, body, **headers)
        good = {status for status in operation["responses"] if status.startswith("2")}
        assert {str(answer.status_code)} == good, f"{name}: {answer.text}"
        if method == "POST":
            self._is_replayed(name, answer, self.send(method, whole, body, **headers))
            self._is_not_another(name, answer, self.send(method, whole, _otherwise(body), **headers))
        found = answer.json if answer.data else None
        self.answers.setdefault(name, found)
        return found

    def _is_of_what_was_seen(self, name: str, method: str, path: str, body: Any, headers: Mapping[str, str]) -> None:
        """See that an edit is refused which does not say of what it is, or is of something else."""
        assert self.send(method, path, body, **headers).status_code == 428, name
        assert self.send(method, path, body, **headers, **{"If-Match": '"other"'}).status_code == 412, name

    def _is_replayed(self, name: str, first: TestResponse, again: TestResponse) -> None:
        """See that a repeat gets the first answer, but for a caller whom the first one ended."""
        if again.status_code == 401 and first.status_code == 204:
            return
        assert (again.status_code, again.data) == (first.status_code, first.data), name
        assert again.headers["Idempotency-Replayed"] == "true", name

    def _is_not_another(self, name: str, first: TestResponse, other: TestResponse) -> None:
        """See that the key of a request opens nothing for another one."""
        if other.status_code == 401 and first.status_code == 204:
            return
        assert (other.status_code, other.json["type"]) == (422, "/api/v1/docs#key-reused"), name

    def ends(self) -> None:
        """See that every operation was called, and that the contract holds these very answers as its examples."""
        assert self.operations.keys() - self.answers.keys() == set()
        found = {name: answer for name, answer in self.answers.items() if answer is not None}
        written = json.dumps(found, indent=1, ensure_ascii=False)
        ids: dict[str, str] = {}
        written = UUID.sub(
            lambda one: ids.setdefault(one.group(), f"0192f0c1-7d5b-7000-8000-{len(ids) + 1:012}"), written
        )
        for pattern, word in SAME:
            written = pattern.sub(word, written)
        if WRITE:
            self.api.examples.write_text(written + "\n")
            return
        assert written + "\n" == self.api.examples.read_text()  # to the order of the fields, which the ETag is made of
        for name, answer in json.loads(written).items():
            _, _, operation = self.operations[name]
            status = next(status for status in operation["responses"] if status.startswith("2"))
            content = operation["responses"][status]["content"]["application/json"]
            assert content["example"] == answer, name
            Draft202012Validator(content["schema"] | {"components": self.contract["components"]}).validate(answer)
