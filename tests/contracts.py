"""Holding an API against its contract with made-up requests, good ones and bad ones, by schemathesis.

A few for each operation in the suite; `SHOP_TEST_API_EXAMPLES=500 ./shop test tests/storefront/api/test_contract.py
tests/admin/test_api.py` looks longer.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode

# A rule of the shop is no matter of types: what fits the models may still be refused in words, or come too often.
REFUSED = [400, 401, 403, 404, 405, 406, 409, 412, 414, 415, 422, 428, 429]
CONFIG = schemathesis.Config.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409, 412, 422, 429]},
            "negative_data_rejection": {"expected-statuses": REFUSED},
        }
    }
)
EXAMPLES = int(os.environ.get("SHOP_TEST_API_EXAMPLES", "6"))


def attack(app: Flask, sign_in: Callable[[], Mapping[str, str]]) -> int:
    """Call every operation with made-up requests, as whoever `sign_in` returns the headers of; return how many.

    Each operation has a sign-in of its own, since some of them end it.
    """
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=CONFIG)
    operations = [result.ok() for result in schema.get_all_operations()]
    for operation in operations:
        _attack_one(operation, dict(sign_in()))
    return len(operations)


def _attack_one(operation: Any, headers: dict[str, str]) -> None:
    modes = [GenerationMode.POSITIVE]
    if operation.body or operation.query:  # without either there is nothing that can be sent wrong
        modes.append(GenerationMode.NEGATIVE)
    for mode in modes:
        strategy = operation.as_strategy(generation_mode=mode)

        @settings(
            max_examples=EXAMPLES, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(strategy)
        def call(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers)

        call()


def check_examples(contract: Mapping[str, object]) -> None:
    """Hold every example of a contract against the model that it is an example of."""
    for path, methods in contract["paths"].items():  # type: ignore[attr-defined]
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body is None:
                continue
            assert "example" in body, f"{method} {path} has no example"
            whole = body["schema"] | {"components": contract["components"]}
            Draft202012Validator(whole).validate(body["example"])
